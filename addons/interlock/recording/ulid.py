"""Names of session folders: ULIDs made by the gateway, in order of time, never chosen by a client.

48 bits of milliseconds and 80 random bits in Crockford's base 32. Two made in one millisecond, or while the clock
goes back, still sort in the order they were made.
"""

from __future__ import annotations

import re
import secrets

from interlock.ports import Clock

__all__ = ["ULID", "Ulids", "is_ulid"]

ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM = 80
_LAST = (1 << 128) - 1


def is_ulid(text: str) -> bool:
    """Whether a text is a ULID as we write them: the only names that become part of a path."""
    return ULID.fullmatch(text) is not None


class Ulids:
    """Makes ULIDs, each greater than the one before."""

    __slots__ = ("_clock", "_last")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def new(self) -> str:
        """The next one: 26 characters."""
        milliseconds = max(0, int(self._clock.now() * 1000)) & ((1 << 48) - 1)
        value = milliseconds << _RANDOM | secrets.randbits(_RANDOM)
        if value >> _RANDOM <= self._last >> _RANDOM:
            value = self._last + 1 + secrets.randbits(32)
        self._last = value = min(value, _LAST)
        return "".join(_ALPHABET[value >> shift & 31] for shift in range(125, -1, -5))
