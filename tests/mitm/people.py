"""People who decide, through the desk of a gateway or one of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from tests.mitm.harness import PATIENCE, Running

from interlock.approval.desk import Desk
from interlock.model import Approval, ApprovalState, Grant, Person
from interlock.policy import speaks_for

__all__ = ["ISSUER", "People", "reviewer"]

ISSUER = "https://issuer.example.com"


def reviewer(name: str = "rita", *groups: str, acting_for: str = "") -> Person:
    """Somebody who may approve."""
    return Person("demo", ISSUER, name, acting_for, groups or ("reviewer",))


@dataclass
class People:
    """Decides what a gateway asks, as a console would."""

    gateway: Running

    @property
    def desk(self) -> Desk:
        """Where they decide."""
        return self.gateway.services.approvals.desk

    async def asked(self, count: int = 1, *states: ApprovalState) -> Sequence[Approval]:
        """The questions, once there are so many."""
        await self.gateway.services.approvals.opened()
        async with asyncio.timeout(PATIENCE):
            while True:
                found = await self.desk.queue(states or (ApprovalState.PENDING,))
                if len(found) >= count:
                    return found
                await asyncio.sleep(0.01)

    async def decide(
        self,
        approval: Approval,
        by: Person | None = None,
        *,
        approves: bool = True,
        reason: str = "",
        seconds: float = 0,
    ) -> Approval:
        """One word, for every rule that names them."""
        who = by or reviewer()
        policy = self.gateway.services.rules.policy
        rules = speaks_for(policy, [ask.rule for ask in approval.asks], who, approval.requester)
        return await self.desk.vote(approval.id, who, approves=approves, reason=reason, rules=rules, seconds=seconds)

    async def approve_next(self, **said: object) -> Approval:
        """Approve what is asked next."""
        return await self.decide((await self.asked())[0], **said)  # type: ignore[arg-type]

    async def grant_next(self, seconds: float) -> Grant:
        """Approve it and more of the same for a while."""
        await self.approve_next(seconds=seconds)
        return (await self.desk.granted())[0]

    async def stands(self, id: str, state: ApprovalState) -> Approval:
        """The approval once it stands so."""
        async with asyncio.timeout(PATIENCE):
            while True:
                found = await self.desk.get(id)
                if found is not None and found.state is state:
                    return found
                await asyncio.sleep(0.01)

    async def ended(self, id: str, outcome: str = "") -> Approval:
        """The approval once it is known what came of it."""
        async with asyncio.timeout(PATIENCE):
            while True:
                found = await self.desk.get(id)
                if found is not None and found.outcome and outcome in found.outcome:
                    return found
                await asyncio.sleep(0.01)
