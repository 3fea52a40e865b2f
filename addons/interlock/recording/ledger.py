"""A gateway's Merkle tree on disk: what it vouches for (`leaves.jsonl`) and what it signed of that (`heads.jsonl`).

Both are chained files under `.tree/<gateway>/`, so they are only appended to, and a torn tail becomes a gap. Every
intact event of `leaves.jsonl` is one entry of the tree, in its order: entry n is event n+1, as the bytes of its line.
Each gateway on a folder holds a tree of its own by a lock. One that cannot be gone on with, because it is not what
its last head says, stays as it is for `verify` to judge, and the next name is taken.
"""

from __future__ import annotations

import logging
import os
import re
import secrets
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

from interlock.errors import Refused
from interlock.model import JSON
from interlock.ports import Clock
from interlock.reasons import Reason
from interlock.recording.chain import Chain, ChainBroken
from interlock.recording.disk import sync, take
from interlock.recording.entries import entries, piece, recent_heads, size_of
from interlock.recording.event import Event, parse, stamp
from interlock.recording.head import Head, head_data
from interlock.recording.log_word import LogWord, known_words, learn, words_data
from interlock.recording.signing import Signer
from interlock.recording.tree import Tree

__all__ = ["HEADS", "LEAVES", "TREE", "Ledger"]

TREE, LEAVES, HEADS = ".tree", "leaves.jsonl", "heads.jsonl"
_log = logging.getLogger("interlock")
_LOCK = "lock"
_STRANGE = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST_NAME = 64
_MOST = 64
_MANY = 1000
_EDGE_EVERY = 256
"""So that the last megabyte of heads holds one with an edge."""


class Ledger:
    """Opened by one process; safe to be used from several threads. All of it touches the disk: not for event loops.

    `name` names the tree for good (`<folder>:<random>`); sessions say in their first event which tree they are in.
    `words` are what was said last of each log.
    Raises Refused (RECORDING_UNAVAILABLE) when there is no folder to be had.
    """

    def __init__(self, folder: Path, gateway: str, signer: Signer, clock: Clock) -> None:
        self.gateway = gateway
        self.last = b""
        self.signed = 0
        self.words: dict[str, LogWord] = {}
        self._signer = signer
        self._clock = clock
        self._guard = threading.RLock()
        self._lock = -1
        try:
            self._open(Path(folder) / TREE, _STRANGE.sub("-", gateway)[:_LONGEST_NAME].strip("-") or "gateway")
        except OSError as error:
            self.close()
            message = f"the tree of the recordings cannot be kept ({error.strerror or error})"
            raise Refused(Reason.RECORDING_UNAVAILABLE, message, hint="look at .tree among the recordings") from None

    def __repr__(self) -> str:
        return f"Ledger({self.name})"

    def add(self, kind: str, data: Mapping[str, JSON]) -> None:
        """Adds one entry; it is on the disk, and counts, with the next head. Raises OSError, Uncanonical."""
        with self._guard:
            now = self._clock.now()
            self._leaves.append(kind, data, now)
            learn(self.words, kind, data, stamp(now))

    def tombstone(self, session: str, why: str, rule: str = "", *, what: str = "session") -> None:
        """Notes that something of a session is to be deleted, before it is; signed and on the disk when this returns.

        `what` is `session`, or the one thing that goes: `flows`, `salt`, `key`. `rule` says by which rule. Raises
        OSError, and then nothing may be deleted.
        """
        with self._guard:
            self.add("tombstone", {"name": session, "rule": rule, "what": what, "why": why})
            self.head()

    def sign_order(self, order: bytes) -> str:
        """The signature of an order to delete."""
        return self._signer.sign(order)

    def is_ours(self, order: bytes, signature: str) -> bool:
        """Whether an order carries our signature."""
        return self._signer.public.holds(signature, order)

    def head(self, *, final: bool = False) -> bytes:
        """Signs what the tree is now; its line without the newline, as anchors keep it. Both files are on the disk.

        Empty when there is nothing new; a `final` one is always made. Raises OSError.
        """
        with self._guard:
            self._catch_up()
            if self._tree.size == self.signed and not final:
                return b""
            chain = self._ready()
            edge = final or chain.seq % _EDGE_EVERY == 0
            if edge and (self.words or self._tree.size > _MANY):
                self.add("logs", words_data(self.words))
                self._catch_up()
            sync(self._leaves.path)
            now = self._clock.now()
            data = head_data(
                self._tree, self.name, self.gateway, self._signer, stamp(now), chain.seq + 1, chain.head,
                leaves=self._read, final=final, edge=edge,
            )  # fmt: skip
            start = chain.size
            chain.append("head", data, now)
            sync(chain.path)
            self.signed = self._tree.size
            self.last = piece(chain.path, start, chain.size).removesuffix(b"\n")
            return self.last

    def stamped(self, line: bytes, sink: str, proof: str) -> None:
        """Notes the time-stamp (base64) that somebody else gave one of our heads. Raises OSError."""
        event, _ = parse(line)
        with self._guard:
            self._ready().append(
                "stamp", {"head": event.seq if event else 0, "proof": proof, "sink": sink}, self._clock.now()
            )

    def known(self) -> dict[str, LogWord]:
        """What was said last of each log, as it stands in the trees now. Raises OSError."""
        folder = self._leaves.path.parent
        return known_words(folder.parent, folder, self._signer.public)

    def leaves(self) -> Iterator[Event]:
        """Every entry so far, from the first. Raises OSError."""
        for event, _ in entries(self._leaves.path):
            yield event

    def close(self) -> None:
        """Gives the files and the lock back."""
        with self._guard:
            for chain in (getattr(self, "_leaves", None), getattr(self, "_heads", None)):
                if chain is not None:
                    chain.release()
            if self._lock >= 0:
                os.close(self._lock)
                self._lock = -1

    # -- opening

    def _open(self, parent: Path, name: str) -> None:
        for number in range(1, _MOST):
            folder = parent / (name if number == 1 else f"{name}-{number}")
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                lock = take(folder / _LOCK)
            except BlockingIOError:
                continue
            try:
                self._load(folder)
            except ChainBroken as error:
                os.close(lock)
                _log.warning(
                    "The tree in %s is not what was written there (%s); interlock verify says more", folder, error
                )
                continue
            except BaseException:
                os.close(lock)
                raise
            self._lock = lock
            return
        raise OSError("too many trees in this folder")

    def _load(self, folder: Path) -> None:
        """Goes on with the tree of an earlier process, or begins one. Raises OSError, ChainBroken."""
        self._leaves, self._heads = Chain(folder / LEAVES), Chain(folder / HEADS)
        now = self._clock.now()
        if size_of(self._leaves.path) == 0 and size_of(self._heads.path) == 0:
            for chain in (self._leaves, self._heads):
                chain.path.unlink(missing_ok=True)
                chain.create()
            self.name = f"{folder.name}:{secrets.token_hex(8)}"
            self._leaves.append("opened", {"gateway": self.gateway, "tree": self.name}, now)
        else:
            self._adopt(self._leaves)
            opened = next(entries(self._leaves.path), None)
            self.name = str(opened[0].data.get("tree", "")) if opened else ""
        self._tree, self._read = Tree(), 0
        self._recall()
        public = self._signer.public
        self.words = known_words(folder.parent, folder, public)
        said: dict[str, JSON] = {"gateway": self.gateway, "key": public.id, "public": public.pem.decode()}
        self._heads.append("started", {**said, "size": self._tree.size}, now)  # what no head covers, nobody signed
        for path in (self._leaves.path, self._heads.path, folder, folder.parent):
            sync(path)

    def _recall(self) -> None:
        """The tree as it stands in the file, from the last edge on; it must be what the last head says."""
        heads = recent_heads(self._heads.path)
        last = heads[-1] if heads else None
        kept = next((head for head in reversed(heads) if head.edge), None)
        if size_of(self._heads.path):
            self._adopt(self._heads)
        if kept is not None:
            try:
                self._tree, self._read = Tree(kept.size, kept.edge), kept.leaves
            except ValueError:
                raise ChainBroken("a head does not hold together") from None
        if self._tree.size and self._tree.size == (last.size if last else 0):
            self._check(last)
        self._catch_up(last)
        if self._tree.size != self._leaves.seq or (last is not None and last.size > self._tree.size):
            raise ChainBroken("entries are missing")
        if last is not None:
            self.signed, self.last = last.size, last.line

    def _catch_up(self, until: Head | None = None) -> None:
        """Adds what was written since to the tree, as it stands in the file."""
        for event, line in entries(self._leaves.path, self._read):
            if event.seq != self._tree.size + 1:
                raise ChainBroken("the entries are not in order")
            self._tree.add(line)
            if until is not None and self._tree.size == until.size:
                self._check(until)
        self._read = self._leaves.size

    def _check(self, head: Head | None) -> None:
        if head is not None and self._tree.root().hex() != head.root:
            raise ChainBroken("the entries are not those that were signed")

    def _ready(self) -> Chain:
        """The heads' file, open, so that the number of the next event is known before it is signed."""
        if not self._heads.is_open:
            self._adopt(self._heads)
        return self._heads

    def _adopt(self, chain: Chain) -> None:
        try:
            chain.adopt(self._clock.now())
        except FileNotFoundError:
            raise ChainBroken(f"{chain.path.name} is gone") from None
