"""Signed tree heads."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from interlock.recording.event import GENESIS, Event, parse, seal
from interlock.recording.head import head_data, read_head
from interlock.recording.signing import read_private
from interlock.recording.tree import Tree

_SIGNER = read_private("A" * 43 + "=")
_AT = "2026-01-01T00:00:00.000Z"


def _event(**changes: Any) -> Event:
    tree = Tree()
    for entry in (b"one", b"two", b"three"):
        tree.add(entry)
    data = head_data(
        tree, "gateway:0", "gateway", _SIGNER, _AT, 7, GENESIS, leaves=99, final=True, edge=True
    )  # fmt: skip
    event, fault = parse(seal("head", {**data, **changes}, 7, GENESIS, _AT)[0][:-1])
    assert event is not None
    assert not fault
    return event


def test_a_head_says_what_the_tree_was_and_who_says_so() -> None:
    """Size, root, edge; the signature holds for its key; its line is the event's."""
    head = read_head(_event())
    assert head is not None
    assert (head.tree, head.gateway, head.size, head.leaves, head.final) == ("gateway:0", "gateway", 3, 99, True)
    assert Tree(head.size, head.edge).root().hex() == head.root
    assert head.signed_by(_SIGNER.public)
    assert not head.signed_by(read_private("B" * 42 + "A=").public)
    assert parse(head.line)[0] == head.event


@pytest.mark.parametrize(
    "change",
    [{"size": 4}, {"root": "0" * 64}, {"final": False}, {"gateway": "other"}, {"tree": "other"}, {"leaves": 1},
     {"edge": []}, {"key": "other"}, {"signature": "x"}],
)  # fmt: skip
def test_every_member_is_signed(change: dict[str, Any]) -> None:
    """None can be changed without the key."""
    head = read_head(_event(**change))
    assert head is not None
    assert not head.signed_by(_SIGNER.public)


@pytest.mark.parametrize("change", [{"at": "2026-01-01T00:00:01.000Z"}, {"seq": 8}, {"prev": "1" * 64}])
def test_when_and_where_it_stands_is_signed_too(change: dict[str, Any]) -> None:
    """A head moved to another time or place is not the one that was signed."""
    event = dataclasses.replace(_event(), **change)
    head = read_head(event)
    assert head is not None
    assert not head.signed_by(_SIGNER.public)


@pytest.mark.parametrize(
    "change",
    [{"size": -1}, {"size": True}, {"size": 1 << 53}, {"leaves": "1"}, {"root": "short"}, {"root": 1}, {"edge": "x"},
     {"edge": ["x"]}, {"final": 1}, {"more": 1}, {"gateway": "g" * 300}],
)  # fmt: skip
def test_what_is_no_head_is_none(change: dict[str, Any]) -> None:
    """Whatever an event of that kind may hold."""
    assert read_head(_event(**change)) is None
    assert read_head(dataclasses.replace(_event(), kind="stamp")) is None
