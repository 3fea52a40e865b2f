"""Ships closed sessions to one place: uploads, reads back, compares, and only then notes that they lie there.

The evidence goes last, so a session that has it there is whole. The salt never goes: with it anybody could try guesses
of what a digest stands for, and it is to be erasable. Signed tree heads go too, as `heads/TREE/OFFSET.jsonl`: anchors
for the recordings here. What fails is tried again, later each time; a process that dies loses nothing but time.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from interlock.errors import InterlockError
from interlock.ports import Clock
from interlock.recording.chain import open_plain
from interlock.recording.keys import KEY
from interlock.recording.ledger import HEADS, TREE
from interlock.recording.reading import summarise
from interlock.recording.runs import session_folders
from interlock.recording.session import EVIDENCE, FLOWS, SALT
from interlock.recording.ship_files import chunks, lies_there, size_of, span
from interlock.recording.ship_target import Objects
from interlock.recording.shipment import COPIED_HEADS, Sent, Shipments, removals

__all__ = ["Passed", "Shipper"]

_log = logging.getLogger("interlock")
_MAX_HEADS: Final = 4 << 20
_MAX_FAILURES: Final = 3
_HEADS_EVERY: Final = 600.0
_LOOK_EVERY: Final = 600.0
"""How often what was shipped is compared with what is here: a late reply may have woken a closed session."""

_FIRST_PAUSE: Final = 5.0
_LONGEST_PAUSE: Final = 600.0
_ORDERED: Final = {"flows": (FLOWS,), "salt": (SALT,), "key": (KEY,)}


@dataclass(frozen=True, slots=True)
class Passed:
    """What one pass did: sessions shipped and removed, how many still wait, and what failed (empty: nothing)."""

    shipped: int = 0
    removed: int = 0
    waiting: int = 0
    failed: str = ""


class Shipper:
    """Ships to one place, which `opens` opens for each pass that has something for it (secrets are read anew).

    Used from one event loop that does nothing else: it reads files.
    """

    def __init__(
        self,
        folder: Path,
        shipments: Shipments,
        opens: Callable[[], Objects],
        clock: Clock,
        *,
        flows: bool = True,
        keys: bool = False,
    ) -> None:
        self._folder = Path(folder)
        self._shipments = shipments
        self._opens = opens
        self._opened: Objects | None = None
        self._clock = clock
        self._names = ((FLOWS,) if flows else ()) + ((KEY,) if keys else ()) + (EVIDENCE,)
        self._pause = 0.0
        self._next = 0.0
        self._headed = -_HEADS_EVERY
        self._looked = -_LOOK_EVERY

    async def run(self, limit: int, stop: Callable[[], bool] = lambda: False, *, now: bool = False) -> Passed:
        """One pass over what waits, at most so many sessions. Never raises: what failed is said, and tried later.

        Before its time it does nothing, unless `now` is asked for; of no sessions at all, it only counts what waits.
        """
        if not now and self._clock.monotonic() < self._next:
            return Passed()
        shipped, removed, waiting, failures, failed = 0, 0, 0, 0, ""
        try:
            removed = await self._remove(stop) if limit else 0
            whole = now or self._clock.monotonic() - self._looked >= _LOOK_EVERY
            for name in session_folders(self._folder):
                if stop() or (not whole and self._shipments.sent(name)) or not self._due(name):
                    continue
                if shipped >= limit:
                    waiting += 1
                    continue
                try:
                    await self._session(name)
                    shipped += 1
                except (OSError, InterlockError) as error:  # one that cannot be read keeps no other from being shipped
                    failed, waiting, failures = _words(error), waiting + 1, failures + 1
                    if failures >= _MAX_FAILURES:
                        break
            self._looked = self._clock.monotonic() if whole else self._looked
            if limit and not failures and (now or shipped or self._clock.monotonic() - self._headed >= _HEADS_EVERY):
                await self._heads()
                self._headed = self._clock.monotonic()
        except (OSError, InterlockError) as error:
            failed = _words(error)
        await self._let_go()
        self._back_off(failed)
        return Passed(shipped, removed, waiting, failed)

    def has(self, name: str) -> bool:
        """Whether a session lies there as it is here, by the digests of what was read back."""
        return lies_there(self._folder, self._shipments, name, self._names)

    def close(self) -> None:
        """Gives the ledger back."""
        self._shipments.close()

    @property
    def _place(self) -> Objects:
        self._opened = self._opened or self._opens()
        return self._opened

    async def _let_go(self) -> None:
        place, self._opened = self._opened, None
        if place is not None:
            with suppress(OSError):
                await place.close()

    def _back_off(self, failed: str) -> None:
        if not failed:
            self._pause = 0.0
            return
        if not self._pause:
            _log.warning(
                "Interlock cannot ship recordings to %s (%s); it goes on trying", self._shipments.place, failed
            )
        self._pause = min(max(2 * self._pause, _FIRST_PAUSE), _LONGEST_PAUSE)
        self._next = self._clock.monotonic() + self._pause

    def _due(self, name: str) -> bool:
        """Whether a closed session is not there as it is here, as far as sizes tell."""
        sent = {entry.name: entry.bytes for entry in self._shipments.sent(name)}
        here = {file: size for file in self._names if (size := size_of(self._folder / name / file)) is not None}
        if not here or all(sent.get(file) == size for file, size in here.items()):
            return False
        return summarise(self._folder / name).state == "closed"

    async def _session(self, name: str) -> None:
        kept = {entry.name: entry for entry in self._shipments.sent(name)}
        for file in self._names:
            with suppress(FileNotFoundError):
                path = self._folder / name / file
                with open_plain(path) as opened:
                    kept[file] = await self._object(f"{name}/{file}", file, opened, os.fstat(opened.fileno()).st_size)
        self._shipments.note(name, tuple(kept.values()))

    async def _object(self, name: str, short: str, file: BinaryIO, size: int, start: int = 0) -> Sent:
        """Uploads so many bytes of a file and reads them back. Raises OSError when they are not the same."""
        digest = hashlib.sha256()
        await self._place.put(name, chunks(file, start, size, digest.update), size)
        there, count = hashlib.sha256(), 0
        async for piece in self._place.get(name):
            there.update(piece)
            count += len(piece)
        if (count, there.digest()) != (size, digest.digest()):
            raise OSError(f"{name} does not lie there as it was sent")
        return Sent(short, size, digest.hexdigest())

    async def _heads(self) -> None:
        """The heads that were signed since, as far as their lines are whole."""
        with suppress(FileNotFoundError):
            for tree in sorted((self._folder / TREE).iterdir()):
                with suppress(FileNotFoundError, NotADirectoryError), open_plain(tree / HEADS) as file:
                    name = f"{COPIED_HEADS}/{tree.name}"
                    start = sum(span(entry) for entry in self._shipments.sent(name))
                    lines = os.pread(file.fileno(), _MAX_HEADS, start)
                    size = lines.rfind(b"\n") + 1
                    if size:
                        short = f"{start:016d}.jsonl"
                        sent = await self._object(f"{name}/{short}", short, file, size, start)
                        self._shipments.note(name, (sent,))

    async def _remove(self, stop: Callable[[], bool]) -> int:
        count = 0
        for path, session, what in removals(self._shipments.folder):
            if stop():
                break
            lies = self._shipments.recall(session)
            goes = [entry for entry in lies if what == "session" or entry.name in _ORDERED[what]]
            for entry in goes:
                await self._place.delete(f"{session}/{entry.name}")
                if await self._exists(f"{session}/{entry.name}"):
                    raise OSError(f"{session}/{entry.name} was removed, and is still there")
            if goes:
                self._shipments.note(session, tuple(entry for entry in lies if entry not in goes), "removed")
            path.unlink(missing_ok=True)
            count += 1
        return count

    async def _exists(self, name: str) -> bool:
        try:
            async for _ in self._place.get(name):
                return True
        except FileNotFoundError:
            return False
        return True


def _words(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)
