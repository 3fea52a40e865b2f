"""The Merkle tree of RFC 9162."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.recording.tree import EMPTY, Tree, leaf_hash

_ENTRIES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def _defined(entries: list[bytes]) -> bytes:
    """MTH as section 2.1.1 writes it down."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return leaf_hash(entries[0])
    split = 1 << (len(entries) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + _defined(entries[:split]) + _defined(entries[split:])).digest()


def test_roots_are_those_of_certificate_transparency() -> None:
    """The entries that its implementations test with, and the roots they all have."""
    tree = Tree()
    assert tree.root() == EMPTY
    for entry, root in zip(_ENTRIES, _ROOTS, strict=True):
        tree.add(entry)
        assert tree.root().hex() == root
    assert (tree.size, repr(tree)) == (8, "Tree(size=8)")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=8), max_size=70), st.integers(0, 70))
def test_the_root_is_the_defined_one_however_it_was_come_by(entries: list[bytes], cut: int) -> None:
    """Entry by entry, and gone on with from an edge in the middle."""
    tree = Tree()
    for entry in entries[:cut]:
        tree.add(entry)
    tree = Tree(tree.size, tree.edge)
    for entry in entries[cut:]:
        tree.add(entry)
    assert tree.root() == _defined(entries)


@pytest.mark.parametrize(
    ("size", "edge"),
    [(-1, []), (1, []), (0, [EMPTY]), (3, [EMPTY]), (1, [b"short"]), (1 << 60, [EMPTY])],
)
def test_what_is_no_edge_is_refused(size: int, edge: list[bytes]) -> None:
    """A wrong number of subtrees, hashes of another length, sizes nobody has."""
    with pytest.raises(ValueError, match="no edge"):
        Tree(size, edge)
