"""What becomes of an approval, with what its history says of it: the steps that a desk takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from interlock.approval import states
from interlock.approval.grants import given, term
from interlock.approval.people import named
from interlock.approval.questions import new_id
from interlock.errors import Refused
from interlock.model import Approval, ApprovalState, Grant, Vote
from interlock.reasons import Reason

__all__ = ["Step", "answer", "claim", "expire", "finish", "give_back", "lose", "withdraw"]


@dataclass(frozen=True, slots=True)
class Step:
    """How an approval stands after a step, what its history says of it, by whom, why, and the grant that it gives."""

    after: Approval
    said: str
    by: str = ""
    why: str = ""
    grant: Grant | None = None


def answer(said: Vote, earlier: Sequence[Grant], approval: Approval, now: float) -> Step:
    """Somebody's word. `earlier` are the requester's grants in force. Raises Refused."""
    after = states.vote(approval, said, now)
    if said.approves and said.seconds:
        term(approval, said.seconds)
    grant = None
    if said.approves and after.state in (ApprovalState.APPROVED, ApprovalState.USED):
        grant = given(after, new_id("grt"), earlier, now)
        if grant is None and after.state is ApprovalState.USED:
            raise Refused(Reason.GRANT_REFUSED)
    decided = "approved" if said.approves else "denied"
    voted = "voted" if after.state is ApprovalState.PENDING or states.is_leased(after) else decided
    return Step(after, voted, named(said.by), said.reason, grant)


def claim(fingerprint: str, gateway: str, outcome: str, approval: Approval, now: float) -> Step:
    """It is used by a gateway, now (outcome "") or perhaps (`leased`). Raises Refused."""
    lease = outcome == states.LEASED
    after = states.claim(approval, fingerprint, now, gateway=gateway, lease=lease)
    return Step(after, "leased" if lease else "used", why=gateway)


def give_back(gateway: str, approval: Approval, now: float) -> Step:
    """A lease was not needed. Raises Refused."""
    after = states.give_back(approval, now, gateway=gateway)
    return Step(after, "denied" if after.state is ApprovalState.DENIED else "given-back")


def finish(outcome: str, approval: Approval, now: float) -> Step:
    """What ran has ended. Raises Refused."""
    return Step(states.finish(approval, outcome), "finished", why=outcome)


def lose(approval: Approval, now: float) -> Step:
    """Who used it was not heard of again. Raises Refused."""
    if approval.outcome not in states.OPEN_OUTCOMES:
        raise states.refusal(approval, now)
    return Step(states.finish(approval, states.UNKNOWN), "unknown", why="its gateway was not heard of again")


def withdraw(why: str, approval: Approval, now: float) -> Step:
    """Nobody waits for it any more. Raises Refused."""
    return Step(states.withdraw(approval, now), "withdrawn", why=why)


def expire(approval: Approval, now: float) -> Step:
    """Its time is over. Raises Refused."""
    return Step(states.expire(approval, now), "expired")
