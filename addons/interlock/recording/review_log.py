"""What became of access reviews, in the evidence: a chained log, `reviews.jsonl`, that several processes write in turn.

Campaigns are opened and permissions attested by people, at consoles and terminals. Each process takes the file under a
lock for one event, appends after its last whole one, and has it on the disk before it goes on.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from interlock.errors import Refused
from interlock.model import JSON
from interlock.ports import Clock
from interlock.reasons import Reason
from interlock.recording.canonical import Uncanonical
from interlock.recording.chain import Chain

__all__ = ["REVIEW_LOG", "ReviewLog"]

REVIEW_LOG = "reviews"
_KIND = "access-review"
_MAX_BYTES = 256 << 20
_PATIENCE = 2.0
_PAUSE = 0.01


class ReviewLog:
    """The log of a recordings folder. `add` blocks for some milliseconds: call it in a worker thread."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.path = folder / f"{REVIEW_LOG}.jsonl"
        self._clock = clock

    def add(self, data: Mapping[str, JSON]) -> str:
        """Writes one event and returns its reference, `reviews/<number>`. Raises Refused (RECORDING_UNAVAILABLE)."""
        try:
            with self._locked():
                return f"{REVIEW_LOG}/{self._append(data)}"
        except (OSError, Uncanonical) as error:
            why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            hint = "give it a recordings folder that it can write to: what nobody can prove is not changed"
            raise Refused(
                Reason.RECORDING_UNAVAILABLE, f"{REVIEW_LOG}.jsonl cannot be written ({why})", hint=hint
            ) from None

    def _append(self, data: Mapping[str, JSON]) -> int:
        chain = Chain(self.path)
        now = self._clock.now()
        try:
            if self.path.exists():
                chain.adopt(now)
            else:
                chain.create()
                chain.append("opened", {"continues": 0, "log": REVIEW_LOG}, now)
            if chain.size >= _MAX_BYTES:
                raise OSError("it has reached its limit; move it aside")
            number = chain.append(_KIND, data, now)
            handle = chain.handle()
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        finally:
            chain.release()
        return number

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = self.path.with_name(f".{REVIEW_LOG}.lock")
        fd = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            _take(fd, time.monotonic() + _PATIENCE)
            yield
        finally:
            os.close(fd)


def _take(fd: int, until: float) -> None:
    while True:
        try:
            return fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise OSError("somebody else holds it") from None
            time.sleep(_PAUSE)
