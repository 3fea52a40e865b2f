"""People, approvals and a clock for tests of approvals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from interlock.model import Approval, ApprovalKind, Ask, Person, Vote

__all__ = ["AGENT", "ERIKA", "LENA", "MAX", "NOW", "RULE", "ManualClock", "approval", "vote"]

NOW = 1_800_000_000.0
RULE = "writers-ask"
AGENT = Person("corp", "https://idp.example.com", "agent-7", acting_for="erika@example.com", groups=("data-writer",))
ERIKA = Person("corp", "https://idp.example.com", "erika@example.com", groups=("dba",))
MAX = Person("corp", "https://idp.example.com", "max@example.com", groups=("dba",))
LENA = Person("corp", "https://idp.example.com", "lena@example.com", groups=("dba",))


class ManualClock:
    """A clock that goes when it is told to; `ran` is what only ever goes on."""

    def __init__(self, now: float = NOW) -> None:
        self.time = now
        self.ran = 0.0

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.ran


def approval(**members: Any) -> Approval:
    """A question about one write, ten minutes long, for which one person has to decide."""
    usual = Approval(
        id="apr-0000000000000001",
        kind=ApprovalKind.OPERATION,
        fingerprint="f" * 64,
        requester=AGENT,
        connection="warehouse",
        operation="sql.write",
        rules_digest="d" * 64,
        created=NOW,
        expires=NOW + 600,
        asks=(Ask(RULE, 1, 1800.0),),
        shown={"sql": "UPDATE orders SET paid = true WHERE id = 7"},
        wanted={"operations": ["sql.write"]},
        gateway="one/1",
    )
    return replace(usual, **members)


def vote(by: Person = MAX, approves: bool = True, **members: Any) -> Vote:
    """Max says yes for the one rule that asks."""
    return replace(Vote(by, approves, NOW, (RULE,), "" if approves else "not today"), **members)
