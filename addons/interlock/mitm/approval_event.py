"""What the evidence says of an approval: how it stands, for which rules, who said what; never all that was asked."""

from __future__ import annotations

from interlock.approval.shown import escaped
from interlock.model import JSON, Approval

__all__ = ["approval_event"]


def approval_event(approval: Approval, state: str = "", why: str = "") -> dict[str, JSON]:
    """The data of an `approval` event; `state` says what happened where that is not its state."""
    votes: list[JSON] = [
        {
            "by": vote.by.subject,
            "issuer": vote.by.issuer,
            "approves": vote.approves,
            "rules": [*vote.rules],
            "at": vote.at,
            "why": escaped(vote.reason),
        }
        for vote in approval.votes
    ]
    return {
        "approval": approval.id,
        "kind": str(approval.kind),
        "state": state or str(approval.state),
        "connection": approval.connection,
        "operation": approval.operation,
        "rules": [ask.rule for ask in approval.asks],
        "fingerprint": approval.fingerprint,
        "expires": approval.expires,
        "votes": votes,
        "why": why,
    }
