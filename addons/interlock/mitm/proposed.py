"""Calls that a model proposes and rules want reviewed: they become text with a ticket, and pass once when approved.

A reply is judged while it streams, so nothing can be waited for. What was approved is leased before the reply is read;
a call that nobody has approved is asked about beside the reply, under the id that its text already names.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from interlock.approval.people import person
from interlock.approval.questions import new_id
from interlock.engine.question import Question, call_question, release
from interlock.errors import Refused
from interlock.mitm.call import Call
from interlock.mitm.leases import Leases
from interlock.mitm.moment import context_now
from interlock.mitm.products import Decided
from interlock.mitm.refusals import Denied
from interlock.mitm.tickets import ticket
from interlock.model import Approval, ApprovalKind, ApprovalState, Effect, Person
from interlock.policy.reach import AGENT
from interlock.reasons import Reason

if TYPE_CHECKING:
    from interlock.mitm.services import Services

__all__ = ["Proposed"]

_ASKED = 10_000
_LOOKED_AT = 8


@dataclass(slots=True)
class _Asked:
    """What was asked about one call, as it is known here; `refused` is why it could not be asked."""

    who: Person
    approval: Approval
    refused: Refused | None = None
    opening: bool = False


class Proposed:
    """Used from the event loop; `judge` never waits."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._leases = Leases()
        self._asked: OrderedDict[str, _Asked] = OrderedDict()

    async def begin(self, call: Call, who: Person) -> None:
        """A reply begins: have ready what its principal may run, and how its questions stand. Never raises."""
        approvals = self._services.approvals
        if not approvals.usable:
            return
        try:
            standing = [one for one in self._asked.values() if one.who == who and _is_open(one)]
            for one in standing[-_LOOKED_AT:]:
                one.approval = await approvals.desk.get(one.approval.id) or one.approval
                approvals.desk.board.saw(one.approval)
            self._leases.add(call, who, await approvals.desk.lease(who, AGENT))
        except (OSError, Refused):
            return

    def end(self, call: Call) -> None:
        """The reply was read: what it did not need is given back."""
        left = self._leases.end(call)
        if left:
            self._services.approvals.later(self._give_back(left))

    def judge(self, call: Call, decided: Decided) -> tuple[Decided, str]:
        """What may pass, with the id of its approval. Raises Denied: with a ticket, or why nobody can be asked."""
        try:
            return self._judge(call, decided)
        except Denied:
            raise
        except Refused as error:
            decision = replace(decided.decision, reason=error.reason, remedy=error.hint)
            raise Denied(decision, str(error)) from None

    def _judge(self, call: Call, decided: Decided) -> tuple[Decided, str]:
        services = self._services
        if not services.approvals.usable:
            raise Refused(Reason.APPROVAL_UNAVAILABLE)
        who, now = person(decided.authenticated.principal), services.clock.now()
        connection = decided.authenticated.contained.connection
        question = call_question(
            services.rules,
            connection,
            who,
            context_now(services, decided),
            decided.operations,
            decided.decision,
            services.masks.for_people(call, connection),
        )
        leased = self._leases.find(call, question.fingerprint, now)
        if leased is None:
            raise ticket(decided.decision, self._ask(call, decided, question, who, now), call.contained)
        taken = services.approvals.desk.board.taken_back(leased.id)
        if taken is not None:
            raise ticket(decided.decision, replace(taken, state=ApprovalState.DENIED), call.contained)
        release(services.rules.policy, decided.decision, leased, who, now)
        decision = replace(decided.decision, effect=Effect.PERMIT, reason=Reason.APPROVED, remedy="")
        return replace(decided, decision=decision), leased.id

    def use(self, call: Call, id: str) -> None:
        """The call goes to the agent. Raises Refused when it is used already, or that cannot be written down."""
        leased = self._leases.take(id)
        if leased is None:
            raise Refused(Reason.APPROVAL_USED)
        self._services.approvals.finish(id, "handed to the agent")
        self._asked.pop(leased.fingerprint, None)
        self._services.approvals.note(call, leased)

    # -- asking

    def _ask(self, call: Call, decided: Decided, question: Question, who: Person, now: float) -> Approval:
        """How the question stands, as far as is known; it is asked, or asked anew, beside the reply. Raises Refused."""
        known = self._asked.get(question.fingerprint)
        if known is not None and (known.opening or self._still_counts(known, now)):
            if known.refused is not None:
                raise known.refused
            return known.approval
        approval = Approval(
            id=new_id("apr"),
            kind=ApprovalKind.OPERATION,
            fingerprint=question.fingerprint,
            requester=who,
            connection=question.connection,
            operation=question.operation,
            rules_digest=question.rules_digest,
            created=now,
            expires=now + question.expires,
            asks=question.asks,
        )
        asked = self._asked[question.fingerprint] = _Asked(who, approval, opening=True)
        self._asked.move_to_end(question.fingerprint)
        if len(self._asked) > _ASKED:
            self._asked.popitem(last=False)
        self._services.approvals.later(self._open(call, decided, question, asked))
        return approval

    def _still_counts(self, known: _Asked, now: float) -> bool:
        """Whether what is known says all; after a while a no, or a question that could not be asked, is asked anew."""
        cooldown = self._services.rules.gateway.limits.cooldown
        if known.refused is not None:
            return now < known.approval.created + cooldown
        if known.approval.state is ApprovalState.DENIED:
            return now < known.approval.votes[-1].at + cooldown
        return known.approval.state in (ApprovalState.PENDING, ApprovalState.APPROVED) and now < known.approval.expires

    async def _open(self, call: Call, decided: Decided, question: Question, asked: _Asked) -> None:
        principal, run, named = decided.authenticated.principal, decided.authenticated.run, asked.approval.id
        approvals = self._services.approvals
        try:
            asked.approval = await approvals.open(call, principal, run, question, id=named)
        except Refused as error:
            asked.refused = error
        finally:
            asked.opening = False
            approvals.named(named, asked.approval, asked.refused)

    async def _give_back(self, left: Iterable[Approval]) -> None:
        try:
            await self._services.approvals.desk.give_back(left)
        except (OSError, Refused):
            return


def _is_open(asked: _Asked) -> bool:
    return asked.refused is None and asked.approval.state in (ApprovalState.PENDING, ApprovalState.APPROVED)
