"""Record: the decision is in the evidence before the request leaves, the answer before it is handed on.

What is written comes from masked snapshots, never from the live flow (invariants 5 and 6): bodies as they left and as
they were answered, after the `recordings` masks; headers without any credential.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from mitmproxy import http

from interlock.errors import Refused
from interlock.mitm import flowsnapshot
from interlock.mitm.call import Call
from interlock.mitm.products import Decided, Recorded
from interlock.mitm.saying import error_kind
from interlock.mitm.services import Services
from interlock.mitm.stage import Stage, need
from interlock.model import JSON, Decision, Finding, Operation
from interlock.model.places import offset
from interlock.reasons import Reason

__all__ = ["Record", "findings_event", "operations_event", "refusal_event", "reply_event"]

_MAX_OPERATIONS = 64
_MAX_FINDINGS = 200
_MAX_WORDS = 32
_DETAILS: Mapping[str, tuple[str, ...]] = {
    "sql": ("kinds", "tables", "flags"),
    "shell": ("command", "flags", "hosts"),
    "model": ("model", "type"),
}
"""What the evidence keeps of an operation's arguments, by protocol: words of commands, never their text."""


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
        recordings = self._services.recorder()
        call.session = recordings.session(authenticated.principal, authenticated.run)
        data = self._permitted(call, flow)
        data["request"] = call.session.digest(masked.body)
        data["masked"] = findings_event(masked.findings)
        if call.given:
            data["restored"] = [{"kind": kind, "place": place} for kind, place in call.given[:_MAX_FINDINGS]]
        call.reference = call.session.append("decision", data)
        call.recorded = Recorded(masked, call.reference)
        self._alarms(call)
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
            {
                "decision": recorded.reference,
                "status": flow.response.status_code if flow.response else 0,
                "response": session.digest(body),
                "masked": findings_event(call.reply_findings),
                "streamed": call.reply_stream is not None,
                "milliseconds": int((time.time() - call.started) * 1000),
                **given_event(call),
            },
        )
        self._alarms(call)
        call.closed = True
        self._flow(call, flow)

    async def stopped(self, call: Call, flow: http.HTTPFlow) -> None:
        """A refusal: its decision is in the evidence already; the flow file shows it too."""
        if call.closed:
            return
        call.closed = True
        if flow.response is not None:
            call.reply_body = flow.response.raw_content
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

    def _alarms(self, call: Call) -> None:
        """What the session's vault has to say: a budget that is spent, a store that is not there."""
        vault = self._services.masks.vault(call)
        for what, kind in vault.alarms() if vault is not None and call.session is not None else ():
            need(call.session).append("masking", {"decision": call.reference, "what": what, "kind": kind})

    def _permitted(self, call: Call, flow: http.HTTPFlow) -> dict[str, JSON]:
        masked = need(call.masked)
        decided = masked.approved.decided
        show = self._services.masks.shower(call)
        data = refusal_event(call, flow, Reason.of(decided.decision.reason), decided.decision, show)
        data["effect"] = decided.decision.effect.name.lower()
        credential = decided.authenticated.contained.connection.credential
        if credential is not None:
            data["credential"] = {"scheme": credential.scheme, "from": credential.source}
        return data

    def _flow(self, call: Call, flow: http.HTTPFlow) -> None:
        session = call.session
        if session is None:
            return
        try:
            session.flow(flowsnapshot.take(self._services, call, flow))
        except Refused:
            return


def refusal_event(
    call: Call, flow: http.HTTPFlow, reason: Reason, decision: Decision | None, show: Callable[[str], str]
) -> dict[str, JSON]:
    """What the evidence says of a decision: who is in the session's first event, the rest is here."""
    contained, decided = call.contained, call.decided
    decision = decision or (decided.decision if decided is not None else None)
    data: dict[str, JSON] = {
        "effect": "forbid",
        "reason": str(reason),
        "rule": decision.rule if decision else "",
        "method": flow.request.method,
        "connection": contained.connection.name if contained else "",
        "origin": str(contained.origin) if contained else "",
        "path": call.shown_path,
        "placement": contained.placement if contained else "",
        "operations": operations_event(decided.operations if decided else (), show),
        "flow": flow.id,
    }
    if decision is not None and decision.operation is not None:
        data["operation"] = decision.operation.name
    if decision is not None and decision.reports:
        data["reports"] = [
            {"rule": entry.rule, "effect": entry.effect.name.lower(), "reason": entry.reason}
            for entry in decision.reports
        ]
    if "asked" in call.marks:
        data["approval"] = call.marks["asked"]
    if decision is not None and decision.grants:
        data["grants"] = [*decision.grants]
    return data


def reply_event(
    call: Call, decided: Decided, reason: Reason, show: Callable[[str], str], approval: str = ""
) -> dict[str, JSON]:
    """What the evidence says of a judged part of an answer: the model proposed it, the agent would run it."""
    decision = decided.decision
    return {
        **({"approval": approval} if approval else {}),
        **({"grants": [*decision.grants]} if decision.grants else {}),
        "decision": call.reference,
        "effect": decision.effect.name.lower(),
        "reason": str(reason),
        "rule": decision.rule,
        "operations": operations_event(decided.operations, show),
        "reports": [
            {"rule": entry.rule, "effect": entry.effect.name.lower(), "reason": entry.reason}
            for entry in decision.reports
        ],
    }


def operations_event(operations: tuple[Operation, ...], show: Callable[[str], str]) -> list[JSON]:
    """Operations flattened: name, access, place, `at` unless it is 0, and the few arguments that say what was touched.

    `show` masks what comes from traffic.
    """
    found: list[JSON] = []
    for operation in operations:
        for entry in operation.walk():
            if len(found) >= _MAX_OPERATIONS:
                return [*found, {"more": True}]
            item: dict[str, JSON] = {"name": entry.name, "access": entry.access.name.lower(), "place": entry.place}
            if started := offset(entry):
                item["at"] = started
            for detail in _DETAILS.get(entry.protocol, ()):
                value = entry.arguments.get(detail)
                if isinstance(value, str):
                    item[detail] = show(value)
                elif isinstance(value, list) and value:
                    item[detail] = [show(str(each)) for each in value[:_MAX_WORDS]]
            found.append(item)
    return found


def findings_event(findings: tuple[Finding, ...] | list[Finding]) -> list[JSON]:
    """What was masked: rule, detector, place and keyed digest; never the value."""
    found: list[JSON] = [
        {
            "rule": entry.rule,
            "detector": entry.detector,
            "place": entry.place,
            "action": entry.action,
            "digest": entry.digest,
        }
        for entry in findings[:_MAX_FINDINGS]
    ]
    if len(findings) > _MAX_FINDINGS:
        found.append({"more": len(findings) - _MAX_FINDINGS})
    return found


def given_event(call: Call) -> dict[str, JSON]:
    """Which tokens of an answer's tool inputs became values for the agent."""
    given = call.reply.to_agent.given if call.reply is not None and call.reply.to_agent is not None else {}
    return {"restored": [*sorted(given)[:_MAX_FINDINGS]]} if given else {}


def _peer(flow: http.HTTPFlow) -> str:
    return flow.client_conn.peername[0] if flow.client_conn.peername else ""
