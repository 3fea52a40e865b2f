"""Writes flow files: a few small flows at once, all else in one background thread, so that no request waits for it.

A thread that wants the interpreter for every file costs the event loop more than it takes to encode some flows and
hand them to the system, as events are.

The queue is bounded by number and bytes. When it is nearly full, or the disk refuses, `healthy` is False and the
session refuses new events until it is writable again: nothing is dropped silently. What could not be kept is counted.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Sequence
from contextlib import suppress

from interlock.errors import Refused
from interlock.reasons import Reason
from interlock.recording.flow_file import FlowFile
from interlock.recording.flows import flow_parts
from interlock.recording.snapshot import FlowSnapshot

__all__ = ["FlowWriter"]

_log = logging.getLogger("interlock")

type _Batch = tuple[int, Sequence[FlowSnapshot]]
"""Flows that came together, and about how many bytes they keep in memory."""

_RETRY_SECONDS = (0.05, 0.2, 1.0)
_GATHER_SECONDS = 0.05
_CHUNK = 1 << 20
_QUICK = 1 << 20
"""Bytes of flows that are written at once; encoding and writing them takes a millisecond or two."""


class FlowWriter:
    """The one thread that writes flow files, started with the first flow. `healthy`: it keeps up."""

    def __init__(self, *, flows: int, weight: int, doubts: set[str] | None = None) -> None:
        """While it does not keep up, that stands among the `doubts`."""
        self._doubts = doubts if doubts is not None else set()
        self._flows = flows
        self._weight = weight
        self._queue: dict[FlowFile, list[_Batch]] = {}
        self._count = 0
        self._load = 0
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._thread: threading.Thread | None = None
        self._closing = False
        self._deadline = 0.0
        self._failing = self._gave_up = False
        self.healthy = True
        self._settling = 0
        self._asleep = False

    @property
    def ended(self) -> bool:
        """Whether it takes nothing any more."""
        return self._closing

    def _judge(self) -> None:
        """Whether flows are being written and a quarter of the queue is still free."""
        self.healthy = not self._failing and self._count * 4 <= self._flows * 3 and self._load * 4 <= self._weight * 3
        (self._doubts.discard if self.healthy else self._doubts.add)("flows")

    def write(self, file: FlowFile, flows: Sequence[FlowSnapshot], *, quick: bool = True) -> None:
        """Writes flows where that is quick, and `submit`s the rest: many bytes, a disk that refuses."""
        if quick and not (file.pending or self._failing or self._closing):
            taken, written = self._write(file, flows, _QUICK)
            if written < taken:
                self.lose(file, taken - written)
            flows = flows[taken:]
        if not flows:
            return
        weight = sum([flow.weight for flow in flows])
        if len(flows) == 1 or self._fits(len(flows), weight):
            self.submit(file, flows, weight)
            return
        for flow in flows:  # one that there is no room for takes no other with it
            with suppress(Refused):
                self.submit(file, [flow], flow.weight)

    def _fits(self, count: int, weight: int) -> bool:
        return self._count + count <= self._flows and self._load + weight <= self._weight

    def submit(self, file: FlowFile, flows: Sequence[FlowSnapshot], weight: int) -> None:
        """Queues flows that keep about so many bytes in memory.

        Raises Refused (RECORDING_UNAVAILABLE) when the queue has no room for them or the writer closed.
        """
        count = len(flows)
        with self._lock:
            if self._closing or not self._fits(count, weight):
                file.lost += count
                raise Refused(Reason.RECORDING_UNAVAILABLE, "the queue of flows to be written is full")
            self._queue.setdefault(file, []).append((weight, flows))
            self._count += count
            self._load += weight
            file.pending += count
            self._judge()
            if self._thread is None or not self._thread.is_alive():
                self._start()
            if self._asleep or self._count * 2 >= self._flows or self._load * 2 >= self._weight:
                self._asleep = False
                self._changed.notify_all()

    def lose(self, file: FlowFile, count: int = 1) -> None:
        """Counts flows that can never be written."""
        with self._lock:
            file.lost += count

    def _start(self) -> None:
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
        return not (self._queue or self._failing or self._gave_up)

    def _run(self) -> None:
        failures = left = 0
        while True:
            with self._changed:
                if left <= 0 and not failures:
                    self._wait()
                    left = self._count
                if not self._queue:
                    return
                file, batches = self._next()
            flows = [flow for _, batch in batches for flow in batch]
            taken, written = self._write(file, flows)
            with self._changed:
                if taken == len(flows) or (self._closing and time.monotonic() > self._deadline):
                    self._gave_up = self._gave_up or taken < len(flows)
                    self._done(file, batches, len(flows), written)
                    left -= len(flows)
                    failures = 0
                    continue
                self._failing = True
                self._judge()
                self._changed.wait_for(lambda: self._closing, _RETRY_SECONDS[min(failures, 2)])
                failures += 1
            if self._closing:
                time.sleep(_RETRY_SECONDS[0])

    def _wait(self) -> None:
        """Until there is something to write, or the end. While flows come, nobody has to wake this thread."""
        self._gather()
        while not (self._queue or self._closing):
            self._asleep = True
            self._changed.wait()
            self._asleep = False
            self._gather()

    def _gather(self) -> None:
        """Let some flows come together: each turn of this thread costs the event loop more than writing a flow does."""
        self._changed.wait_for(
            lambda: self._closing or self._settling or self._count * 2 >= self._flows or self._load * 2 >= self._weight,
            _GATHER_SECONDS,
        )

    def _next(self) -> tuple[FlowFile, list[_Batch]]:
        """The next flows of the first file in the queue: every write to a file costs the event loop its turn."""
        file, waiting = next(iter(self._queue.items()))
        taken = load = 0
        for weight, _ in waiting:
            load += weight
            if taken and load > _CHUNK:
                break
            taken += 1
        return file, waiting[:taken]

    def _done(self, file: FlowFile, batches: Sequence[_Batch], count: int, written: int) -> None:
        """What was written leaves the queue, and its file gives the others their turn."""
        waiting = self._queue.pop(file)
        del waiting[: len(batches)]
        if waiting:
            self._queue[file] = waiting
        self._load -= sum(weight for weight, _ in batches)
        self._count -= count
        file.lost += count - written
        file.pending -= count
        self._failing = False
        self._judge()
        if self._settling:
            self._changed.notify_all()

    @staticmethod
    def _write(file: FlowFile, flows: Sequence[FlowSnapshot], most: float = math.inf) -> tuple[int, int]:
        """How many were taken, at most so many bytes of them, and how many of these were written; the others never can
        be. None is taken where the disk refuses, to be tried again.
        """
        parts: list[bytes] = []
        taken = count = size = 0
        for flow in flows:
            try:
                own = flow_parts(flow)
            except Exception:  # one odd snapshot must not end the thread that serves everybody
                taken += 1
                continue
            size += sum(map(len, own))
            if size > most:
                break
            parts += own
            taken += 1
            count += 1
        try:
            if count:
                file.write(parts, count)
        except (FileNotFoundError, NotADirectoryError):
            return taken, 0
        except OSError:
            return 0, 0
        except Exception as error:  # nor must what nobody thought of, such as too little memory
            _log.error("Interlock cannot keep %d flows (%s)", count, type(error).__name__)
            return taken, 0
        return taken, count
