"""Approve: what rules want reviewed waits for a person, or is answered with a ticket; what was approved runs once.

A held request is judged again before it goes on: who asks, by which rules, whether its client is still there, whether
those who said yes may. The claim that makes an approval used comes last; one request in the world gets it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import replace

from mitmproxy import http

from interlock.approval.people import person
from interlock.engine.question import Question, release, request_question
from interlock.errors import Refused, TokenRejected
from interlock.mitm.call import Call
from interlock.mitm.cutting import cut
from interlock.mitm.desks import unavailable
from interlock.mitm.estimates import Estimates
from interlock.mitm.moment import context_now
from interlock.mitm.products import Approved, Decided
from interlock.mitm.refusals import Denied
from interlock.mitm.saying import error_kind
from interlock.mitm.services import Services
from interlock.mitm.stage import Stage, need
from interlock.mitm.tickets import ticket
from interlock.model import JSON, Approval, ApprovalState, Effect
from interlock.reasons import Reason

__all__ = ["Approve"]

_MARK, _HUNG, _ATTESTED = "approval", "hung", "attested"
_SHARE = 20
"""How many may wait for one answer; the very same request once more gets its ticket, and takes nobody's place."""


class Approve(Stage):
    """Needs `Decided`, gives `Approved` for what is permitted, granted or approved."""

    name = "approve"
    after = ("authorize",)

    def __init__(self, services: Services) -> None:
        self._services = services
        self._estimates = Estimates(services)

    async def request(self, call: Call, flow: http.HTTPFlow) -> None:
        """Pass what is permitted; ask about what is to be reviewed; everything else ends here."""
        decided = need(call.decided)
        if decided.decision.effect is Effect.REVIEW:
            decided = call.decided = await self._ask(call, flow, decided)
            call.forget_secrets()
        if decided.decision.effect is not Effect.PERMIT:
            raise Denied(decided.decision)
        if decided.decision.grants:
            self._hang(call, flow, decided.decision.grants)
        if decided.decision.attested:
            self._hang_on_reviews(call, flow, decided)
        call.approved = Approved(decided)

    async def response(self, call: Call, flow: http.HTTPFlow) -> None:
        """It ran, and this came of it. Raises Refused when what let it run is over: only what streams was given."""
        if call.ended is not None and call.reply_stream is None:
            raise call.ended
        self._end(call, f"answered {flow.response.status_code}" if flow.response is not None else "no answer")

    async def stopped(self, call: Call, flow: http.HTTPFlow) -> None:
        """A later stage, or the answer, was refused."""
        self._end(call, f"stopped: {call.refusal.reason}" if call.refusal is not None else "stopped")

    async def error(self, call: Call, flow: http.HTTPFlow) -> None:
        """It ended without an answer."""
        self._end(call, f"no answer: {error_kind(flow.error.msg if flow.error else '')}")

    # -- asking

    async def _ask(self, call: Call, flow: http.HTTPFlow, decided: Decided) -> Decided:
        approvals = self._services.approvals
        principal, run = decided.authenticated.principal, decided.authenticated.run
        question = self._question(call, decided)
        async with self._estimates.turn(decided):
            if self._estimates.wanted(decided) and await approvals.is_new(principal, question):
                question = await self._estimates.add(decided, question)
            found = await approvals.open(call, principal, run, question)
        call.marks["asked"] = found.id
        full = approvals.held >= self._services.rules.gateway.limits.held or approvals.waiting_for(found.id) >= _SHARE
        hold = 0.0 if full else question.hold
        if found.state is ApprovalState.PENDING and hold > 0:
            found = await approvals.wait(found.id, hold, flow.client_conn)
        return await self._released(call, flow, decided, question, found)

    def _question(self, call: Call, decided: Decided) -> Question:
        connection = decided.authenticated.contained.connection
        return request_question(
            self._services.rules,
            connection,
            person(decided.authenticated.principal),
            context_now(self._services, decided),
            decided.exchange,
            decided.operations,
            decided.decision,
            self._services.masks.for_people(call, connection),
        )

    async def _released(
        self, call: Call, flow: http.HTTPFlow, decided: Decided, question: Question, found: Approval
    ) -> Decided:
        """What becomes of it now that it is decided, or that its time is over. Raises Refused."""
        again = self._again(decided, question)
        approvals, contained = self._services.approvals, decided.authenticated.contained
        if found.state is ApprovalState.APPROVED:
            if again.decision.effect is Effect.REVIEW:
                policy, now = self._services.rules.policy, self._services.clock.now()
                release(policy, again.decision, found, person(again.authenticated.principal), now)
            with unavailable():
                used = await approvals.desk.claim(found.id, question.fingerprint)
            call.marks[_MARK] = used.id
            approvals.note(call, used)
            self._still(flow, question)
            reason = Reason.APPROVED
            return replace(again, decision=replace(again.decision, effect=Effect.PERMIT, reason=reason, remedy=""))
        if again.decision.effect is Effect.PERMIT:
            approvals.later(approvals.withdraw(found.id, "it was granted meanwhile"))
            return again
        approvals.note(call, found)
        raise ticket(again.decision, found, contained)

    def _again(self, decided: Decided, question: Question) -> Decided:
        """The decision as it would be made now, about the very same request. Raises Refused."""
        services, authenticated = self._services, decided.authenticated
        if not services.verifier.still_valid(authenticated.principal, services.clock.now()):
            raise TokenRejected(Reason.TOKEN_EXPIRED)
        self._same_rules(question)
        services.tools.check(authenticated.contained.connection, decided.operations)
        decision = services.judge.decide_in(context_now(self._services, decided), decided.operations)
        if decision.effect is Effect.FORBID:
            raise Denied(decision)
        return replace(decided, decision=decision)

    def _still(self, flow: http.HTTPFlow, question: Question) -> None:
        """The claim took a moment: the client and the rules are those it was made for. Raises Refused."""
        if not flow.client_conn.connected:
            raise Refused(Reason.APPROVAL_WITHDRAWN, "the client left; it was not run")
        self._same_rules(question)

    def _same_rules(self, question: Question) -> None:
        if self._services.rules.digest != question.rules_digest:
            raise Refused(Reason.APPROVAL_OUTDATED, hint="send it again: it is judged by the rules as they are now")

    # -- while it runs

    def _hang(self, call: Call, flow: http.HTTPFlow, grants: tuple[str, ...]) -> None:
        """What runs under grants ends with them, in the middle of whatever it is doing."""

        def over(why: str) -> None:
            call.marks.pop(_HUNG, None)
            self._over(call, flow, why, f"the grant: {why}", "grant", {"grants": [*grants]})

        self._let_go(call)
        call.marks[_HUNG] = self._services.approvals.desk.hang(grants, over)

    def _hang_on_reviews(self, call: Call, flow: http.HTTPFlow, decided: Decided) -> None:
        """What runs by permissions that somebody stands by ends when nobody does any more."""

        def over(why: str) -> None:
            call.marks.pop(_ATTESTED, None)
            self._over(call, flow, why, why, "access-review", {"rules": [*decided.decision.attested]})

        call.marks[_ATTESTED] = self._services.reviewing.hang(decided, over)

    def _over(
        self, call: Call, flow: http.HTTPFlow, why: str, words: str, kind: str, about: Mapping[str, JSON]
    ) -> None:
        cut(self._services, call, flow, words)
        if call.session is not None:
            with contextlib.suppress(Exception):  # it ends, and so do others, whether or not that can be written
                call.session.append(kind, {**about, "state": why, "decision": call.reference})

    @staticmethod
    def _let_go(call: Call) -> None:
        for mark in (_HUNG, _ATTESTED):
            let_go = call.marks.pop(mark, None)
            if let_go is not None:
                let_go()

    def _end(self, call: Call, outcome: str) -> None:
        self._let_go(call)
        used = call.marks.pop(_MARK, None)
        if used is not None:
            self._services.approvals.finish(used, outcome)
        self._services.proposed.end(call)
