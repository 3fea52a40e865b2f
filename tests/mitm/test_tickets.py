"""What agents are told of an approval in each of its states: never who decides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from interlock.mitm.tickets import place_of, standing, ticket
from interlock.model import Approval, ApprovalKind, ApprovalState, Decision, Effect, Person, Vote

ERIKA = Person("corp", "https://idp.example.com", "erika")
RITA = Person("corp", "https://idp.example.com", "rita-the-reviewer")
ASKED = Approval("apr-1", ApprovalKind.OPERATION, "f", ERIKA, "docs", "http.post", "d", 0.0, 900.0)
SAID = Vote(RITA, False, 1.0, ("ask",), "not before\nthe backup")


@pytest.mark.parametrize(
    ("state", "reason", "says"),
    [
        (ApprovalState.PENDING, "approval-pending", "very same call again"),
        (ApprovalState.APPROVED, "approval-pending", "approved now"),
        (ApprovalState.DENIED, "approval-denied", "Do not try it again"),
        (ApprovalState.EXPIRED, "approval-expired", "asked anew"),
        (ApprovalState.WITHDRAWN, "approval-withdrawn", "asked anew"),
        (ApprovalState.USED, "approval-used", "asked anew"),
    ],
)
def test_each_state_says_how_to_go_on(state: ApprovalState, reason: str, says: str) -> None:
    """With the id, for programs and for models."""
    votes = (SAID,) if state is ApprovalState.DENIED else ()
    told = ticket(Decision(Effect.REVIEW, rule="ask"), replace(ASKED, state=state, votes=votes), None)
    assert told.reason == reason
    assert says in told.decision.remedy
    assert "apr-1" in told.decision.remedy
    assert told.approval["id"] == "apr-1"
    assert told.approval["state"] == str(state)
    assert "rita" not in f"{told}{told.decision.remedy}{dict(told.approval)}"


def test_a_no_is_told_with_its_reason_in_one_line() -> None:
    """In the person's words, and nothing that plays tricks."""
    denied = replace(ASKED, state=ApprovalState.DENIED, votes=(SAID,))
    assert "not before\\u{a}the backup" in str(ticket(Decision(Effect.REVIEW), denied, None))
    assert standing(denied)["reason"] == "not before\\u{a}the backup"


def test_what_ran_says_what_came_of_it() -> None:
    """As far as it is known."""
    used = replace(ASKED, state=ApprovalState.USED)
    assert standing(used)["outcome"] == "running"
    assert standing(replace(used, outcome="unknown"))["outcome"] == "unknown"


def test_the_place_is_in_the_agents_own_placement() -> None:
    """Without one it is the proxy's."""
    assert place_of(None, "apr-1") == "http://interlock.internal/approvals/apr-1"
