"""A Merkle tree over a growing list, as RFC 9162 section 2.1 defines it: one hash stands for everything in it so far.

Only the right edge is kept: the roots of the full subtrees, at most one for each bit of the size.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

__all__ = ["EMPTY", "MAX_SIZE", "Tree", "leaf_hash"]

EMPTY = hashlib.sha256(b"").digest()
"""The root of an empty tree."""

MAX_SIZE = 1 << 53
_LEAF, _NODE = b"\x00", b"\x01"
_LENGTH = 32


def leaf_hash(data: bytes) -> bytes:
    """The hash of one entry."""
    return hashlib.sha256(_LEAF + data).digest()


class Tree:
    """Entries are only added. `size` is how many there are; adding costs one hash and, on average, one more."""

    __slots__ = ("_edge", "size")

    def __init__(self, size: int = 0, edge: Sequence[bytes] = ()) -> None:
        """An empty tree, or one that goes on from the `size` and `edge` of another. Raises ValueError."""
        if not 0 <= size < MAX_SIZE or len(edge) != size.bit_count() or any(len(node) != _LENGTH for node in edge):
            raise ValueError("that is no edge of a tree of this size")
        self.size = size
        self._edge = list(edge)

    def __repr__(self) -> str:
        return f"Tree(size={self.size})"

    @property
    def edge(self) -> tuple[bytes, ...]:
        """The roots of the full subtrees from left to right: all that is needed to go on."""
        return tuple(self._edge)

    def add(self, data: bytes) -> None:
        """Adds one entry."""
        node, size = leaf_hash(data), self.size
        while size & 1:
            node = hashlib.sha256(_NODE + self._edge.pop() + node).digest()
            size >>= 1
        self._edge.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The hash of the whole tree."""
        if not self._edge:
            return EMPTY
        node = self._edge[-1]
        for left in reversed(self._edge[:-1]):
            node = hashlib.sha256(_NODE + left + node).digest()
        return node
