"""Documents come back as they went in; what cannot be read is said, and never half a value."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.approval.values import AGENT, MAX, NOW, approval, vote

from interlock.model import Approval, ApprovalKind, Change, Grant, Person
from interlock.ports import Notice
from interlock.store import documents

GRANT = Grant("grt-1", AGENT, "w", ("a", "b"), ("r",), NOW, NOW + 1, (MAX,), "x", "d", "apr-1", NOW, NOW, 3)


@settings(max_examples=50)
@given(st.text(), st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists), st.booleans())
def test_everything_comes_back(text: str, shown: object, unseen: bool) -> None:
    """Any text, any document: in ASCII, and equal afterwards."""
    given = approval(
        because=text, shown={text: shown}, unseen=unseen, kind=ApprovalKind.GRANT,
        votes=(vote(reason=text, seconds=1.5), vote(Person("i", text, text, claims={"email": text}))),
    )  # fmt: skip
    document = documents.text(given)

    assert document.isascii()
    assert documents.approval(document) == given
    assert documents.approval(document).shown == {text: shown}
    assert documents.change(documents.text(Change("a", "b", 1.0, text, text))) == Change("a", "b", 1.0, text, text)


def test_grants_and_notices_come_back() -> None:
    """With every member; the tries of a notice are the store's."""
    assert documents.grant(documents.text(GRANT)) == GRANT
    given = Notice("k", "c", {"a": [1]}, 2.0, 3)
    assert documents.notice(documents.text(given), 5) == Notice("k", "c", {"a": [1]}, 2.0, 5)


_GOOD = json.loads(documents.text(approval()))


@pytest.mark.parametrize(
    "document",
    [
        "",
        "[]",
        "7",
        "{",
        "[" * 100_000,
        "{}",
        json.dumps({**_GOOD, "state": "permitted"}),
        json.dumps({**_GOOD, "kind": ""}),
        json.dumps({**_GOOD, "votes": [{}]}),
        json.dumps({**_GOOD, "votes": 7}),
        json.dumps({**_GOOD, "asks": [{"rule": "a", "nobody": 1}]}),
        json.dumps({**_GOOD, "requester": "agent-7"}),
        json.dumps({**_GOOD, "newer": 1}),
        json.dumps({name: value for name, value in _GOOD.items() if name != "expires"}),
    ],
)
def test_what_cannot_be_read_decides_nothing(document: str) -> None:
    """It is an error of the store, which forbids."""
    for read in (documents.approval, documents.grant, documents.change, lambda text: documents.notice(text, 0)):
        with pytest.raises(OSError, match="cannot be read"):
            read(document)


def test_numbers_are_finite() -> None:
    """What is no number in JSON is not written."""
    with pytest.raises(ValueError, match="JSON"):
        documents.text(approval(expires=float("nan")))


def test_people_are_told_apart() -> None:
    """Issuer and subject, each whole: no joining makes two people one."""
    keys = {documents.key(Person("x", *pair)) for pair in [("a", "b"), ("ab", ""), ("", "ab"), ('a", "b', "")]}
    assert len(keys) == 4
    assert documents.key(Person("other", "a", "b", "x")) == documents.key(Person("x", "a", "b"))


def test_approval_types() -> None:
    """Lists become tuples again, so that values compare and hash."""
    assert isinstance(documents.approval(documents.text(approval())).asks, tuple)
    assert isinstance(hash(documents.approval(documents.text(Approval(**_plain())))), int)


def _plain() -> dict[str, object]:
    given = approval()
    return {name: getattr(given, name) for name in _GOOD}
