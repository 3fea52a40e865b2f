"""What strangers were refused: one bounded, counted, chained log for those who have no session.

Equal refusals (reason and peer) within a window are written once and counted; so is everything beyond a number of
writes a window. The file rotates at a size, two are kept: strangers cannot fill the disk. Several gateways on one
folder each hold a file of their own (`refusals.jsonl`, `refusals-2.jsonl`, ...).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from interlock.model import JSON
from interlock.ports import Clock
from interlock.recording.canonical import Uncanonical, canonical
from interlock.recording.chain import Chain, ChainBroken
from interlock.recording.commit import Committer
from interlock.recording.disk import take
from interlock.recording.limits import Limits
from interlock.recording.log_file import last_event, never_began, rotated
from interlock.recording.tips import Tips

__all__ = ["LOG_NAMES", "RefusalLog"]

LOG_NAMES = ("refusals", *(f"refusals-{number}" for number in range(2, 9)))
_MAX_ENTRY = 16 << 10
_MAX_WORD = 256
_ENTRIES_AN_EVENT = 100
_RETRY_SECONDS = 1.0
_MOST_TIMES = 8


class RefusalLog:
    """The log of one gateway. Nothing here raises: what cannot be written makes it unhealthy."""

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        limits: Limits,
        commit: Committer | None = None,
        tips: Tips | None = None,
        doubts: set[str] | None = None,
    ) -> None:
        """While it cannot be written, that stands among the `doubts`."""
        self._tips = tips or Tips()
        self._doubts = doubts if doubts is not None else set()
        self._turned = 0
        self._folder = folder
        self._clock = clock
        self._limits = limits
        self._commit = commit
        self._name = ""
        self._lock = -1
        self._chain: Chain | None = None
        self._seen: dict[tuple[str, str], tuple[str, int]] = {}
        self._overflow = 0
        self._lost = 0
        self._since = 0.0
        self.failed: float | None = None

    def healthy(self) -> bool:
        """Whether the last write worked; after a failure it is tried again at most once a second."""
        if self.failed is None and self._chain is not None and self._chain.doubtful:
            self.failed = self._clock.monotonic()
        if self.failed is not None and self._clock.monotonic() - self.failed >= _RETRY_SECONDS:
            self._write("recovered", {"lost": self._lost})
        return self.failed is None

    def add(self, data: Mapping[str, JSON]) -> str:
        """Notes one refusal and returns its reference, `refusals/<number>`; empty when it was only counted.

        `reason` and `peer` (an address without its port) say which refusals are equal.
        """
        self._turn()
        key = _word(data.get("reason")), _word(data.get("peer"))
        if key in self._seen:
            reference, count = self._seen[key]
            self._seen[key] = reference, count + 1
            return reference
        if len(self._seen) >= self._limits.refusal_writes or self._brimful():
            self._overflow += 1
            return ""
        reference = self._write("refusal", _bounded(data, key))
        if reference:
            self._seen[key] = reference, 0
        return reference

    def close(self) -> None:
        """Writes what was counted and gives the file back."""
        self._summarise()
        if self._chain:
            self._chain.release()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _turn(self) -> None:
        now = self._clock.monotonic()
        if now - self._since >= self._limits.refusal_window:
            self._summarise()
            self._since = now

    def _summarise(self) -> None:
        counted: list[JSON] = [
            {"count": count, "first": reference, "peer": peer, "reason": reason}
            for (reason, peer), (reference, count) in self._seen.items()
            if count
        ]
        for start in range(0, len(counted), _ENTRIES_AN_EVENT):
            self._write("repeated", {"refusals": counted[start : start + _ENTRIES_AN_EVENT]})
        if self._overflow:
            self._write("uncounted", {"refusals": self._overflow})
        self._seen.clear()
        self._overflow = 0

    def _write(self, kind: str, data: Mapping[str, JSON]) -> str:
        try:
            chain = self._ready()
            seq = chain.append(kind, data, self._clock.now())
            if self._commit is not None:
                self._commit.touch(chain)
        except (OSError, Uncanonical) as error:
            if isinstance(error, ChainBroken):
                self._chain = None
            self.failed = self._clock.monotonic()
            self._doubts.add("refusals")
            self._lost += kind != "recovered"
            return ""
        if self.failed is not None:
            self.failed, self._lost = None, 0
            self._doubts.discard("refusals")
        return f"{self._name}/{seq}"

    def _ready(self) -> Chain:
        if not self._name:
            self._name = self._take()
        path = self._folder / f"{self._name}.jsonl"
        if self._chain is None:
            self._chain = self._adopt(path)
        elif self._is_full(self._chain.size):
            old, self._chain = self._chain, None
            self._turned = self._tips.taken
            old.release()
            path.replace(rotated(path))
            self._chain = self._begin(path, old.seq, old.head)
        return self._chain

    def _is_full(self, size: int) -> bool:
        """Whether it is to turn over: what went with one turn is vouched for before the next one.

        Otherwise nobody could tell a log that turned over twice from one that somebody replaced.
        """
        return size >= self._limits.refusal_bytes and self._vouched()

    def _brimful(self) -> bool:
        """A flood grows the file for a while, until somebody vouches for it; then refusals are only counted."""
        size = self._chain.size if self._chain is not None else 0
        return size >= self._limits.refusal_bytes * _MOST_TIMES and not self._vouched()

    def _vouched(self) -> bool:
        """Whether the last turn is vouched for, or nobody vouches for anything here."""
        return self._tips.taken > self._turned + 1 or not (self._tips.taken or self._tips.awaited)

    def _take(self) -> str:
        """The first name that no other gateway holds."""
        for name in LOG_NAMES:
            try:
                self._lock = take(self._folder / f".{name}.lock")
            except BlockingIOError:
                continue
            return name
        raise OSError("too many gateways write to this folder")

    def _adopt(self, path: Path) -> Chain:
        """Goes on with the file that is there; one that cannot be gone on with is kept as the older half."""
        chain = Chain(path)
        try:
            if path.stat().st_size:
                chain.adopt(self._clock.now())
                return chain
            path.unlink()
        except FileNotFoundError:
            pass
        except ChainBroken:
            if never_began(path):
                path.unlink()
            else:
                path.replace(rotated(path))
        return self._begin(path, *last_event(rotated(path)))

    def _begin(self, path: Path, seq: int, head: str) -> Chain:
        chain = Chain(path)
        chain.seq, chain.head = seq, head
        chain.kept, chain.fresh = (seq, head, 0), (self._folder,)
        chain.create()
        try:
            chain.append("opened", {"continues": seq, "log": self._name}, self._clock.now())
        except OSError:
            chain.release()
            path.unlink(missing_ok=True)
            raise
        return chain


def _word(value: JSON) -> str:
    return str(value)[:_MAX_WORD] if isinstance(value, str | int) else ""


def _bounded(data: Mapping[str, JSON], key: tuple[str, str]) -> Mapping[str, JSON]:
    try:
        if len(canonical(data)) <= _MAX_ENTRY:
            return data
    except Uncanonical:
        pass
    return {"dropped": "the rest was too large or not JSON", "peer": key[1], "reason": key[0]}
