"""One agent run of one principal: a folder with its evidence, its flows and the salt of its digests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from interlock.errors import InterlockError, Refused
from interlock.model import JSON
from interlock.reasons import Reason
from interlock.recording.canonical import Data, Uncanonical
from interlock.recording.chain import Chain, ChainBroken
from interlock.recording.denials import Denials
from interlock.recording.flow_file import FlowFile
from interlock.recording.folder import EVIDENCE, FLOWS, SALT, discard
from interlock.recording.frames import FrameSealer
from interlock.recording.keys import DataKey
from interlock.recording.limits import Limits
from interlock.recording.quota import FOLDER_BYTES, Account
from interlock.recording.salted import Salted
from interlock.recording.sealing import Sealer
from interlock.recording.shared import Shared
from interlock.recording.snapshot import FlowSnapshot
from interlock.recording.tips import Tip

__all__ = ["EVIDENCE", "FLOWS", "HINT", "SALT", "Session"]

HINT = "look at the recordings folder: is the disk full, the folder writable?"
_LONGEST_SYNC = 30.0
_OWN_KINDS = frozenset({"opened", "reopened", "gap", "repeated", "closed"})


class Session:
    """A live session. `id` is a ULID of the gateway's; `used` the monotonic time of its last use in seconds.

    `lost` is True when the evidence file is no longer what was written to it: nothing can be added to it then, and
    `Recordings.session` begins a new folder. With a key (`kept`) everything it holds is encrypted. `digest` is that of
    a body, keyed by the session's salt; `account` is its principal's, which it was `charged` with so many bytes.
    `power`: `durable` is to be awaited before anything goes on. `told` is what its caller wrote into it last, and the
    caller's own.
    """

    __slots__ = (
        "_chain", "_closed", "_denials", "_flows", "_open", "_shared", "account", "charged", "digest", "folder", "id",
        "lost", "power", "told", "used",
    )  # fmt: skip

    def __init__(self, id: str, folder: Path, salt: bytes, shared: Shared, kept: DataKey | None = None) -> None:
        self.id = id
        self.folder = folder
        self.lost = False
        self.told: Any = None
        self.account, self.charged = Account(""), 0
        self.used = shared.clock.monotonic()
        self.digest = Salted(salt).digest
        self._shared, self.power = shared, shared.commit is not None
        self._chain = Chain(folder / EVIDENCE) if kept is None else Chain(folder / EVIDENCE, Sealer(kept).line)
        self._flows = FlowFile(folder / FLOWS, None if kept is None else FrameSealer(kept).seal)
        self._closed = self._open = False
        self._denials = Denials()

    def __repr__(self) -> str:
        return f"Session({self.id})"

    @property
    def head(self) -> tuple[int, str]:
        """Number and hash of the last event written."""
        return self._chain.seq, self._chain.head

    @property
    def size(self) -> int:
        """About how many bytes it takes on the disk."""
        return self._chain.size + self._flows.size + FOLDER_BYTES

    @property
    def limits(self) -> Limits:
        """The bounds of recording."""
        return self._shared.limits

    def tip(self) -> Tip:
        """How far the session went, as far as it is on the disk where that counts; number 0 when it is not at all."""
        self._shared.gathering.now()
        seq, head, _ = self._chain.end if self._shared.commit is None else self._chain.kept
        # Asked before what is written: what is written meanwhile comes again.
        waiting = self._flows.pending > 0 or seq != self._chain.seq
        size, digest = self._flows.written
        return Tip(self.id, seq, head, self._closed, size, digest, waiting and not self.lost)

    def begin(self, data: Mapping[str, JSON], fresh: tuple[Path, ...] = ()) -> None:
        """Makes the evidence file with its first event. Raises Refused (RECORDING_UNAVAILABLE).

        `fresh` are further files and folders that have to be on the disk for it to be found again.
        """
        self._chain.fresh = (self.folder, *fresh)
        try:
            self._chain.create()
        except OSError as error:
            raise _refused(error) from None
        self.note("opened", data)

    def append(self, kind: str, data: Data) -> str:
        """Writes one event and returns its reference, `<session>/<number>`.

        It is in the file when this returns, and on the disk after `durable`. Raises Refused (RECORDING_UNAVAILABLE)
        when it is not written, when the flow writer lags or fails, or when the data is not JSON: the caller must not
        go on. Data comes masked; it is written as it is.
        """
        if kind in _OWN_KINDS:
            raise InterlockError(f"the recording writes {kind!r} events itself")
        shared = self._shared
        if shared.doubts and not shared.healthy():
            raise Refused(Reason.RECORDING_UNAVAILABLE, hint=HINT)
        self.used = shared.clock.monotonic()
        if self._closed:
            self._wake()
        return f"{self.id}/{self.note(kind, data)}"

    def refuse(self, data: Mapping[str, JSON]) -> tuple[str, bool]:
        """As `append` for the decision of a refused request, within bounds: whether it was written, or only counted.

        The reference is that of an equal one then. Raises Refused.
        """
        return self._denials.add(self, data, self._shared.clock.monotonic())

    async def durable(self) -> None:
        """Waits until everything appended so far is on the disk, with durability `power`; at once with `process`.

        Raises Refused (RECORDING_UNAVAILABLE) when it is not: the caller must not go on.
        """
        commit = self._shared.commit
        if commit is None:
            return
        try:
            async with asyncio.timeout(_LONGEST_SYNC):
                await commit.durable(self._chain)
        except OSError as error:  # TimeoutError too
            raise _refused(error) from None

    def note(self, kind: str, data: Data) -> int:
        """Writes an event of any kind, for the recording itself. Raises Refused."""
        if self.lost:
            raise Refused(Reason.RECORDING_UNAVAILABLE, "the session's evidence was changed on disk")
        shared = self._shared
        try:
            seq = self._chain.append(kind, data, shared.clock.now())
            if shared.commit is not None:
                shared.commit.touch(self._chain)
        except (OSError, Uncanonical) as error:
            if isinstance(error, ChainBroken):
                self.lost = True
                shared.held.end(self.id)
            if not self._open:  # the file may have been opened for it: nobody counts that
                self._chain.release()
            raise _refused(error) from None
        shared.tips.sessions[self.id] = self
        if not self._open:
            self._open = True
            shared.opened(self)
        return seq

    def flow(self, snapshot: FlowSnapshot) -> None:
        """Writes or queues a masked flow for the flow file: see `flows`."""
        self.flows([snapshot])

    def flows(self, snapshots: Sequence[FlowSnapshot], *, quick: bool = True) -> None:
        """Writes masked flows to the flow file where that is quick, and queues the rest; all of them without `quick`.

        Raises Refused (RECORDING_UNAVAILABLE) when they cannot be, and counts them. Those that come when the gateway's
        recordings are closed wake nobody: nothing would close the session again.
        """
        if self._closed and not self._shared.writer.ended:
            try:
                self._wake()
            except Refused:
                self.lose(len(snapshots))
                raise
        self._shared.writer.write(self._flows, snapshots, quick=quick)

    def gather[T](self, make: Callable[[T], FlowSnapshot], told: T, size: int) -> None:
        """Queues a flow that is put together in a moment, with others: `make` must say of what was `told` what it would
        say now. `size` is how many bytes of bodies it holds. Never raises: what cannot be queued is counted as lost.
        """
        self._shared.gathering.add(self, make, told, size)

    def lose(self, count: int = 1) -> None:
        """Counts flows that cannot be kept."""
        self._shared.writer.lose(self._flows, count)

    def close(self, reason: str) -> bool:
        """Writes the `closed` event with what the flow file holds. Says whether it could; never raises Refused.

        Where the disk does not let it be closed, `Recordings.sweep` tries again, after as long as it takes to be idle.
        """
        shared = self._shared
        shared.ending.pop(self.id, None)
        if self._closed or self.lost:
            return self._closed
        shared.gathering.now()
        self._denials.end(self)
        shared.writer.settle(self._flows, shared.limits.closing)
        if shared.commit is None or not self._flows.size or shared.commit.sync(self._flows.path):
            with suppress(Refused):
                self.note("closed", {"flows": self._flows.summary(), "reason": reason})
                self._closed = True
                shared.held.end(self.id)
        self.release()
        if not (self._closed or self.lost):
            self.used = shared.clock.monotonic()
            shared.ending[self.id] = self
        return self._closed

    def release(self) -> None:
        """Closes the file handle; the next event opens it again and checks the end of the file."""
        self._shared.handles.pop(self.id, None)
        self._open = False
        self._chain.release()

    def discard(self) -> None:
        """Removes a folder whose first event could not be written."""
        self._shared.held.end(self.id)
        self.release()
        discard(self.folder)

    def _wake(self) -> None:
        """A reply may come after a session was closed for being idle: it goes on, and the evidence says so."""
        try:
            self._shared.held.begin(self.id)
        except OSError as error:
            raise _refused(error) from None
        self.used = self._shared.clock.monotonic()
        self.note("reopened", {})
        self._closed = False
        self._shared.ending[self.id] = self


def _refused(error: Exception) -> Refused:
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    hint = HINT if isinstance(error, OSError) else ""
    return Refused(Reason.RECORDING_UNAVAILABLE, f"{Reason.RECORDING_UNAVAILABLE.says} ({why})", hint=hint)
