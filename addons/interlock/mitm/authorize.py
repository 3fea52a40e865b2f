"""Authorize: the body is decoded and read, its operations found, and the policy asked, in both directions.

Exchange -> operations -> decision is `engine.judge`; this stage hands it exchanges and obeys. Large bodies and heavy
statements are read in a worker thread, so that one agent's query does not hold up the others.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from mitmproxy import http

from interlock import commands
from interlock.approval.people import person
from interlock.errors import BodyRejected, InterlockError, Refused
from interlock.mitm.call import Call
from interlock.mitm.evidence import reply_event
from interlock.mitm.products import Authenticated, Decided
from interlock.mitm.refusals import Denied, comment_of
from interlock.mitm.services import Services
from interlock.mitm.snapshot import exchange_of_request
from interlock.mitm.stage import Stage, need
from interlock.model import JSON, Effect, Exchange, Operation, Refusal
from interlock.policy import Context
from interlock.policy.could import could
from interlock.protocols.replies import Find
from interlock.reasons import Reason
from interlock.settings import Connection

__all__ = ["Authorize"]

_INLINE = 2 * 1024  # what takes no time worth a thread, however it is written
_WORKERS = 2


class Authorize(Stage):
    """Needs `Authenticated`, gives `Decided`; a decision that forbids ends here."""

    name = "authorize"
    after = ("authenticate",)

    def __init__(self, services: Services) -> None:
        self._services = services
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="interlock-judge")

    async def request(self, call: Call, flow: http.HTTPFlow) -> None:
        """Read, judge, and let go on only what is permitted or under review."""
        authenticated = need(call.authenticated)
        connection = authenticated.contained.connection
        self._services.check_current(connection)
        exchange = exchange_of_request(flow, authenticated.contained, connection.max_body)
        exchange = await self._services.masks.restored(call, exchange, connection)
        call.request_body = exchange.body
        if connection.protocol == "mcp":
            session = exchange.header("mcp-session-id")
            self._services.mcp_sessions.claim(connection.name, session, authenticated.principal)
        document, operations = await self._read(exchange, connection)
        call.decided = await self._decided(authenticated, exchange, document, operations)
        if call.decided.decision.effect is Effect.FORBID:
            raise Denied(call.decided.decision)
        self._services.tools.check(connection, operations)

    async def _decided(
        self, authenticated: Authenticated, exchange: Exchange, document: JSON, operations: tuple[Operation, ...]
    ) -> Decided:
        """Where the blocklist searches texts, a large body is searched beside the others' requests."""
        blocklist = self._services.rules.policy.blocklist
        if len(exchange.body) <= _INLINE or blocklist is None or not blocklist.texts:
            return self._decide(authenticated, exchange, document, operations)
        return await self._in_worker(lambda: self._decide(authenticated, exchange, document, operations))

    def _decide(
        self, authenticated: Authenticated, exchange: Exchange, document: JSON, operations: tuple[Operation, ...]
    ) -> Decided:
        services = self._services
        rules = services.rules.digest
        decision = services.judge.decide(
            authenticated.principal,
            authenticated.contained.connection,
            exchange,
            operations,
            path=authenticated.contained.path,
            document=document,
            now=services.clock.now(),
            observe=services.observing(),
            grants=services.approvals.grants(authenticated.principal),
            reviews=services.reviewing.known(),
        )
        return Decided(authenticated, exchange, document, operations, decision, rules)

    async def _read(self, exchange: Exchange, connection: Connection) -> tuple[JSON, tuple[Operation, ...]]:
        judge = self._services.judge

        def work() -> tuple[JSON, tuple[Operation, ...]]:
            try:
                document = judge.read(exchange, connection)
                operations = judge.operations(exchange, connection, document)
                return document, operations + self._services.tools.commands(exchange, connection, operations)
            except RecursionError:
                raise BodyRejected(Reason.BODY_UNPARSABLE, "the body is nested too deeply") from None

        if len(exchange.body) + len(exchange.query) <= _INLINE:
            return work()
        return await self._in_worker(work)

    async def _in_worker[T](self, work: Callable[[], T]) -> T:
        """What `work` gives, from a thread. Commands that nobody waits for any longer are not read to their end."""
        loop, stopped = asyncio.get_running_loop(), threading.Event()
        limit = self._services.rules.gateway.limits.analyse_time

        def stoppable() -> T:
            with commands.stopping(stopped.is_set):
                return work()

        try:
            return await asyncio.wait_for(loop.run_in_executor(self._pool, stoppable), limit)
        except TimeoutError:
            raise Refused(Reason.NOT_UNDERSTOOD, "reading the body took longer than analyse_time allows") from None
        finally:
            stopped.set()

    # -- replies

    async def response_headers(self, call: Call, flow: http.HTTPFlow) -> None:
        """What an answer proposes is judged block by block; an upstream's own refusal of our credential is named."""
        contained, response = need(call.contained), flow.response
        if response is not None and response.status_code in (401, 407) and contained.connection.credential is not None:
            raise Refused(Reason.CREDENTIAL_REJECTED)
        if response is not None and response.status_code == 101 and not contained.connection.websocket:
            raise Refused(Reason.UPGRADE_REFUSED)
        reply = need(call.reply)
        reply.judge = lambda find: self._judge_proposal(call, flow, find)
        reply.may = lambda operation: self._may(call, operation)
        reply.offered = lambda offer: self._services.tools.offered(call, offer)
        if reply.reads is not None and call.authenticated is not None:
            await self._services.proposed.begin(call, person(call.authenticated.principal))
        if response is not None and contained.connection.protocol == "mcp" and call.authenticated is not None:
            session = response.headers.get("mcp-session-id", "")
            self._services.mcp_sessions.claim(contained.connection.name, session, call.authenticated.principal)

    def _may(self, call: Call, operation: Operation) -> bool:
        """Whether the policy, or a person whom it asks, could let an operation pass. Never raises."""
        services, decided = self._services, call.decided
        if decided is None:
            return False
        contained = decided.authenticated.contained
        context = Context(
            principal=decided.authenticated.principal,
            connection=contained.connection.name,
            method=decided.exchange.method,
            path=contained.path,
            now=services.clock.now(),
            observe=services.observing(),
            grants=services.approvals.grants(decided.authenticated.principal),
            reviews=services.reviewing.known(),
        )
        return could(services.rules.policy, context, operation)

    def _judge_proposal(self, call: Call, flow: http.HTTPFlow, find: Find) -> Refusal | None:
        """The policy's word on what an answer proposes; recorded before it is released. Never raises."""
        error: Exception | None
        try:
            operations = tuple(find())
            if not operations:
                return None
            error, reference = self._verdict(call, flow, operations)
            if error is None:
                return None
        except Exception as failure:
            error, operations, reference = failure, (), call.reference
        refusal = _refusal(error, operations, reference)
        flow.marked, flow.comment = ":red_circle:", comment_of(refusal, "rewritten")
        return refusal

    def _verdict(self, call: Call, flow: http.HTTPFlow, operations: tuple[Operation, ...]) -> tuple[Denied | None, str]:
        """Why a call may not go on, if so, and where that stands in the evidence. Raises Refused."""
        decided = self._decide_reply(call, operations)
        error, approval = None, ""
        if decided.decision.effect is Effect.REVIEW:
            try:
                decided, approval = self._services.proposed.judge(call, decided)
            except Denied as denied:
                error, approval = denied, str(denied.approval.get("id", ""))
                decided = replace(decided, decision=denied.decision)
        elif not decided.decision.permits:
            error = Denied(decided.decision)
        reference = self._note(call, flow, decided, Reason.of(decided.decision.reason), approval)
        if error is None and approval:
            self._services.proposed.use(call, approval)
        return error, reference

    def _decide_reply(self, call: Call, operations: tuple[Operation, ...]) -> Decided:
        decided = need(call.decided)
        return self._decide(decided.authenticated, decided.exchange, decided.document, operations)

    def _note(self, call: Call, flow: http.HTTPFlow, decided: Decided, reason: Reason, approval: str = "") -> str:
        """The judgement of a reply, in the evidence. Raises Refused when it cannot be written and something records."""
        if call.session is None:
            return ""
        return call.session.append("reply", reply_event(self._services, call, flow, decided, reason, approval))


def _refusal(error: Exception, operations: tuple[Operation, ...], reference: str) -> Refusal:
    reason = error.reason if isinstance(error, InterlockError) else Reason.INTERNAL_ERROR
    message = str(error) if isinstance(error, InterlockError) else reason.says
    if not isinstance(error, Denied):
        return Refusal(str(reason), message, reference=reference)
    operation = error.decision.operation or operations[0]
    return Refusal(str(reason), message, error.decision.remedy, reference, operation.name, approval=error.approval)
