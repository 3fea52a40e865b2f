"""Writes flow files in one background thread, so that a request never waits for them.

The queue is bounded by number and bytes. When it is nearly full, or the disk refuses, `healthy` is False and the
session refuses new events until it is writable again: nothing is dropped silently. What could not be kept is counted.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

from interlock.errors import Refused
from interlock.model import JSON
from interlock.reasons import Reason
from interlock.recording.flows import encode_flow
from interlock.recording.snapshot import FlowSnapshot

__all__ = ["FlowFile", "FlowWriter"]

_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
_RETRY_SECONDS = (0.05, 0.2, 1.0)
_GATHER_SECONDS = 0.05
_CHUNK = 1 << 20
_TOGETHER = 64


class FlowFile:
    """One session's flow file, and what was written to it. Written by the writer's thread alone.

    `seals` encrypts what is to be appended, given how many flows it is and where it will stand.
    """

    __slots__ = ("_digest", "_seals", "_so_far", "_torn", "count", "lost", "path", "pending", "size")

    def __init__(self, path: Path, seals: Callable[[bytes, int, int], bytes] | None = None) -> None:
        self.path = path
        self._seals = seals
        self.count = 0
        self.size = 0
        self.lost = 0
        self.pending = 0
        self._digest = hashlib.sha256()
        self._so_far = 0, hashlib.sha256()
        self._torn = False

    @property
    def written(self) -> tuple[int, str]:
        """Bytes and SHA-256 of what stands in the file, of one moment; for any thread."""
        size, digest = self._so_far
        return size, digest.hexdigest()

    def summary(self) -> dict[str, JSON]:
        """For the `closed` event: how many flows, bytes and their SHA-256; how many were lost or are still queued."""
        return {
            "bytes": self.size,
            "count": self.count,
            "lost": self.lost,
            "pending": self.pending,
            "sha256": self._digest.hexdigest(),
        }

    def write(self, data: bytes, flows: int = 1) -> None:
        """Appends encoded flows as a whole. Raises OSError; a part of them is taken back before the next try."""
        if self._seals is not None:
            data = self._seals(data, flows, self.size)
        fd = os.open(self.path, _FLAGS, 0o600)
        try:
            if self._torn:
                os.ftruncate(fd, self.size)
                self._torn = False
            view = memoryview(data)
            while view:
                self._torn = True
                view = view[os.write(fd, view[:_CHUNK]) :]
            self._torn = False
        finally:
            os.close(fd)
        self._digest.update(data)
        self.size += len(data)
        self._so_far = self.size, self._digest.copy()
        self.count += flows


type _Entry = tuple[FlowFile, FlowSnapshot]


class FlowWriter:
    """The one thread that writes flow files, started with the first flow."""

    def __init__(self, *, flows: int, weight: int) -> None:
        self._flows = flows
        self._weight = weight
        self._queue: deque[_Entry] = deque()
        self._load = 0
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closing = False
        self._deadline = 0.0
        self._failing = False
        self._settling = 0

    @property
    def healthy(self) -> bool:
        """Whether flows are being written and a quarter of the queue is still free."""
        return not self._failing and len(self._queue) * 4 <= self._flows * 3 and self._load * 4 <= self._weight * 3

    def submit(self, file: FlowFile, flow: FlowSnapshot) -> None:
        """Queues a flow. Raises Refused (RECORDING_UNAVAILABLE) when the queue is full or the writer closed."""
        with self._changed:
            if self._closing or len(self._queue) >= self._flows or self._load + flow.weight > self._weight:
                file.lost += 1
                raise Refused(Reason.RECORDING_UNAVAILABLE, "the queue of flows to be written is full")
            self._queue.append((file, flow))
            self._load += flow.weight
            file.pending += 1
            self._start()
            if len(self._queue) == 1 or len(self._queue) * 2 >= self._flows or self._load * 2 >= self._weight:
                self._changed.notify_all()

    def _start(self) -> None:
        if self._thread is None:
            thread = threading.Thread(target=self._run, name="interlock-flows", daemon=True)
            with suppress(RuntimeError):  # no thread to be had: the queue fills, and `healthy` says so
                thread.start()
                self._thread = thread

    def settle(self, file: FlowFile, seconds: float) -> bool:
        """Waits until nothing of this file is queued any more, at most so long. Says whether that is so.

        A writer that fails or was closed is not waited for.
        """
        with self._changed:
            if self._failing or self._closing:
                return not file.pending
            self._settling += 1
            self._changed.notify_all()
            try:
                return self._changed.wait_for(lambda: not file.pending, seconds)
            finally:
                self._settling -= 1

    def close(self, seconds: float) -> bool:
        """Writes what is queued, for at most so long, and ends the thread. Says whether everything was written."""
        with self._changed:
            self._closing = True
            self._deadline = time.monotonic() + seconds
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(seconds + 1)
        return not self._queue and not self._failing

    def _run(self) -> None:
        failures = left = 0
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._queue or self._closing)
                if left <= 0 and not failures:
                    self._gather()
                    left = len(self._queue)
                if not self._queue:
                    return
                entries = self._next()
            file, flows = entries[0][0], [flow for _, flow in entries]
            written = self._write(file, flows)
            with self._changed:
                if written is not None or (self._closing and time.monotonic() > self._deadline):
                    self._done(entries, written or 0)
                    left -= len(entries)
                    failures = 0
                    continue
                self._failing = True
                self._changed.wait_for(lambda: self._closing, _RETRY_SECONDS[min(failures, 2)])
                failures += 1
            if self._closing:
                time.sleep(_RETRY_SECONDS[0])

    def _gather(self) -> None:
        """Let some flows come together: each turn of this thread costs the event loop more than writing a flow does."""
        self._changed.wait_for(
            lambda: (
                self._closing or self._settling or len(self._queue) * 2 >= self._flows or self._load * 2 >= self._weight
            ),
            _GATHER_SECONDS,
        )

    def _next(self) -> list[_Entry]:
        """The next flows of the first file in the queue: every write to a file costs the event loop its turn."""
        file, weight = self._queue[0][0], 0
        found: list[_Entry] = []
        for entry in islice(self._queue, _TOGETHER):
            if entry[0] is file:
                weight += entry[1].weight
                if found and weight > _CHUNK:
                    break
                found.append(entry)
        return found

    def _done(self, entries: Sequence[_Entry], written: int) -> None:
        done, file = {id(entry) for entry in entries}, entries[0][0]
        first = [self._queue.popleft() for _ in range(min(_TOGETHER, len(self._queue)))]
        self._queue.extendleft(entry for entry in reversed(first) if id(entry) not in done)
        self._load -= sum(flow.weight for _, flow in entries)
        file.pending -= len(entries)
        file.lost += len(entries) - written
        self._failing = False
        if self._settling:
            self._changed.notify_all()

    @staticmethod
    def _write(file: FlowFile, flows: Sequence[FlowSnapshot]) -> int | None:
        """How many were written; the rest never can be (counted as lost). None: the disk refuses, to be tried again."""
        encoded = []
        for flow in flows:
            with suppress(Exception):  # one odd snapshot must not end the thread that serves every session
                encoded.append(encode_flow(flow))
        try:
            if encoded:
                file.write(b"".join(encoded), len(encoded))
        except (FileNotFoundError, NotADirectoryError):
            return 0
        except OSError:
            return None
        return len(encoded)
