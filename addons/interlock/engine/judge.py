"""Exchange -> operations -> decision: the one way an exchange is judged, in the gateway, in `decide` and in `check`."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import unquote_plus

from interlock import commands
from interlock.engine.adapters import adapters
from interlock.engine.rules import Rules
from interlock.errors import Refused
from interlock.model import JSON, Decision, Exchange, Grant, Operation, Principal
from interlock.policy import Context, decide
from interlock.policy.context import Reviewed
from interlock.protocols.adapter import Adapter
from interlock.protocols.requests import read_document
from interlock.protocols.sources import expects_lines
from interlock.reasons import Reason
from interlock.settings import Connection

__all__ = ["Judge", "context_of", "warm"]

_JSON_STARTS = b"{["


def warm() -> None:
    """Import and run every language once, so that no agent's first command waits for it."""
    for language in commands.languages():
        commands.analyse("select 1" if language == "sql" else "ls", language)


class Judge:
    """The rules applied to exchanges. Pure but for the analysis cache; callable from a worker thread."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def adapter(self, connection: Connection) -> Adapter:
        """The connection's protocol adapter. Raises Refused (UNKNOWN_PROTOCOL)."""
        found = adapters().get(connection.protocol)
        if found is None:
            raise Refused(Reason.UNKNOWN_PROTOCOL)
        return found

    def read(self, exchange: Exchange, connection: Connection) -> JSON:
        """The document in a body; None where there is none to read. Raises BodyRejected.

        What begins like JSON has to be JSON whatever its content type says: a receiver may go by the bytes. Only where
        every line is a document of its own, the adapter reads them.
        """
        if not exchange.body or expects_lines(exchange, connection):
            return None
        kind = exchange.header("content-type").partition(";")[0].strip().lower()
        looks = exchange.body.lstrip(b" \t\r\n\xef\xbb\xbf")[:1]
        says = kind == "application/json" or kind.endswith("+json")
        if says or (looks and looks in _JSON_STARTS) or self.adapter(connection).reads(exchange, connection):
            return read_document(exchange)
        return None

    def operations(self, exchange: Exchange, connection: Connection, document: JSON) -> tuple[Operation, ...]:
        """What a request would do. Raises Refused."""
        return self.adapter(connection).operations(exchange, connection, document, commands.analyse)

    def decide(
        self,
        principal: Principal,
        connection: Connection,
        exchange: Exchange,
        operations: Sequence[Operation],
        *,
        path: str,
        document: JSON,
        now: float,
        observe: bool = False,
        grants: tuple[Grant, ...] = (),
        reviews: Reviewed | None = None,
    ) -> Decision:
        """The policy's word on operations of one exchange. `path` is the canonical path."""
        return self.decide_in(
            context_of(
                principal,
                connection,
                exchange,
                path=path,
                document=document,
                now=now,
                observe=observe,
                grants=grants,
                reviews=reviews,
            ),
            operations,
        )

    def decide_in(self, context: Context, operations: Sequence[Operation]) -> Decision:
        """The same, where it is known already what the decision looks at."""
        return decide(self._rules.policy, context, operations)


def context_of(
    principal: Principal,
    connection: Connection,
    exchange: Exchange,
    *,
    path: str,
    document: JSON,
    now: float,
    observe: bool = False,
    grants: tuple[Grant, ...] = (),
    reviews: Reviewed | None = None,
) -> Context:
    """What a decision about one exchange looks at besides its operations. `path` is the canonical path."""
    return Context(
        principal=principal,
        connection=connection.name,
        method=exchange.method,
        path=path,
        document=document,
        now=now,
        observe=observe,
        readable=document is not None or not exchange.body,
        text=_text(exchange, document),
        grants=grants,
        reviews=reviews,
    )


def _text(exchange: Exchange, document: JSON) -> str:
    """What of an exchange is text but not JSON: its query, decoded, and a body that is not JSON."""
    parts = []
    if exchange.query:
        parts.append(unquote_plus(exchange.query))
    if document is None and exchange.body:
        body = exchange.body.decode("utf-8", "replace")
        form = exchange.header("content-type").startswith("application/x-www-form-urlencoded")
        parts += [body, unquote_plus(body)] if form else [body]
    return "\n".join(parts)
