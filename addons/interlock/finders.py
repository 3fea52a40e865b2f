"""Who is asked for the keys of encrypted recordings, once something encrypted is met: light, so that naming one costs
a command nothing.
"""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["ask_finders", "find_with"]

_finders: list[Callable[[], None]] = []


def find_with(finder: Callable[[], None]) -> None:
    """Have this called once, before a reader first asks for a key; it raises nothing."""
    _finders.append(finder)


def ask_finders() -> None:
    """Calls whoever waits to be asked, each once."""
    while _finders:
        _finders.pop()()
