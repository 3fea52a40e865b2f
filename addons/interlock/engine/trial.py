"""One exchange tried against the rules without a network: what the gateway would decide, and what it would see."""

from __future__ import annotations

from dataclasses import dataclass, field

from interlock.engine.inline import analyse_inline
from interlock.engine.judge import Judge, context_of
from interlock.engine.question import hold_of
from interlock.engine.rules import Rules
from interlock.errors import BodyRejected, Refused
from interlock.model import JSON, BodyState, Decision, Effect, Exchange, Operation, Origin, Principal, Side
from interlock.policy import Context, Judged, Rule, decide, explain
from interlock.policy.standing import ATTESTED
from interlock.protocols.blocks import block_operations
from interlock.protocols.coding import decode_body
from interlock.protocols.requests import require_object
from interlock.protocols.target import canonical_path
from interlock.reasons import Reason
from interlock.settings import Connection

__all__ = ["AGENT", "Attempt", "Trial", "Verdict"]

AGENT = "agent"
_MESSAGES = "/v1/messages"
_NOWHERE = Connection(AGENT, "anthropic", (Origin("https", "model.invalid", 443),))
_BLOCK = ("content", 0)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A request to a connection, as the gateway would see it after routing. Header names are in lower case."""

    on: str
    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided, the operations that were found, and (where asked for) what is said about each of them.

    `asking` are all rules that want a person, where the decision is a review; `hold` is how many seconds the request
    would be held then, 0 for a call that a model proposes.
    """

    decision: Decision
    operations: tuple[Operation, ...] = ()
    judged: tuple[Judged, ...] = ()
    asking: tuple[Rule, ...] = ()
    hold: float = 0.0


class Trial:
    """Rules on trial. What the gateway would refuse before any rule speaks is refused here with the same reason."""

    def __init__(self, rules: Rules, *, explained: bool = False) -> None:
        """With `explained`, verdicts say of every operation what would be said about it alone."""
        self._rules = rules
        self._explained = explained
        self._judge = Judge(rules)

    def request(self, principal: Principal, attempt: Attempt, now: float) -> Verdict:
        """The decision about one request. Never raises."""
        operations: tuple[Operation, ...] = ()
        try:
            connection = self._rules.connection(attempt.on)
            if connection is None:
                raise Refused(Reason.UNKNOWN_HOST)
            exchange = _exchange(attempt, connection)
            path = canonical_path(exchange.target)
            document = self._judge.read(exchange, connection)
            operations = self._judge.operations(exchange, connection, document)
        except Refused as error:
            return Verdict(_refused(error.reason), operations)
        except RecursionError:
            return Verdict(_refused(Reason.BODY_UNPARSABLE), operations)
        context = context_of(principal, connection, exchange, path=path, document=document, now=now, reviews=ATTESTED)
        return self._verdict(context, operations, connection)

    def proposal(self, principal: Principal, tool: str, arguments: JSON, now: float) -> Verdict:
        """The decision about a tool call in a model's reply (`on: agent`). Never raises."""
        block: dict[str, JSON] = {"type": "tool_use", "id": "toolu_case", "name": tool, "input": arguments}
        connection = self._model()
        try:
            operations = block_operations(require_object(block, "a content block"), _BLOCK, analyse_inline)
        except Refused as error:
            return Verdict(_refused(error.reason))
        except RecursionError:
            return Verdict(_refused(Reason.BODY_UNPARSABLE))
        exchange = _exchange(Attempt(connection.name, "POST", _MESSAGES), connection)
        context = context_of(principal, connection, exchange, path=_MESSAGES, document=None, now=now, reviews=ATTESTED)
        return self._verdict(context, operations)

    def _verdict(self, context: Context, operations: tuple[Operation, ...], held: Connection | None = None) -> Verdict:
        policy = self._rules.policy
        judged = explain(policy, context, operations) if self._explained else ()
        decision = decide(policy, context, operations)
        asking = tuple(policy.named[name] for name in decision.reviews)
        hold = hold_of(held, min(rule.hold for rule in asking)) if held is not None and asking else 0.0
        return Verdict(decision, operations, judged, asking, hold)

    def _model(self) -> Connection:
        """The connection that replies come from: the first one to a model API."""
        for connection in self._rules.connections:
            if self._judge.adapter(connection).model:
                return connection
        return _NOWHERE


def _exchange(attempt: Attempt, connection: Connection) -> Exchange:
    """Raises BodyRejected for a body that cannot be decoded or is too large."""
    if len(attempt.body) > connection.max_body:
        raise BodyRejected(Reason.BODY_TOO_LARGE)
    coding = ",".join(value for name, value in attempt.headers if name == "content-encoding")
    body = decode_body(attempt.body, coding, connection.max_body) if attempt.body else b""
    return Exchange(
        side=Side.REQUEST,
        connection=connection.name,
        method=attempt.method,
        origin=connection.origins[0],
        target=attempt.target,
        headers=attempt.headers,
        body=body,
        state=BodyState.COMPLETE,
    )


def _refused(reason: Reason) -> Decision:
    return Decision(Effect.FORBID, reason)
