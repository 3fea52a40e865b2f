"""Refusals: what was stopped becomes an event in the evidence and an answer in the client's protocol.

An authenticated principal's refusal stands in its session; a stranger's in one bounded, counted log. The answer names
the check that failed in words an operator can act on, and nothing an attacker can use.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from mitmproxy import http

from interlock.engine.adapters import adapters
from interlock.errors import InterlockError, Refused
from interlock.identity.remedies import remedy
from interlock.mitm.call import Call
from interlock.mitm.evidence import decision_event
from interlock.mitm.snapshot import exchange_of_response, snapshot_request
from interlock.model import JSON, Answer, BodyState, Decision, Refusal
from interlock.protocols.answers import is_identity, problem, proxy_challenge
from interlock.reasons import Reason
from interlock.recording.canonical import members

if TYPE_CHECKING:
    from interlock.mitm.services import Services

__all__ = ["Denied", "Refusals", "comment_of"]

_log = logging.getLogger("interlock")
_NOTHING: Mapping[str, JSON] = MappingProxyType({})


class Denied(Refused):
    """The policy's no; carries the decision, and the ticket where a person is asked."""

    def __init__(self, decision: Decision, message: str = "", *, approval: Mapping[str, JSON] = _NOTHING) -> None:
        super().__init__(Reason.of(decision.reason), message)
        self.decision = decision
        self.approval = approval


class Refusals:
    """Shapes and records refusals for the pipeline."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def record(self, call: Call, flow: http.HTTPFlow, error: BaseException) -> Refusal:
        """Write the refusal down and return it. What cannot be written is still refused, with that reason."""
        reason = error.reason if isinstance(error, InterlockError) else Reason.INTERNAL_ERROR
        if not isinstance(error, InterlockError):
            _log.error("a stage failed and the request was stopped: %s", _where(error))
        decision = error.decision if isinstance(error, Denied) else None
        message = str(error) if isinstance(error, InterlockError) else reason.says
        hint = (error.hint if isinstance(error, InterlockError) else "") or remedy(reason)
        reference = self._write(call, flow, reason, decision)
        return Refusal(
            reason=str(reason),
            message=message,
            remedy=(decision.remedy if decision else "") or hint,
            reference=reference,
            operation=self._operation(call, flow, decision),
            closing=self._closing(call, flow, reason),
            place=decision.operation.place if decision is not None and decision.operation is not None else "",
            approval=error.approval if isinstance(error, Denied) else _NOTHING,
        )

    def note(self, data: dict[str, JSON]) -> str:
        """One line in the strangers' log; never raises."""
        try:
            return self._services.recorder().refusal(data)
        except Exception:
            return ""

    def answer(self, call: Call, flow: http.HTTPFlow, refusal: Refusal, *, connect: bool = False) -> None:
        """Set the flow's response to the refusal, in the shape its client understands.

        On a connection that is being closed there is no answer: its end tells every client that the request was not
        looked at, and that it may be sent again.
        """
        if refusal.reason == Reason.CONNECTION_CLOSING and flow.killable:
            flow.kill()
            return
        shaped = self._shape(call, flow, refusal, connect)
        flow.request.stream = False
        if flow.response is not None:
            flow.response.stream = False
            if flow.response.status_code == 101:
                flow.response.status_code = 502  # or mitmproxy takes what the upstream sends on for another protocol
        flow.response = http.Response.make(
            shaped.status,
            shaped.body,
            [(name.encode(), value.encode("utf-8", "replace")) for name, value in shaped.headers],
        )
        flow.comment = comment_of(refusal)
        flow.marked = ":red_circle:"

    def plain(self) -> http.Response:
        """An answer made of constants, for when nothing else works."""
        return http.Response.make(
            503, b'{"type":"about:blank","status":503}', {"content-type": "application/problem+json"}
        )

    # -- parts

    def _write(self, call: Call, flow: http.HTTPFlow, reason: Reason, decision: Decision | None) -> str:
        data = decision_event(self._services, call, flow, reason, decision)
        try:
            if call.authenticated is not None:
                if call.session is None:
                    who = call.authenticated
                    call.session = self._services.circumstances.session(who.principal, who.run)
                if call.recorded is not None:
                    call.reference = call.session.append("decision", data)
                    return call.reference
                call.reference, written = call.session.refuse(members(data))
                if not written:
                    call.marks["counted"] = True
                return call.reference
        except Refused:
            pass
        peer = flow.client_conn.peername[0] if flow.client_conn.peername else ""
        return self.note({"reason": str(reason), "peer": peer, "method": flow.request.method})

    def _operation(self, call: Call, flow: http.HTTPFlow, decision: Decision | None) -> str:
        if decision is not None and decision.operation is not None:
            return decision.operation.name
        return ""

    def _closing(self, call: Call, flow: http.HTTPFlow, reason: Reason) -> bool:
        """Whether the client has to reconnect: an identity that ended in a tunnel is renewed only by a CONNECT."""
        tunnel = self._services.calls.tunnel(flow.client_conn)
        if tunnel is None or flow.request.method == "CONNECT":
            return False
        services, principal = self._services, tunnel.principal
        ended = principal is None or not services.verifier.still_valid(principal, services.clock.now())
        return ended or is_identity(reason)

    def _shape(self, call: Call, flow: http.HTTPFlow, refusal: Refusal, connect: bool) -> Answer:
        placement = "connect" if connect else str(call.marks.get("placement", ""))
        if call.contained is not None:
            placement = call.contained.placement
        if is_identity(refusal.reason) and placement in ("connect", "forward-request", "forward-connect"):
            return proxy_challenge(refusal)
        adapter = adapters().get(call.contained.connection.protocol) if call.contained is not None else None
        if adapter is None:
            return problem(None, refusal)
        exchange = call.decided.exchange if call.decided is not None else snapshot_request(call, flow)
        if exchange is not None and call.answering:
            exchange = exchange_of_response(flow, exchange, b"", BodyState.UNREADABLE)
        return adapter.refuse(exchange, refusal)


def comment_of(refusal: Refusal, word: str = "") -> str:
    """A refusal as a flow's comment: a list shows its first twenty letters, so the reason comes first."""
    about = f" {refusal.operation}." if refusal.operation else ""
    return f"{word or refusal.reason}:{about} {refusal.sentence()}"


def _where(error: BaseException) -> str:
    """Type and place of a failure, without its message: that may hold what was in the traffic."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} at {place}"
