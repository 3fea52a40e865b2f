"""What the evidence says of decisions and of what was masked; who asked is in the events of the session itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mitmproxy import http

from interlock.mitm.call import Call
from interlock.mitm.products import Decided
from interlock.model import JSON, Decision, Finding, Operation
from interlock.protocols.links import request_claims
from interlock.protocols.usage import read_usage
from interlock.reasons import Reason
from interlock.recording.operations import pack
from interlock.recording.usage import usage_event
from interlock.settings_prices import KINDS

if TYPE_CHECKING:
    from interlock.mitm.services import Services

__all__ = ["MAX_FINDINGS", "decision_event", "findings_event", "given_event", "reply_event", "usage_of"]

MAX_FINDINGS = 200
_MAX_ID = 200


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
        "rules": (decided.rules if decided else "") or services.rules.digest,
        "method": flow.request.method,
        "connection": contained.connection.name if contained else "",
        "origin": str(contained.origin) if contained else "",
        "path": call.shown_path,
        "placement": contained.placement if contained else "",
        "operations": pack(operations, services.masks.shower(call), ready=True) if operations else [],
        "flow": flow.id,
    }
    if decided is not None and (claims := _claims(services, call, decided)):
        data["claims"] = claims
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
    """A judged part of an answer: the model proposed it, the agent would run it. `tool_use` is the id it gave it."""
    decision, show = decided.decision, services.masks.shower(call)
    data: dict[str, JSON] = {
        "decision": call.reference,
        "effect": decision.effect.name.lower(),
        "reason": str(reason),
        "rule": decision.rule,
        "rules": decided.rules or services.rules.digest,
        "operations": pack(decided.operations, show, ready=True),
        "flow": flow.id,
        **_said(decision, decided.operations),
    }
    proposed = call.reply.proposed if call.reply is not None else None
    if isinstance(proposed, str) and proposed:
        data["tool_use"] = show.word(proposed[:_MAX_ID])
    if approval:
        data["approval"] = approval
    if services.observing():
        data["mode"] = "observe"
    return data


def usage_of(services: Services, call: Call, flow: http.HTTPFlow, body: bytes) -> dict[str, JSON] | None:
    """The tokens that an answer of a model says it used, and what they cost; None where it says nothing."""
    contained = call.contained
    if contained is None or not body or not services.judge.adapter(contained.connection).model:
        return None
    kind = flow.response.headers.get("content-type", "") if flow.response is not None else ""
    usage = read_usage(body, kind)
    if usage is None:
        return None
    show = services.masks.shower(call)
    words = {"model": show.word(usage.model), "id": show.word(usage.id), "stop": show.word(usage.stop)}
    tokens = {kind: getattr(usage, kind) for kind in KINDS}
    return usage_event(words, tokens, services.rules.recording.prices)


def _claims(services: Services, call: Call, decided: Decided) -> dict[str, JSON]:
    """What the client says the request belongs to, masked: it may put anything into an id."""
    connection = decided.authenticated.contained.connection
    model = services.judge.adapter(connection).model
    found = request_claims(decided.exchange, decided.document, connection.protocol, model=model)
    if not found:
        return found
    word = services.masks.shower(call).word
    return {
        name: word(value) if isinstance(value, str) else [word(str(each)) for each in value]
        if isinstance(value, list) else value
        for name, value in found.items()
    }  # fmt: skip


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
