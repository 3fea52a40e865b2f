"""What an MCP server answers: its messages masked one by one, and what it asks of the agent judged."""

from __future__ import annotations

from collections.abc import Callable

from interlock.model import JSON, Exchange, Refusal
from interlock.protocols.event_stream import EventStream, rpc_error_event
from interlock.protocols.jsonrpc import identifiers
from interlock.protocols.replies import Transform, Treatment

__all__ = ["McpReader"]


class McpReader:
    """One answer of an MCP server to `request`."""

    def __init__(self, treatment: Treatment, request: Exchange) -> None:
        self._treatment = treatment
        self._request = request

    def whole(self, status: int, body: bytes, document: Callable[[], JSON]) -> bytes | None:
        """A message, or a batch of them; what is no JSON is left to the gateway."""
        if not body.lstrip(b" \t\r\n").startswith((b"{", b"[")):
            return None
        return self._treatment.document(body, document())

    def stream(self, status: int) -> Transform:
        """One message an event."""
        return EventStream(self._treatment.document)

    def last_words(self, refusal: Refusal) -> bytes:
        """A JSON-RPC error for the request that is still waiting."""
        _, ids = identifiers(self._request.body)
        return rpc_error_event(ids[0] if ids else None, refusal)
