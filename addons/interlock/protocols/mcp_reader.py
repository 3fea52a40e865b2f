"""What an MCP server answers: lists filtered, what it asks of the agent judged, answers matched, all of it masked.

A POST is answered with a message, a batch or a stream of messages; a GET with a stream of the server's own. An answer
must be one to what was asked here, and the only one to it; a resumed GET (`last-event-id`) may bring the answers of
other requests. What the server asks and may not ends a POST with an error for the request that waits (the server
would wait for ever); on a GET it is dropped, and the stream goes on.
"""

from __future__ import annotations

from collections.abc import Callable

from interlock.errors import BodyRejected, Refused
from interlock.model import JSON, Exchange, Refusal
from interlock.paths import Location
from interlock.protocols.answers import jsonrpc_error
from interlock.protocols.body import encode_json, read_json
from interlock.protocols.event_stream import rpc_error_event
from interlock.protocols.jsonrpc import identifiers, is_rpc, messages
from interlock.protocols.mcp_blobs import mask_blobs
from interlock.protocols.mcp_lists import filter_lists
from interlock.protocols.mcp_server import asked_of_agent, asked_within
from interlock.protocols.replies import Transform, Treatment
from interlock.protocols.requests import Member, require_object
from interlock.protocols.spans import item_spans, splice
from interlock.protocols.sse import MAX_EVENT, Event, Relay, encode_event, one_line
from interlock.reasons import Reason

__all__ = ["McpReader"]

_MAX_ANSWERS = 10_000
_FAILED = 400
_SPACE = b" \t\r\n"
_BOM = b"\xef\xbb\xbf"


class McpReader:
    """One answer of an MCP server to `request`."""

    def __init__(self, treatment: Treatment, request: Exchange) -> None:
        self._treatment = treatment
        self._request = request
        self._posted = request.method != "GET"
        _, ids = identifiers(request.body) if self._posted else (False, [])
        self._waiting: dict[tuple[bool, str], JSON] = {_key(identifier): identifier for identifier in ids}
        self._answered: set[tuple[bool, str]] = set()
        self._fresh: set[tuple[bool, str]] = set()
        self._failed = False

    def whole(self, status: int, body: bytes, document: Callable[[], JSON]) -> bytes | None:
        """A message, or a batch of them. What is no JSON is left to the gateway where no client reads it as one."""
        self._failed = status >= _FAILED
        start = body.lstrip(_SPACE + _BOM)[:1]
        answers = bool(self._waiting) and 200 <= status < 300
        if start not in (b"{", b"[") and b"\0" not in body[:4]:
            if answers and body.strip(_SPACE):
                raise BodyRejected(Reason.BODY_UNPARSABLE, "the answer to an MCP request is no JSON")
            return None
        read = document()
        if not answers and not is_rpc(read):
            return self._treatment.document(body, read)
        passed = self._messages(body, read)
        if passed is None:
            raise Refused(Reason.RESPONSE_FORBIDDEN)
        return passed

    def stream(self, status: int) -> Transform:
        """One message, or a batch, an event."""
        self._failed = status >= _FAILED
        return Relay(self._event, MAX_EVENT)

    def last_words(self, refusal: Refusal) -> bytes:
        """A JSON-RPC error for each request that is still waiting."""
        return b"".join(
            rpc_error_event(identifier, refusal)
            for key, identifier in self._waiting.items()
            if key not in self._answered
        )

    # -- parts

    def _event(self, event: Event) -> bytes:
        # An empty data line primes resumption (MCP 2025-11-25): it is no document.
        if not event.data:
            return event.raw
        changed = self._messages(event.data, read_json(event.data))
        if changed is None:
            return b"" if event.id is None else encode_event("", b"", id=event.id, retry=event.retry)
        same = changed == event.data
        return one_line(event.raw if same else encode_event(event.kind, changed, id=event.id, retry=event.retry))

    def _messages(self, body: bytes, document: JSON) -> bytes | None:
        """The messages that may go on, masked; None where none may. Raises Refused to end the answer: then nobody
        has got one of these messages, and who waits for them still does.
        """
        self._fresh = set()
        passed = self._passed(body, document)
        self._answered |= self._fresh
        return passed

    def _passed(self, body: bytes, document: JSON) -> bytes | None:
        found = messages(document)
        if type(document) is not list:
            passed = self._message(body, found[0][1], ())
            return None if passed is None else self._masked(body, passed, document)
        spans = item_spans(body)
        parts = [
            self._message(body[first:last], message, location)
            for (first, last), (location, message) in zip(spans, found, strict=True)
        ]
        kept = [part for part in parts if part is not None]
        if not kept:
            return None
        if len(kept) < len(parts):
            return self._masked(body, b"[" + b",".join(kept) + b"]", document)
        return self._masked(body, splice(body, dict(zip(spans, kept, strict=True))), document)

    def _masked(self, body: bytes, passed: bytes, document: JSON) -> bytes:
        if passed == body:
            return self._treatment.document(body, document)
        return self._treatment.document(passed)

    def _message(self, body: bytes, message: Member, location: Location) -> bytes | None:
        refusal = self._treatment.judge(lambda: asked_of_agent(message, location))
        if refusal is not None:
            if "id" in message and self._posted:
                raise _ended(refusal)
            return None
        if "method" not in message:
            self._match(message)
        refusal = self._treatment.judge(lambda: asked_within(message, location))
        if refusal is not None:
            return None if "method" in message else encode_json(jsonrpc_error(message.get("id"), refusal))
        result = message.get("result")
        if "method" in message or "result" not in message:
            return body
        given = require_object(result, "the result")
        return mask_blobs(filter_lists(body, given, self._treatment), given, self._treatment)

    def _match(self, message: Member) -> None:
        """Raises Refused (UNSOLICITED) for an answer to what was not asked here, and for a second one."""
        identifier = message.get("id")
        if "error" in message and (identifier is None or (self._failed and _key(identifier) not in self._waiting)):
            return  # it answers nothing: some servers invent an id for what they say with a status
        key = _key(identifier)
        resumed = not self._posted and bool(self._request.header("last-event-id"))
        if len(self._answered) > _MAX_ANSWERS:
            raise Refused(Reason.UNSOLICITED, "the stream answers more than any client asks")
        if key in self._answered or key in self._fresh or (key not in self._waiting and not resumed):
            raise Refused(Reason.UNSOLICITED)
        self._fresh.add(key)


def _key(identifier: JSON) -> tuple[bool, str]:
    return type(identifier) is str, str(identifier)


def _ended(refusal: Refusal) -> Refused:
    return Refused(
        Reason.of(refusal.reason), f"the server asked the agent for it: {refusal.message}", hint=refusal.remedy
    )
