"""Group commit: what was written reaches the disk in a thread of its own, many requests by one sync.

An append writes at once and says so with `touch`; who has to know that it is on the disk awaits `durable`. The
thread gathers what came within a moment and syncs each file once. A failed sync fails everybody who waits for that
file, and marks its chain as doubtful: after a failed sync the system may have dropped what it could not write, so
nothing since the last good sync counts as kept, and the chain reads it back from the disk before it goes on.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from interlock.recording.chain import Chain
from interlock.recording.disk import sync

__all__ = ["Committer"]

_GATHER_SECONDS = 0.001
_LONGEST_SYNC = 5.0
_TOGETHER = 4
"""Syncs at once: file systems write several files' metadata in one go."""

type _Waiter = asyncio.Future[None]


@dataclass(slots=True, eq=False)
class _Entry:
    """One file to be synced: its own handle, how far it went, the paths that are new with it, and who waits."""

    chain: Chain
    fd: int
    mark: tuple[int, str, int]
    paths: tuple[Path, ...]
    waiters: list[_Waiter] = field(default_factory=list)
    error: OSError | None = None


class Committer:
    """Used from one thread (the event loop); the syncs happen in another, started with the first of them."""

    def __init__(self, *, gather: float = _GATHER_SECONDS) -> None:
        self._gather = gather
        self._changed = threading.Condition()
        self._pending: dict[Chain, _Entry] = {}
        self._flying: dict[Chain, _Entry] = {}
        self._thread: threading.Thread | None = None
        self._waiting = 0
        self._crowd = 0
        self._closing = False

    def touch(self, chain: Chain) -> None:
        """Something was appended; it will be synced soon. Raises OSError when nobody can see to that."""
        with self._changed:
            entry = self._pending.get(chain)
            if entry is None:
                if self._closing:
                    raise OSError("the recordings are closed")
                entry = _Entry(chain, chain.handle(), chain.end, chain.fresh)
                self._pending[chain] = entry
                self._start()
                self._changed.notify_all()
            entry.mark = chain.end

    async def durable(self, chain: Chain) -> None:
        """Waits until everything appended to the chain so far is on the disk. Raises OSError when it is not."""
        with self._changed:
            entry = self._pending.get(chain) or self._flying.get(chain)
            if entry is None:
                if chain.doubtful or chain.kept[0] < chain.seq:
                    raise OSError("the evidence could not be synced")
                return
            waiter: _Waiter = asyncio.get_running_loop().create_future()
            entry.waiters.append(waiter)
            self._waiting += 1
            if self._waiting == self._crowd:
                self._changed.notify_all()
        await waiter

    @staticmethod
    def sync(path: Path, seconds: float = _LONGEST_SYNC) -> bool:
        """Whether a file that is complete is on the disk; waits at most so long."""
        found: list[OSError | None] = []
        thread = threading.Thread(target=lambda: found.append(_sync_path(path)), daemon=True)
        try:
            thread.start()
        except RuntimeError:
            return False
        thread.join(seconds)
        return found == [None]

    def close(self, seconds: float) -> bool:
        """Syncs what is left, for at most so long. Says whether everything is on the disk."""
        ends = time.monotonic() + seconds
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(max(0.0, ends - time.monotonic()))
        return not self._pending and not self._flying

    def _start(self) -> None:
        if self._thread is None:
            thread = threading.Thread(target=self._run, name="interlock-commit", daemon=True)
            try:
                thread.start()
            except RuntimeError as error:
                raise OSError("no thread to sync the evidence with") from error
            self._thread = thread

    def _run(self) -> None:
        with ThreadPoolExecutor(_TOGETHER, "interlock-sync") as pool:
            while entries := self._next():
                try:
                    self._sync(entries, pool)
                except Exception:  # whatever it was: nothing of this is known to be on the disk, and nobody hangs
                    for entry in entries:
                        entry.error, entry.chain.doubtful = OSError("the sync failed"), True
                with self._changed:
                    self._flying = {}
                _tell(entries)

    def _next(self) -> list[_Entry]:
        """What is to be synced next; nothing when the end has come."""
        with self._changed:
            self._changed.wait_for(lambda: self._pending or self._closing)
            if self._crowd > 1:  # several came together the last time: they may do so again
                self._changed.wait_for(lambda: self._waiting >= self._crowd or self._closing, self._gather)
            self._flying, self._pending = self._pending, {}
            self._crowd, self._waiting = self._waiting, 0
            return list(self._flying.values())

    @staticmethod
    def _sync(entries: list[_Entry], pool: ThreadPoolExecutor) -> None:
        """New names first: an event counts when its file can be found again."""
        paths = dict.fromkeys(path for entry in entries for path in entry.paths)
        broken = {path: error for path, error in _each(_sync_path, paths, pool) if error is not None}
        for entry, error in _each(_sync_entry, entries, pool):
            missing = next((broken[path] for path in entry.paths if path in broken), None)
            entry.error = error or missing
            if entry.error is not None:
                entry.chain.doubtful = True
            else:
                entry.chain.keep(entry.mark, entry.paths)


def _each[T](work: object, items: Iterable[T], pool: ThreadPoolExecutor) -> Iterator[tuple[T, OSError | None]]:
    found = list(items)
    results = map(work, found) if len(found) < 2 else pool.map(work, found)  # type: ignore[call-overload, arg-type]
    return zip(found, results, strict=True)


def _sync_path(path: Path) -> OSError | None:
    try:
        sync(path)
    except OSError as error:
        return error
    return None


def _sync_entry(entry: _Entry) -> OSError | None:
    try:
        if entry.chain.doubtful:
            return OSError("a sync of this file has failed before")
        os.fsync(entry.fd)
    except OSError as error:
        return error
    finally:
        os.close(entry.fd)
    return None


def _tell(entries: list[_Entry]) -> None:
    """Wakes those who wait; a loop that has ended needs to know nothing."""
    loops = {waiter.get_loop() for entry in entries for waiter in entry.waiters}
    for loop in loops:
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle, [e for e in entries if e.waiters])


def _settle(entries: list[_Entry]) -> None:
    for entry in entries:
        for waiter in entry.waiters:
            if waiter.done():
                continue
            if entry.error is None:
                waiter.set_result(None)
            else:
                waiter.set_exception(OSError("the evidence could not be synced"))
