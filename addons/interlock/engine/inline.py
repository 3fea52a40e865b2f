"""Commands understood where nothing may wait: at once, or not at all.

Answers are judged on the event loop, between the pieces of a stream, so whatever one of them costs is taken from
every other agent. Each answer has a time to spend that fills up again as it goes on.
"""

from __future__ import annotations

from collections.abc import Callable

from interlock import commands
from interlock.model import JSON, Access, Operation

__all__ = ["Inline", "analyse_inline"]

_AT_ONCE = 0.5
"""Seconds of analysis that an answer may cost in one go."""
_SHARE = 0.25
"""What it may cost for every second that it lasts."""


def analyse_inline(
    text: str, language: str, dialect: str = "", *, place: str = "", agent: bool = False
) -> tuple[Operation, ...]:
    """`commands.analyse` where nothing may wait: a text too large for that is not understood."""
    if commands.heavy(text, language):
        return (_too_large(text, language, place, agent),)
    return commands.analyse(text, language, dialect, place=place, agent=agent)


class Inline:
    """`analyse_inline` for one answer. When its time is spent, what follows is not understood; never raises.

    `monotonic` gives seconds on a clock that never goes back.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._left = _AT_ONCE
        self._last = monotonic()

    def __call__(
        self, text: str, language: str, dialect: str = "", *, place: str = "", agent: bool = False
    ) -> tuple[Operation, ...]:
        """The operations in `text`, as `interlock.ports.Analyse` says."""
        started = self._monotonic()
        self._left = min(_AT_ONCE, self._left + (started - self._last) * _SHARE)
        if self._left <= 0:
            self._last = started
            return (_too_large(text, language, place, agent),)
        found = analyse_inline(text, language, dialect, place=place, agent=agent)
        self._last = self._monotonic()
        self._left -= self._last - started
        return found


def _too_large(text: str, language: str, place: str, agent: bool) -> Operation:
    flags: list[JSON] = ["not-understood", "too-large"]
    return Operation(language, "unknown", "", Access.UNKNOWN, {"flags": flags}, text=text, place=place, agent=agent)
