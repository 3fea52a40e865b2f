"""How long a grant lasts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.approval.values import AGENT, LENA, MAX, NOW, RULE, approval, vote

from interlock.approval.grants import given, term
from interlock.errors import Refused
from interlock.model import Approval, ApprovalKind, Ask, Grant
from interlock.reasons import Reason


def _given(asked: Approval, *earlier: Grant, now: float = NOW) -> Grant:
    found = given(asked, "grt-1", earlier, now)
    assert found is not None
    return found


def _reason(asked: Approval, *earlier: Grant, now: float = NOW) -> Reason:
    with pytest.raises(Refused) as refused:
        given(asked, "grt-1", earlier, now)
    return refused.value.reason


def test_a_yes_that_widens_gives_a_grant() -> None:
    """For whom, what, where, under which rules, how long, by whom and why."""
    asked = approval(votes=(vote(seconds=600, reason="migration"),), wanted={"operations": ["sql.write", "sql.read"]})
    found = _given(asked)

    assert (found.holder, found.connection, found.rules) == (AGENT, "warehouse", (RULE,))
    assert (found.operations, found.by, found.because) == (("sql.write", "sql.read"), (MAX,), "migration")
    assert (found.begins, found.until, found.since) == (NOW, NOW + 600, NOW)
    assert (found.rules_digest, found.approval) == (asked.rules_digest, asked.id)
    assert found.holds(NOW)
    assert not found.holds(NOW + 600)
    assert not replace(found, revoked=NOW + 1).holds(NOW + 2)


def test_everybody_has_to_widen_it() -> None:
    """The shortest time counts; who approves once, widens nothing."""
    asked = approval(asks=(Ask(RULE, 2, 1800),))
    assert _given(replace(asked, votes=(vote(MAX, seconds=600), vote(LENA, seconds=60)))).until == NOW + 60
    assert given(replace(asked, votes=(vote(MAX, seconds=600), vote(LENA))), "g", (), NOW) is None
    assert given(replace(asked, votes=()), "g", (), NOW) is None


def test_what_was_asked_for_is_its_length() -> None:
    """A question for a grant names its time; an approver may shorten it."""
    asked = approval(kind=ApprovalKind.GRANT, wanted={"operations": ["sql.write"], "seconds": 900})
    assert _given(replace(asked, votes=(vote(),))).until == NOW + 900
    assert _given(replace(asked, votes=(vote(seconds=60),))).until == NOW + 60
    assert _given(replace(asked, votes=(vote(seconds=1200),))).until == NOW + 900


@pytest.mark.parametrize(
    ("asks", "seconds"),
    [
        ((), 60.0),
        ((Ask("a"),), 60.0),
        ((Ask("a", 1, 600), Ask("b", 1, 0)), 60.0),
        ((Ask("a", 1, 600), Ask("b", 1, 60)), 61.0),
        ((Ask("a", 1, 600),), 0.0),
        ((Ask("a", 1, 600),), -5.0),
        ((Ask("a", 1, 600),), float("nan")),
        ((Ask("a", 1, 600),), float("inf")),
    ],
)
def test_no_rule_is_stretched(asks: tuple[Ask, ...], seconds: float) -> None:
    """Every asking rule has to allow it, and so much of it."""
    with pytest.raises(Refused) as refused:
        term(approval(asks=asks), seconds)
    assert refused.value.reason is Reason.GRANT_REFUSED


@pytest.mark.parametrize("wanted", [{"operations": []}, {"operations": ["sql.*"]}, {"operations": ["", 7]}])
def test_names_no_patterns(wanted: dict[str, list[object]]) -> None:
    """A grant for nothing, or for what nobody named, is none."""
    assert given(approval(votes=(vote(seconds=60),), wanted=wanted), "g", (), NOW) is None


def test_remaining_time_counts() -> None:
    """Granted again and again, it ends when the longest term of the first in the row does."""
    asked = approval(votes=(vote(seconds=1800),))
    first = _given(asked)
    second = _given(asked, first, now=NOW + 1200)
    assert (second.since, second.until) == (NOW, NOW + 1800)
    short = replace(first, until=NOW + 600)
    chained = _given(asked, short, now=NOW + 500)
    assert (chained.since, chained.until) == (NOW, NOW + 1800)
    third = _given(asked, replace(chained, id="grt-2"), now=NOW + 1700)
    assert (third.since, third.until) == (NOW, NOW + 1800)
    assert _reason(asked, replace(third, until=NOW + 1900), now=NOW + 1800) is Reason.GRANT_REFUSED


def test_other_rows_do_not_count() -> None:
    """Somebody else's, on another connection, under another rule, or over: a new row."""
    asked = approval(votes=(vote(seconds=1800),))
    first = _given(asked)
    others = (
        replace(first, holder=MAX),
        replace(first, connection="other"),
        replace(first, rules=("other",)),
        replace(first, revoked=NOW + 1),
        replace(first, until=NOW + 100),
    )
    assert _given(asked, *others, now=NOW + 1200).until == NOW + 3000
