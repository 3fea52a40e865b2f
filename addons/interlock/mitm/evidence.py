"""What the evidence says of decisions and of what was masked; who asked is in the events of the session itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mitmproxy import http
from msgspec import UNSET, Raw, UnsetType

from interlock.mitm.call import Call
from interlock.mitm.products import Decided
from interlock.model import JSON, Decision, Effect, Operation
from interlock.protocols.links import request_claims
from interlock.protocols.usage import read_usage
from interlock.reasons import Reason
from interlock.recording.canonical import canonical
from interlock.recording.exchange_events import MAX_FINDINGS, DecisionEvent, ReplyEvent
from interlock.recording.packing import write
from interlock.recording.usage import usage_event
from interlock.settings_prices import KINDS

if TYPE_CHECKING:
    from interlock.mitm.services import Services

__all__ = ["EFFECTS", "decision_event", "given_to", "reply_event", "usage_of"]

EFFECTS = {effect: effect.name.lower() for effect in Effect}
_MAX_ID = 200
_NO_OPERATIONS = Raw(b"[]")


def decision_event(
    services: Services, call: Call, flow: http.HTTPFlow, reason: Reason, decision: Decision | None
) -> DecisionEvent:
    """A decision about a request that forbids it, as far as nobody says otherwise."""
    contained, decided = call.contained, call.decided
    decision = decision or (decided.decision if decided is not None else None)
    operations = decided.operations if decided else ()
    event = DecisionEvent(
        effect="forbid",
        reason=str(reason),
        rule=decision.rule if decision else "",
        rules=(decided.rules if decided else "") or services.rules.digest,
        method=flow.request.method,
        connection=contained.connection.name if contained else "",
        origin=str(contained.origin) if contained else "",
        path=call.shown_path,
        placement=contained.placement if contained else "",
        operations=write(operations, services.masks.shower(call)) if operations else _NO_OPERATIONS,
        flow=flow.id,
    )
    if decided is not None and (claims := _claims(services, call, decided)):
        event.claims = Raw(canonical(claims))
    if services.observing():
        event.mode = "observe"
    if decision is not None:
        _say(event, decision, operations)
    if "asked" in call.marks:
        event.approval = Raw(canonical(call.marks["asked"]))
    return event


def reply_event(
    services: Services, call: Call, flow: http.HTTPFlow, decided: Decided, reason: Reason, approval: str = ""
) -> ReplyEvent:
    """A judged part of an answer: the model proposed it, the agent would run it."""
    decision, show = decided.decision, services.masks.shower(call, decided.operations)
    event = ReplyEvent(
        decision=call.reference,
        effect=EFFECTS[decision.effect],
        reason=str(reason),
        rule=decision.rule,
        rules=decided.rules or services.rules.digest,
        operations=write(decided.operations, show),
        flow=flow.id,
    )
    _say(event, decision, decided.operations)
    proposed = call.reply.proposed if call.reply is not None else None
    if isinstance(proposed, str) and proposed:
        event.tool_use = show.word(proposed[:_MAX_ID])
    if approval:
        event.approval = approval
    if services.observing():
        event.mode = "observe"
    return event


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


def _say(event: DecisionEvent | ReplyEvent, decision: Decision, operations: Sequence[Operation]) -> None:
    """What a decision says beside its effect; `operation` names the one that decided, `decided` is its index."""
    one = decision.operation
    if one is not None:
        event.operation = one.name
        event.decided = _index(one, operations)
    if decision.masks:
        event.masks = sorted(decision.masks)
    if decision.reports:
        reports = [{"rule": one.rule, "effect": EFFECTS[one.effect], "reason": one.reason} for one in decision.reports]
        event.reports = Raw(canonical(reports))
    if decision.grants:
        event.grants = decision.grants


def _index(wanted: Operation, operations: Sequence[Operation]) -> int:
    """Where an operation stands in the packed list; -1 where it is none of them."""
    if operations and ((first := operations[0]) is wanted or (first.nested and first.nested[0] is wanted)):
        return int(first is not wanted)
    index, todo = 0, [*reversed(operations)]
    while todo:
        operation = todo.pop()
        if operation is wanted:
            return index
        index += 1
        if operation.nested:
            todo.extend(reversed(operation.nested))
    return -1


def given_to(call: Call) -> list[str] | UnsetType:
    """Which tokens of an answer's tool inputs became values for the agent."""
    given = call.reply.to_agent.given if call.reply is not None and call.reply.to_agent is not None else {}
    return sorted(given)[:MAX_FINDINGS] if given else UNSET
