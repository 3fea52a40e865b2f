"""What the evidence says of decisions and of what was masked; who asked is in the events of the session itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mitmproxy import http

from interlock.mitm.call import Call
from interlock.mitm.products import Decided
from interlock.model import JSON, Decision, Finding, Operation
from interlock.reasons import Reason
from interlock.recording.operations import pack

if TYPE_CHECKING:
    from interlock.mitm.services import Services

__all__ = ["MAX_FINDINGS", "decision_event", "findings_event", "given_event", "reply_event"]

MAX_FINDINGS = 200


def decision_event(
    services: Services, call: Call, flow: http.HTTPFlow, reason: Reason, decision: Decision | None
) -> dict[str, JSON]:
    """A decision about a request: all that it looked at, so that it can be taken again under other rules."""
    contained, decided = call.contained, call.decided
    decision = decision or (decided.decision if decided is not None else None)
    operations = decided.operations if decided else ()
    data: dict[str, JSON] = {
        "effect": "forbid",
        "reason": str(reason),
        "rule": decision.rule if decision else "",
        "rules": services.rules.digest,
        "method": flow.request.method,
        "connection": contained.connection.name if contained else "",
        "origin": str(contained.origin) if contained else "",
        "path": call.shown_path,
        "placement": contained.placement if contained else "",
        "operations": pack(operations, services.masks.shower(call)) if operations else [],
        "flow": flow.id,
    }
    if services.observing():
        data["mode"] = "observe"
    if decision is not None:
        data |= _said(decision, operations)
    if "asked" in call.marks:
        data["approval"] = call.marks["asked"]
    return data


def reply_event(
    services: Services, call: Call, flow: http.HTTPFlow, decided: Decided, reason: Reason, approval: str = ""
) -> dict[str, JSON]:
    """A judged part of an answer: the model proposed it, the agent would run it."""
    decision = decided.decision
    data: dict[str, JSON] = {
        "decision": call.reference,
        "effect": decision.effect.name.lower(),
        "reason": str(reason),
        "rule": decision.rule,
        "rules": services.rules.digest,
        "operations": pack(decided.operations, services.masks.shower(call)),
        "flow": flow.id,
        **_said(decision, decided.operations),
    }
    if approval:
        data["approval"] = approval
    if services.observing():
        data["mode"] = "observe"
    return data


def _said(decision: Decision, operations: Sequence[Operation]) -> dict[str, JSON]:
    """What a decision says beside its effect; `operation` names the one that decided, `decided` is its index."""
    data: dict[str, JSON] = {}
    if decision.operation is not None:
        data["operation"] = decision.operation.name
        data["decided"] = _index(decision.operation, operations)
    if decision.masks:
        data["masks"] = [*sorted(decision.masks)]
    if decision.reports:
        data["reports"] = [
            {"rule": entry.rule, "effect": entry.effect.name.lower(), "reason": entry.reason}
            for entry in decision.reports
        ]
    if decision.grants:
        data["grants"] = [*decision.grants]
    return data


def _index(wanted: Operation, operations: Sequence[Operation]) -> int:
    """Where an operation stands in the packed list; -1 where it is none of them."""
    nodes = (node for operation in operations for node in operation.walk())
    return next((index for index, node in enumerate(nodes) if node is wanted), -1)


def findings_event(findings: Sequence[Finding]) -> list[JSON]:
    """What was masked: rule, detector, place and keyed digest; never the value."""
    found: list[JSON] = [
        {
            "rule": entry.rule,
            "detector": entry.detector,
            "place": entry.place,
            "action": entry.action,
            "digest": entry.digest,
        }
        for entry in findings[:MAX_FINDINGS]
    ]
    if len(findings) > MAX_FINDINGS:
        found.append({"more": len(findings) - MAX_FINDINGS})
    return found


def given_event(call: Call) -> dict[str, JSON]:
    """Which tokens of an answer's tool inputs became values for the agent."""
    given = call.reply.to_agent.given if call.reply is not None and call.reply.to_agent is not None else {}
    return {"restored": [*sorted(given)[:MAX_FINDINGS]]} if given else {}
