"""A gateway's tree on disk."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from interlock.errors import Refused
from interlock.recording.entries import entries
from interlock.recording.event import parse
from interlock.recording.head import Head, read_head
from interlock.recording.ledger import HEADS, LEAVES, TREE, Ledger
from interlock.recording.signing import read_private
from interlock.recording.tree import Tree

_SIGNER = read_private("A" * 43 + "=")


@pytest.fixture
def ledger(folder: Path, clock: object) -> Iterator[Callable[..., Ledger]]:
    """Opens the tree, as often as asked: after a `close` that is a restart."""
    made: list[Ledger] = []

    def make(gateway: str = "gateway") -> Ledger:
        made.append(Ledger(folder, gateway, _SIGNER, clock))
        return made[-1]

    yield make
    for each in made:
        each.close()


def _head(line: bytes) -> Head:
    event, fault = parse(line)
    assert event is not None
    assert not fault
    head = read_head(event)
    assert head is not None
    return head


def _root(folder: Path) -> tuple[int, str]:
    """The tree of what stands in the file."""
    tree = Tree()
    for _, line in entries(folder / TREE / "gateway" / LEAVES):
        tree.add(line)
    return tree.size, tree.root().hex()


def test_a_head_is_the_root_of_every_entry_so_far(ledger, folder: Path) -> None:
    """Signed; and nothing new makes no new one."""
    tree = ledger()
    tree.tombstone("b", "retention", "rule-1", what="flows")
    assert (tree.signed, _head(tree.last).size) == (2, 2)  # it is signed before anything goes
    tree.add("session", {"name": "a", "seq": 1})
    head = _head(tree.head())
    assert (head.size, head.root) == _root(folder)
    assert (head.size, head.tree, head.final) == (3, tree.name, False)
    assert head.signed_by(_SIGNER.public)
    assert head.line == tree.last
    assert tree.head() == b""
    assert [event.kind for event in tree.leaves()] == ["opened", "tombstone", "session"]


def test_a_restart_goes_on_with_the_same_tree(ledger, folder: Path) -> None:
    """The name stays, entries before and after are under one root, and the last head is at hand to be sent again."""
    tree = ledger()
    name = tree.name
    for number in range(300):
        tree.add("session", {"name": "a", "seq": number})
        tree.head()
    last = tree.last
    tree.close()
    tree = ledger()
    assert (tree.name, tree.last, tree.signed) == (name, last, 301)
    tree.add("session", {"name": "a", "seq": 301})
    tree.close()
    tree = ledger()  # killed before the head
    head = _head(tree.head(final=True))
    assert (head.size, head.root) == _root(folder)
    assert (head.final, head.size) == (True, 302)


def test_two_gateways_on_one_folder_have_a_tree_each(ledger) -> None:
    """By lock; what the name may not hold is left out."""
    first, second, other = ledger("a b"), ledger("a b"), ledger("../..")
    assert [tree.name.split(":")[0] for tree in (first, second, other)] == ["a-b", "a-b-2", "gateway"]
    first.close()
    assert ledger("a b").name == first.name


def test_a_torn_entry_is_a_gap_and_part_of_the_tree(ledger, folder: Path) -> None:
    """Killed in mid-line, in either file: nothing is repaired."""
    tree = ledger()
    tree.add("session", {"name": "a", "seq": 1})
    tree.head()
    tree.close()
    for name in (LEAVES, HEADS):
        with (folder / TREE / "gateway" / name).open("ab") as file:
            file.write(b'{"at":"torn')
    tree = ledger()
    head = _head(tree.head())
    assert (head.size, head.root) == _root(folder)
    assert [event.kind for event in tree.leaves()] == ["opened", "session", "gap"]
    assert [event.kind for event, _ in entries(folder / TREE / "gateway" / HEADS)] == [
        "started", "head", "gap", "started", "head",
    ]  # fmt: skip


@pytest.mark.parametrize("what", ["cut", "changed", "gone", "headless", "junk"])
def test_a_tree_that_is_not_what_was_signed_is_left_alone(ledger, folder: Path, what: str) -> None:
    """The next name is taken; the old files stay as they are for `verify`."""
    tree = ledger()
    for number in range(3):
        tree.add("session", {"name": "a", "seq": number})
        tree.head()
    tree.close()
    leaves, heads = (folder / TREE / "gateway" / name for name in (LEAVES, HEADS))
    lines = leaves.read_bytes().splitlines(keepends=True)
    if what == "cut":
        leaves.write_bytes(b"".join(lines[:-1]))
    elif what == "changed":
        leaves.write_bytes(b"".join([*lines[:1], lines[1].replace(b'"a"', b'"b"'), *lines[2:]]))
        heads.write_bytes(b"".join(heads.read_bytes().splitlines(keepends=True)[1:]))  # the one with an edge
        heads.write_bytes(b"".join(heads.read_bytes().splitlines(keepends=True)[1:]))
    elif what == "gone":
        leaves.unlink()
    elif what == "headless":
        heads.unlink()
    else:
        leaves.write_bytes(b"".join([*lines, b"junk\n"]))
    before = {path: path.read_bytes() for path in (leaves, heads) if path.exists()}
    assert ledger().name.startswith("gateway-2:")
    assert {path: path.read_bytes() for path in (leaves, heads) if path.exists()} == before


def test_a_full_disk_is_an_error_and_the_tree_goes_on_when_there_is_room(ledger, folder: Path) -> None:
    """Neither a torn entry nor a torn head is lost from sight."""
    tree = ledger()
    tree.add("session", {"name": "a", "seq": 1})
    tree.head()
    for act in (lambda: tree.add("session", {"name": "a", "seq": 2}), lambda: tree.head(final=True)):
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, ((folder / TREE / "gateway" / LEAVES).stat().st_size + 9, hard))
        try:
            with pytest.raises(OSError):
                act()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    tree.add("session", {"name": "a", "seq": 3})
    head = _head(tree.head(final=True))
    assert (head.size, head.root) == _root(folder)


def test_a_time_stamp_is_noted_beside_the_heads(ledger, folder: Path) -> None:
    """Which head it is of, and what was answered."""
    tree = ledger()
    line = tree.head()
    tree.stamped(line, "rfc3161", "cHJvb2Y=")
    *_, (event, _) = entries(folder / TREE / "gateway" / HEADS)
    assert (event.kind, dict(event.data)) == ("stamp", {"head": 2, "proof": "cHJvb2Y=", "sink": "rfc3161"})


def test_a_folder_that_cannot_be_had_is_refused(tmp_path: Path, clock: object) -> None:
    """With words an operator can act on."""
    (tmp_path / TREE).write_text("in its place")
    with pytest.raises(Refused) as refused:
        Ledger(tmp_path, "gateway", _SIGNER, clock)
    assert refused.value.hint
