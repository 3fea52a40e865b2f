"""How much refused requests may write: whoever is told no, over and over, does not fill the disk with it.

Within a window so many refusals of a session are written in full, and so many bytes of them; those beyond are counted
by reason, operation and rule, and a `repeated` event says how many there were.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from interlock.errors import Refused
from interlock.model import JSON

if TYPE_CHECKING:
    from interlock.recording.session import Session

__all__ = ["Denials"]

_MAX_KINDS = 64
_MAX_WORD = 256
_OTHERS = ("", "", "")


class Denials:
    """The refusals of one session."""

    __slots__ = ("_bytes", "_counts", "_firsts", "_last", "_since", "_writes")

    def __init__(self) -> None:
        self._since = float("-inf")
        self._writes = 0
        self._bytes = 0
        self._last = ""
        self._firsts: dict[tuple[str, str, str], str] = {}
        self._counts: dict[tuple[str, str, str], int] = {}

    def add(self, session: Session, data: Mapping[str, JSON], now: float) -> tuple[str, bool]:
        """Writes a refusal's `decision`, or counts it: its reference (of an equal one), and whether it was written.

        `now` is monotonic, in seconds. Raises Refused as `Session.append`.
        """
        limits = session.limits
        if now - self._since >= limits.refusal_window:
            self.tell(session)
            self._since, self._writes, self._bytes = now, 0, 0
            self._firsts.clear()
        kind = _word(data.get("reason")), _word(data.get("operation")), _word(data.get("rule"))
        new = kind not in self._firsts and kind not in self._counts
        if new and len(self._firsts) + len(self._counts) >= _MAX_KINDS:
            kind = _OTHERS
        if self._writes >= limits.denied_writes or self._bytes >= limits.denied_bytes:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            return self._firsts.get(kind, self._last), False
        before = session.size
        reference = self._last = session.append("decision", data)
        self._writes += 1
        self._bytes += session.size - before
        self._firsts.setdefault(kind, reference)
        return reference, True

    def tell(self, session: Session) -> None:
        """Writes down what was only counted. Raises Refused, and remembers it then."""
        if not self._counts:
            return
        told: list[JSON] = [
            {
                "count": count,
                "first": self._firsts.get(kind, ""),
                "operation": kind[1],
                "reason": kind[0],
                "rule": kind[2],
            }
            for kind, count in self._counts.items()
        ]
        session.note("repeated", {"refusals": told})
        self._counts.clear()

    def end(self, session: Session) -> None:
        """The session is being closed: the same, and never raises."""
        try:
            self.tell(session)
        except Refused:
            return


def _word(value: JSON) -> str:
    return value[:_MAX_WORD] if isinstance(value, str) else ""
