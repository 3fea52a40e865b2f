"""Ships sessions to one place: uploads, reads back, compares, and only then notes that they lie there.

A session goes as it grows, in pieces one after the other (`segments`): one of each file every so often, or at once
when much waits, and what is left when it is closed. Flows go before the evidence of them, so that a closing event there
speaks of nothing that is not. The salt never goes: with it anybody could try guesses of what a digest stands for, and
it is to be erasable. Signed tree heads go too, as `heads/TREE/OFFSET.jsonl`: anchors for the recordings here. What
fails is tried again, later each time; a process that dies goes on after the last piece.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from interlock.errors import InterlockError
from interlock.ports import Clock
from interlock.recording.chain import open_plain
from interlock.recording.delivery import Delivery
from interlock.recording.keys import KEY
from interlock.recording.ledger import HEADS, TREE
from interlock.recording.runs import session_folders
from interlock.recording.segments import cut, piece_name
from interlock.recording.session import EVIDENCE, FLOWS
from interlock.recording.ship_files import lies_there, same_whole, size_of, span, state_of
from interlock.recording.ship_removals import carry_out
from interlock.recording.ship_target import Objects
from interlock.recording.shipment import COPIED_HEADS, Shipments

__all__ = ["Passed", "Shipper"]

_log = logging.getLogger("interlock")
_MAX_HEADS: Final = 4 << 20
_MAX_FAILURES: Final = 3
_HEADS_EVERY: Final = 600.0
_LOOK_EVERY: Final = 600.0
"""How often what was shipped is compared with what is here: a late reply may have woken a closed session."""

_MUCH: Final = 8 << 20
"""So many bytes of a session that is open are not kept waiting."""

_SPARED: Final = 200
"""Sessions that are all there of which a pass finds out whether they are closed, and need no look for a while."""

_FIRST_PAUSE: Final = 5.0
_LONGEST_PAUSE: Final = 600.0


class _Differs(OSError):
    """A session here is not the one that lies there: no fault of the place."""


@dataclass(frozen=True, slots=True)
class Passed:
    """What one pass did: sessions of which something was shipped or removed, how many wait, and what failed."""

    shipped: int = 0
    removed: int = 0
    waiting: int = 0
    failed: str = ""


class Shipper:
    """Ships to one place, which `opens` opens for each pass that has something for it (secrets are read anew).

    `every` is how long, in seconds, what a session that is open recorded waits at most. Used from one event loop that
    does nothing else: it reads files.
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
        every: float = 300.0,
    ) -> None:
        self._folder = Path(folder)
        self._shipments = shipments
        self._delivery = Delivery(opens)
        self._clock = clock
        self._names = ((KEY,) if keys else ()) + ((FLOWS,) if flows else ()) + (EVIDENCE,)
        self._every = every
        self._since: dict[str, float] = {}
        self._settled, self._spared = set[str](), _SPARED
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
        shipped, removed, waiting, failures, failed, told = 0, 0, 0, 0, "", ""
        try:
            removed = await carry_out(self._shipments, self._delivery, stop) if limit else 0
            whole = now or self._clock.monotonic() - self._looked >= _LOOK_EVERY
            for name in self._here():
                if stop() or (name in self._settled and not whole) or not self._due(name, now=now, whole=whole):
                    continue
                if shipped >= limit:
                    waiting += 1
                    continue
                try:
                    await self._session(name)
                    shipped += 1
                except _Differs as error:
                    told, waiting = _words(error), waiting + 1
                    _log.warning("Interlock ships no more of %s: %s", name, told)
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
        await self._delivery.let_go()
        self._back_off(failed)
        return Passed(shipped, removed, waiting, failed or told)

    def has(self, name: str) -> bool:
        """Whether a session lies there as it is here, by the digests of what was read back."""
        return lies_there(self._folder, self._shipments, name, self._names)

    def close(self) -> None:
        """Gives the ledger back."""
        self._shipments.close()

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

    def _here(self) -> list[str]:
        names, self._spared = session_folders(self._folder), _SPARED
        here = frozenset(names)
        self._settled &= here
        self._since = {name: since for name, since in self._since.items() if name in here}
        return names

    def _due(self, name: str, *, now: bool, whole: bool) -> bool:
        """Whether something of a session is to go now, as far as sizes tell; of its key when `whole`, its bytes."""
        waits = sum(
            abs(size - self._shipments.end(name, file))
            for file in self._names
            if (size := size_of(self._folder / name / file)) is not None
        )
        if not waits and not (whole and self._key_changed(name)):
            self._since.pop(name, None)
            if name not in self._settled and self._spared > 0:
                self._spared -= 1
                if self._state(name) == "closed":
                    self._settled.add(name)
            return False
        state, clock = self._state(name), self._clock.monotonic()
        early = now or waits >= _MUCH or clock - self._since.setdefault(name, clock) >= self._every
        return state == "closed" or (early and bool(state))

    def _state(self, name: str) -> str:
        return state_of(self._folder / name / EVIDENCE)

    def _key_changed(self, name: str) -> bool:
        """Wrapped anew, a key has as many bytes as before."""
        path, sent = self._folder / name / KEY, self._shipments.pieces(name, KEY)
        return KEY in self._names and path.exists() and not same_whole(path, sent)

    async def _session(self, name: str) -> None:
        evidence = self._folder / name / EVIDENCE
        written = size_of(evidence)  # asked first: flows come before what is said of them
        sizes = {file: size_of(self._folder / name / file) for file in self._names} | {EVIDENCE: written}
        final = self._state(name) == "closed" and size_of(evidence) == written
        for file, size in sizes.items():
            if size is not None:
                await self._file(name, file, size, final)
        self._since.pop(name, None)
        if final:
            self._settled.add(name)

    async def _file(self, name: str, file: str, size: int, final: bool) -> None:
        """What of it does not lie there yet, each piece noted once it was read back there."""
        start = self._shipments.end(name, file)
        if file == KEY and self._key_changed(name):
            start = 0
        if start == size:
            return
        if start > size:
            self._settled.add(name)  # looked at again later
            raise _Differs(f"{name}/{file} is shorter here than what was shipped of it")
        try:
            opened = open_plain(self._folder / name / file)
        except FileNotFoundError:  # it was erased meanwhile
            return
        with opened:
            os.fsync(opened.fileno())  # nothing lies there that this machine could still lose
            while start < size and (end := cut(opened, file, start, size, final=final)) > start:
                short = piece_name(file, start)
                self._shipments.note(name, [await self._delivery.bring(name, short, opened, start, end)])
                start = end

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
                        sent = await self._delivery.bring(name, short, file, start, start + size)
                        self._shipments.note(name, [sent])


def _words(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)
