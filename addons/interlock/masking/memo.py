"""What was found in blocks, and what became of them: bounded, and keyed so that nobody else's masks are met.

Nothing that was found is kept: places, kinds and the masked bytes are.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from interlock.masking.actions import Span
from interlock.model import Finding
from interlock.paths import Location

__all__ = ["Known", "Memo", "key_of"]

_KEY = 64
_OVERHEAD = 400
_PER_PLACE = 400


@dataclass(slots=True)
class Known:
    """One block: where something was found, and the masked bytes by which of the places were let to be masked."""

    places: tuple[tuple[Location, bool, tuple[Span, ...]], ...] = ()
    outputs: dict[tuple[int, ...], tuple[bytes, tuple[Finding, ...]]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Roughly the bytes that it takes."""
        masked = sum(len(body) + _PER_PLACE * len(findings) for body, findings in self.outputs.values())
        return _OVERHEAD + _PER_PLACE * len(self.places) + masked


class Memo:
    """Blocks by key, at most `limit` bytes of them; those not asked for longest go first. Safe between threads."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._known: OrderedDict[bytes, tuple[Known, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: bytes) -> Known | None:
        """What is known of a block."""
        with self._lock:
            found = self._known.get(key)
            if found is None:
                return None
            self._known.move_to_end(key)
            return found[0]

    def put(self, key: bytes, known: Known) -> None:
        """Keep what was learnt of a block."""
        size = known.size
        with self._lock:
            before = self._known.pop(key, None)
            self._size += size - (before[1] if before is not None else 0)
            self._known[key] = (known, size)
            while self._size > self._limit and self._known:
                self._size -= self._known.popitem(last=False)[1][1]

    def __len__(self) -> int:
        return len(self._known)


def key_of(scope: bytes, name: str, block: bytes) -> bytes:
    """The keyed digest of a block. `scope` is one masker's own: its rules, its session's key, its secrets."""
    return hashlib.blake2b(block, key=scope[:_KEY], digest_size=20).digest() + name.encode()
