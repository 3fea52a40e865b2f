"""Whether the clock can be believed when recordings are to be deleted by their age: one wrong date deletes all of them.

A clock that was put forward by more than an hour since this began is not believed for a day of the machine's own
counting, nor one that stands more than a month after the newest recording when this begins: time enough to see it.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final, Self

from interlock.ports import Clock
from interlock.recording.event import seconds
from interlock.recording.keyring import Keyring
from interlock.recording.reading import summarise
from interlock.recording.runs import session_folders

__all__ = ["Steady"]

_log = logging.getLogger("interlock")
_JUMP: Final = 3600.0
_DAY: Final = 86400.0
_SILENCE: Final = 30 * _DAY


class Steady:
    """One process's clock. `newest` is when the newest recording ended, in seconds since the epoch (0: not known)."""

    def __init__(self, clock: Clock, newest: float = 0.0) -> None:
        self._clock = clock
        self._wall, self._counted = clock.now(), clock.monotonic()
        silent = bool(newest) and self._wall - newest > _SILENCE
        self._from = self._counted + _DAY if silent else self._counted
        self._told = False

    @classmethod
    def since(cls, folder: Path, clock: Clock, keys: Keyring | None = None) -> Self:
        """By the newest session of a recordings folder. Raises OSError."""
        names = session_folders(folder)
        return cls(clock, seconds(summarise(folder / names[-1], keys).ended) if names else 0.0)

    def believed(self) -> bool:
        """Whether it went on as it should, and for a day now where it did not; that is said once in the log."""
        wall, counted = self._clock.now(), self._clock.monotonic()
        drift = (wall - self._wall) - (counted - self._counted)
        self._wall, self._counted = wall, counted
        if drift > _JUMP:
            self._from = counted + _DAY
        fine = counted >= self._from
        if not fine and not self._told:
            _log.warning(
                "Interlock deletes no recordings for a day: the clock was put forward, or nothing was recorded"
            )
        self._told = not fine
        return fine
