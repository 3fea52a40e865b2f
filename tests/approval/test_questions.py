"""What people are asked."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.approval.values import AGENT, MAX, NOW, RULE

from interlock.approval.questions import about_access, about_operation, new_id
from interlock.errors import Refused
from interlock.model import Approval, ApprovalKind, Ask
from interlock.reasons import Reason


def _access(**members: Any) -> Approval:
    usual: dict[str, Any] = {
        "requester": AGENT, "connection": "warehouse", "operations": ["sql.write", "sql.read"], "seconds": 600.0,
        "now": NOW, "id": "apr-1", "asks": (Ask(RULE, 1, 1800),), "expires_in": 60.0, "rules_digest": "d",
    }  # fmt: skip
    given = {**usual, **members}
    return about_access(
        given.pop("requester"), given.pop("connection"), given.pop("operations"), given.pop("seconds"), **given
    )


def test_ids_are_not_guessed() -> None:
    """80 random bits, in letters that are not mixed up."""
    ids = {new_id("apr") for _ in range(100)}
    assert len(ids) == 100
    assert all(re.fullmatch(r"apr-[0-9a-hjkmnp-tv-z]{16}", id) for id in ids)


def test_a_question_for_a_grant() -> None:
    """It shows what it is about, and lasts as long as it was given."""
    found = _access()
    assert (found.kind, found.expires, found.operation) == (ApprovalKind.GRANT, NOW + 60, "sql.write")
    assert found.wanted == {"operations": ["sql.write", "sql.read"], "seconds": 600.0}
    assert found.shown == found.wanted


def test_asked_twice_it_is_one_question() -> None:
    """Order and repetition are no difference; anything else is."""
    mark = _access().fingerprint
    assert _access(operations=["sql.read", "sql.write", "sql.read"], id="apr-2", now=NOW + 9).fingerprint == mark
    others = [
        _access(requester=MAX), _access(connection="x"), _access(operations=["sql.write"]), _access(seconds=60.0),
        _access(rules_digest="e"), _access(kind=ApprovalKind.BREAK_GLASS),
    ]  # fmt: skip
    assert len({mark, *(one.fingerprint for one in others)}) == 7


@pytest.mark.parametrize("operations", [[], ["sql.*"], [""], [f"sql.{n}" for n in range(51)]])
def test_no_patterns(operations: list[str]) -> None:
    """Names only, and a list that a person can read."""
    with pytest.raises(Refused) as refused:
        _access(operations=operations)
    assert refused.value.reason is Reason.GRANT_REFUSED


def test_an_operation_is_what_a_grant_would_cover() -> None:
    """Unless more names are given."""
    found = about_operation(AGENT, "w", "sql.write", now=NOW, id="a", asks=(), expires_in=1.0)
    assert found.wanted == {"operations": ["sql.write"]}
    more = about_operation(AGENT, "w", "a", now=NOW, id="a", asks=(), expires_in=1.0, operations=["a", "b", "a"])
    assert more.wanted == {"operations": ["a", "b"]}
