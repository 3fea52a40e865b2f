"""Streams whose events each hold one JSON document (MCP, among others): judged and masked document by document."""

from __future__ import annotations

from collections.abc import Callable

from interlock.model import JSON, Refusal
from interlock.protocols.answers import jsonrpc_error
from interlock.protocols.body import encode_json
from interlock.protocols.sse import MAX_EVENT, Event, Relay, encode_event, one_line

__all__ = ["EventStream", "rpc_error_event"]


def rpc_error_event(identifier: JSON, refusal: Refusal) -> bytes:
    """The event that ends a stream of JSON-RPC messages: the error for the request with this id."""
    return encode_event("message", encode_json(jsonrpc_error(identifier, refusal)))


class EventStream:
    """Passes events on with their data transformed; an event whose data does not change keeps its very bytes.

    `transform` takes the data of an event and gives what goes on in its place; it raises BodyRejected to end the
    stream there. Events without data (comments, priming ids) pass as they are.
    """

    def __init__(self, transform: Callable[[bytes], bytes], *, limit: int = MAX_EVENT) -> None:
        self._transform = transform
        self._relay = Relay(self._event, limit)

    def feed(self, chunk: bytes) -> bytes:
        """What may go on now. Raises BodyRejected: the stream is to be ended, nothing more comes out of it."""
        return self._relay.feed(chunk)

    def close(self) -> bytes:
        """The end of what may go on; an event that was cut short is dropped. Raises BodyRejected as feed does."""
        return self._relay.close()

    def _event(self, event: Event) -> bytes:
        # An empty data line primes resumption (MCP 2025-11-25): it is no document.
        if not event.data:
            return event.raw
        changed = self._transform(event.data)
        same = changed == event.data
        passed = event.raw if same else encode_event(event.kind, changed, id=event.id, retry=event.retry)
        return one_line(passed) if event.data.lstrip()[:1] in (b"{", b"[") else passed
