"""Record: the decision is in the evidence before the request leaves, the answer before it is handed on.

What is written comes from masked snapshots, never from the live flow (invariants 5 and 6): bodies as they left and as
they were answered, after the `recordings` masks; headers without any credential.
"""

from __future__ import annotations

import functools
import time

from mitmproxy import http
from msgspec import UNSET, Raw

from interlock.errors import Refused
from interlock.mitm import flowsnapshot
from interlock.mitm.call import Call
from interlock.mitm.evidence import EFFECTS, decision_event, given_to, usage_of
from interlock.mitm.products import Recorded
from interlock.mitm.saying import error_kind
from interlock.mitm.services import Services
from interlock.mitm.stage import Stage, need
from interlock.model import JSON
from interlock.reasons import Reason
from interlock.recording.canonical import canonical
from interlock.recording.exchange_events import MAX_FINDINGS, DecisionEvent, ResponseEvent, masked_parts

__all__ = ["Record"]


class Record(Stage):
    """Needs `Masked`, gives `Recorded`."""

    name = "record"
    after = ("approve", "mask")

    def __init__(self, services: Services) -> None:
        self._services = services

    async def request(self, call: Call, flow: http.HTTPFlow) -> None:
        """The decision, written and flushed. Raises Refused (RECORDING_UNAVAILABLE): nothing leaves unrecorded."""
        masked = need(call.masked)
        authenticated = masked.approved.decided.authenticated
        call.session = self._services.circumstances.session(authenticated.principal, authenticated.run)
        call.reference = call.session.append("decision", self._permitted(call, flow, call.session.digest(masked.body)))
        call.recorded = Recorded(masked, call.reference)
        if self._services.masks.remembers:
            self._alarms(call)
        if call.session.power:
            await call.session.durable()
        decision = masked.approved.decided.decision
        flow.comment = f"{decision.reason}: {decision.rule or Reason.of(decision.reason).says}"
        flow.marked = ":eye:" if decision.reason == Reason.OBSERVED else ":green_circle:"

    async def response(self, call: Call, flow: http.HTTPFlow) -> None:
        """The answer as the agent gets it. Where it was not streamed, an answer that cannot be written is not given."""
        recorded, session = need(call.recorded), need(call.session)
        if call.closed:
            return
        body = call.reply_body or b""
        session.append(
            "response",
            ResponseEvent(
                decision=recorded.reference,
                status=flow.response.status_code if flow.response else 0,
                response=session.digest(body),
                masked=masked_parts(call.reply_findings) if call.reply_findings else [],
                streamed=call.reply_stream is not None,
                milliseconds=int((time.time() - call.started) * 1000),
                restored=given_to(call) if call.reply is not None and call.reply.to_agent is not None else UNSET,
            ),
        )
        self._used(call, flow, body)
        if self._services.masks.remembers:
            self._alarms(call)
        if session.power:
            await session.durable()
        call.closed = True
        self._flow(call, flow)

    async def stopped(self, call: Call, flow: http.HTTPFlow) -> None:
        """A refusal: its decision is in the evidence already; the flow file shows it too."""
        if call.closed:
            return
        call.closed = True
        if flow.response is not None:
            call.reply_body = flow.response.raw_content
        if "counted" not in call.marks:  # one of too many equal refusals
            self._flow(call, flow)

    async def error(self, call: Call, flow: http.HTTPFlow) -> None:
        """mitmproxy ended the exchange: the upstream failed, the client left, or it refused the message itself."""
        if call.closed:
            return
        call.closed = True
        message = flow.error.msg if flow.error else ""
        data: dict[str, JSON] = {"decision": call.reference, "error": error_kind(message)}
        if call.session is not None:
            try:
                call.session.append("error", data)
                self._flow(call, flow)
            except Refused:
                return
        elif call.refusal is None:
            self._services.refusals.note({"reason": error_kind(message), "peer": _peer(flow)})

    def _used(self, call: Call, flow: http.HTTPFlow, body: bytes) -> None:
        """The tokens of a model's answer, in an event of their own."""
        used = usage_of(self._services, call, flow, body if call.reply_stream is None else call.reply_stream.telling())
        if used is not None:
            need(call.session).append("usage", {"decision": call.reference, **used})

    def _alarms(self, call: Call) -> None:
        """What the session's vault has to say: a budget that is spent, a store that is not there."""
        vault = self._services.masks.vault(call)
        for what, kind in vault.alarms() if vault is not None and call.session is not None else ():
            need(call.session).append("masking", {"decision": call.reference, "what": what, "kind": kind})

    def _permitted(self, call: Call, flow: http.HTTPFlow, digest: str) -> DecisionEvent:
        masked = need(call.masked)
        decided = masked.approved.decided
        event = decision_event(self._services, call, flow, Reason.of(decided.decision.reason), decided.decision)
        event.effect = EFFECTS[decided.decision.effect]
        event.request = digest
        event.masked = masked_parts(masked.findings) if masked.findings else []
        if call.given:
            restored = [{"kind": kind, "place": place} for kind, place in call.given[:MAX_FINDINGS]]
            event.restored = Raw(canonical(restored))
        connection = decided.authenticated.contained.connection
        supply = call.supply or self._services.masks.supply(call, connection)
        if connection.credential is not None and supply is not None:
            event.credential = _supplied(connection.credential.scheme, connection.credential.source, supply.since)
        return event

    def _flow(self, call: Call, flow: http.HTTPFlow) -> None:
        if call.session is not None:
            seen = flowsnapshot.seen(self._services, call, flow)
            call.session.gather(flowsnapshot.take, seen, len(seen.sent) + len(seen.given or b""))


@functools.lru_cache(maxsize=256)
def _supplied(scheme: str, source: str, version: str) -> Raw:
    """Which credential goes with requests, by reference and version alone."""
    return Raw(canonical({"scheme": scheme, "from": source, "version": version}))


def _peer(flow: http.HTTPFlow) -> str:
    return flow.client_conn.peername[0] if flow.client_conn.peername else ""
