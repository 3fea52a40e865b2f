"""Whether the clock can be believed when recordings are to be deleted by their age: one wrong date deletes all of them.

A clock that was put forward by more than an hour since this began is not believed for a day of the machine's own
counting, nor one that stands more than a month after the newest recording when this begins: time enough to see it.
How much of that last day is over is kept, so that a gateway that is started anew each night gets through it; only what
was counted is, and only where the clock stands within a day of where it stood then.
"""

from __future__ import annotations

import json
import logging
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

from interlock.ports import Clock
from interlock.recording.chain import open_plain
from interlock.recording.deletion import DELETING
from interlock.recording.disk import replace_file
from interlock.recording.event import seconds
from interlock.recording.keyring import Keyring
from interlock.recording.reading import summarise
from interlock.recording.runs import session_folders

__all__ = ["WAITED", "Steady"]

WAITED: Final = f"{DELETING}/waited"
"""Where it is kept, among the recordings. Whoever can write there can delete them as well."""

_log = logging.getLogger("interlock")
_JUMP: Final = 3600.0
_DAY: Final = 86400.0
_SILENCE: Final = 30 * _DAY
_LONGEST: Final = 200


class Steady:
    """One process's clock. `newest` is when the newest recording ended, in seconds since the epoch (0: not known).

    `kept` is the file that says how much of the day of waiting is over; without one, each start begins it anew.
    """

    def __init__(self, clock: Clock, newest: float = 0.0, kept: Path | None = None) -> None:
        self._clock = clock
        self._wall, self._counted = clock.now(), clock.monotonic()
        silent = bool(newest) and self._wall - newest > _SILENCE
        self._kept = kept if silent else None
        self._from = self._counted + (_DAY - _waited(self._kept, self._wall) if silent else 0.0)
        self._told = False

    @classmethod
    def since(cls, folder: Path, clock: Clock, keys: Keyring | None = None) -> Self:
        """By the newest session of a recordings folder. Raises OSError."""
        names = session_folders(folder)
        newest = seconds(summarise(folder / names[-1], keys).ended) if names else 0.0
        return cls(clock, newest, folder / WAITED)

    def believed(self) -> bool:
        """Whether it went on as it should, and for a day now where it did not; that is said once in the log."""
        wall, counted = self._clock.now(), self._clock.monotonic()
        drift = (wall - self._wall) - (counted - self._counted)
        self._wall, self._counted = wall, counted
        if drift > _JUMP:
            self._from = counted + _DAY
        self._keep(wall, _DAY - max(0.0, self._from - counted))
        fine = counted >= self._from
        if not fine and not self._told:
            _log.warning(
                "Interlock deletes no recordings for a day: the clock was put forward, or nothing was recorded"
            )
        self._told = not fine
        return fine

    def _keep(self, wall: float, waited: float) -> None:
        """For the next start. Where it cannot be written, that one waits for longer."""
        if self._kept is not None:
            with suppress(OSError):
                self._kept.parent.mkdir(mode=0o700, exist_ok=True)
                replace_file(self._kept, json.dumps({"at": wall, "waited": waited}).encode())


def _waited(kept: Path | None, wall: float) -> float:
    """Seconds of the day of waiting that are over; 0 when the clock went another way meanwhile, or nobody can tell."""
    if kept is None:
        return 0.0
    try:
        with open_plain(kept) as file:
            said = json.loads(file.read(_LONGEST))
        at, waited = float(said["at"]), float(said["waited"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError, OverflowError):
        return 0.0
    return waited if 0.0 <= waited <= _DAY and -_JUMP <= wall - at <= _DAY else 0.0
