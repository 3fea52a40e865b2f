"""What the evidence says of people's words about approvals and grants, also where no request stands by any more."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from interlock.approval.shown import escaped
from interlock.approval.steps import Step
from interlock.model import JSON, Grant, Person

__all__ = ["ENDS", "Evidence", "answered_event", "ended_event", "revoked_event"]

ENDS = frozenset({"expired", "withdrawn", "unknown"})
"""What becomes of an approval without anybody's word, and perhaps without any request standing by."""

type Evidence = Callable[[Mapping[str, JSON]], str]
"""Writes one event and says where it stands ("" where that is elsewhere), or raises Refused; it may block."""


def answered_event(made: Step) -> dict[str, JSON]:
    """Somebody said yes or no: about what, whose it is, how it stands then, and the grant that comes of it."""
    vote = made.after.votes[-1]
    found = _about(made) | {"approves": vote.approves, "rules": [*vote.rules], "by": _person(vote.by)}
    if made.grant is not None:
        found["grant"] = _grant(made.grant)
    return found


def ended_event(made: Step) -> dict[str, JSON]:
    """Its time was over, nobody waited for it any more, or nobody knows what became of it; and who had said what."""
    after = made.after
    votes: list[JSON] = [{"by": _person(vote.by), "approves": vote.approves, "at": vote.at} for vote in after.votes]
    return _about(made) | {"expires": after.expires, "votes": votes}


def revoked_event(grant: Grant, by: Person, why: str) -> dict[str, JSON]:
    """Somebody ended a grant before its time."""
    return {
        "what": "revoked",
        "approval": grant.approval,
        "grant": _grant(grant),
        "by": _person(by),
        "why": escaped(why),
    }


def _about(made: Step) -> dict[str, JSON]:
    after = made.after
    return {
        "what": made.said,
        "approval": after.id,
        "kind": str(after.kind),
        "fingerprint": after.fingerprint,
        "connection": after.connection,
        "operation": escaped(after.operation),
        "requester": _person(after.requester),
        "run": escaped(after.run),
        "why": escaped(made.why),
    }


def _grant(grant: Grant) -> dict[str, JSON]:
    return {
        "id": grant.id,
        "holder": _person(grant.holder),
        "connection": grant.connection,
        "operations": [escaped(name) for name in grant.operations],
        "rules": [*grant.rules],
        "begins": grant.begins,
        "until": grant.until,
    }


def _person(one: Person) -> dict[str, JSON]:
    return {"subject": escaped(one.subject), "issuer": escaped(one.issuer)}
