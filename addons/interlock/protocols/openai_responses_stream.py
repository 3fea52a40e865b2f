"""Streamed Responses answers: a call's item is held from its start to its end and judged; text is masked on its way.

Rules of this module: an item belongs to one output_index and has one start and one end; a client may act on a call at
`response.output_item.done`, at the event that ends its arguments, or when the whole answer is repeated at the end, so
none of these passes unjudged, and all of them must tell the same. Sequence numbers keep rising.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.protocols.body import encode_json, read_json
from interlock.protocols.openai_item_events import ADDED, ENDED, MAX_OVERHEAD, HeldItem, call_events, message_events
from interlock.protocols.openai_items import Items, is_call
from interlock.protocols.openai_numbers import Numbers
from interlock.protocols.openai_responses import rewrite_response
from interlock.protocols.openai_texts import Texts, without_probabilities
from interlock.protocols.proposals import Proposals, hides_call
from interlock.protocols.replies import Treatment
from interlock.protocols.requests import Member, require_object
from interlock.protocols.spans import member_spans
from interlock.protocols.sse import Event, Relay, encode_event, one_line
from interlock.reasons import Reason

__all__ = ["ResponsesStream"]

_DONE: Final = b"[DONE]"
_MAX_ITEMS: Final = 1_000
_BEGINS = ("response.created", "response.in_progress", "response.queued")
_AT_PROVIDER: Final = "response.mcp_call_arguments."
_OF_CALLS = ("function_call", "custom_tool_call", "shell_call", "apply_patch_call", "computer_call", "tool_search_call")


class ResponsesStream:
    """Bytes of an answer in, bytes for the agent out; any chunking gives the same result."""

    def __init__(self, treatment: Treatment) -> None:
        self._treatment = treatment
        self._items = Items(Proposals(treatment))
        self._relay = Relay(lambda event: one_line(self._event(event)))
        self._texts = Texts(treatment.text)
        self._numbers = Numbers()
        self._open: dict[int, HeldItem | None] = {}
        self._begun: set[int] = set()
        self._size = 0  # of all that is held
        self._over = False

    def feed(self, data: bytes) -> bytes:
        """What may go on now. Raises BodyRejected: the stream is to be ended, nothing more comes out of it."""
        return self._relay.feed(data)

    def close(self) -> bytes:
        """The end of what may go on. A held call whose end never came is dropped."""
        return self._relay.close() + one_line(self._rest())

    def _event(self, event: Event) -> bytes:
        if event.data is None or event.data.strip() == _DONE:
            return event.raw
        document = require_object(_read(event.data), "an event of the stream")
        kind = document.get("type")
        if type(kind) is not str or event.kind not in ("", "message", kind):
            raise _unreadable("an event's name and its data do not agree")
        handler = _HANDLERS.get(kind)
        if handler is None and kind.casefold() in _HANDLERS:
            raise _unreadable("an event of unknown type has the name of a known one")
        if handler:
            return handler(self, event, document)
        return self._whole(event, document) if "response" in document else self._other(event, document, kind)

    def _added(self, event: Event, document: Member) -> bytes:
        item, index = _item(document), _index(document)
        if self._over or index in self._begun or len(self._begun) >= _MAX_ITEMS:
            raise _unreadable("an item begins out of turn")
        self._begun.add(index)
        if not is_call(item):
            self._open[index] = None
            return self._masked(event, document)
        held = HeldItem(item, self._treatment.max_held)
        self._open[index] = held
        return self._hold(held, event, document)

    def _ended(self, event: Event, document: Member) -> bytes:
        item, index = _item(document), _index(document)
        if index not in self._open:
            raise _unreadable("an item ends that never began")
        held = self._open.pop(index)
        if held is None:
            if is_call(item):
                raise _unreadable("an item became a call on its way")
            return self._rest(index) + self._masked(event, document)
        self._size -= held.size
        odd = held.disagrees(item)
        passed = self._items.refuse(item, odd) if odd else self._items.treat(item, ("output", index))
        if passed == item:
            known = [*held.events, (event, document)]
            return b"".join(self._pass(one, told, one.data or b"") for one, told in known)
        own = call_events if is_call(passed) else message_events
        return b"".join(map(self._own, own(passed, index)))

    def _whole(self, event: Event, document: Member) -> bytes:
        """An event that repeats the whole answer, as it is at that time."""
        response = require_object(document["response"], "the response of an event")
        ended = document.get("type") not in _BEGINS
        if ended and any(held is not None for held in self._open.values()):
            raise _unreadable("the answer ends inside a call")
        if hides_call({name: value for name, value in document.items() if name != "response"}):
            raise _unreadable("a call stands where none belongs")
        data = event.data or b""
        changed = rewrite_response(data, response, self._items, member_spans(data)["response"][0])
        self._over = self._over or ended
        return (self._rest() if ended else b"") + self._masked(event, document, changed)

    def _other(self, event: Event, document: Member, kind: str) -> bytes:
        index = document.get("output_index")
        held = self._open.get(index) if type(index) is int else None
        if held is not None:
            return self._hold(held, event, document)
        odd = "arguments" in document and not kind.startswith(_AT_PROVIDER)
        odd = odd or any(f".{word}" in kind.casefold() for word in _OF_CALLS)
        if odd or hides_call(document) or "item" in document:
            raise _unreadable("a piece of a call belongs to no open call")
        if self._texts.is_piece(document, kind):
            passed = self._texts.feed(document, kind)
            data = event.data or b""
            return self._pass(event, document, data if passed is document else encode_json(passed))
        flushed = self._rest(index, kind) if kind.endswith(".done") else b""
        return flushed + self._masked(event, document)

    def _hold(self, held: HeldItem, event: Event, document: Member) -> bytes:
        held.hold(event, document)
        self._size += len(event.raw)
        if self._size > self._treatment.max_held * MAX_OVERHEAD:
            raise BodyRejected(Reason.BODY_TOO_LARGE, "the tool calls in the reply are larger than allowed")
        return b""

    # -- what goes on

    def _masked(self, event: Event, document: Member, data: bytes | None = None) -> bytes:
        """An event masked as a document."""
        before = data if data is not None else event.data or b""
        return self._pass(event, document, without_probabilities(before, self._treatment.document(before)))

    def _pass(self, event: Event, document: Member, data: bytes) -> bytes:
        """An event with this data; its very bytes where nothing changed, the number included."""
        fitted = self._numbers.fit(data, document)
        return event.raw if fitted == event.data else encode_event(event.kind, fitted, id=event.id, retry=event.retry)

    def _own(self, document: Member) -> bytes:
        """An event of our own."""
        return encode_event(str(document["type"]), encode_json(self._numbers.give(document)))

    def _rest(self, index: JSON = None, kind: str = "") -> bytes:
        return b"".join(map(self._own, self._texts.rest(index, kind)))


_HANDLERS: Final[dict[str, Callable[[ResponsesStream, Event, Member], bytes]]] = {
    ADDED: ResponsesStream._added,
    ENDED: ResponsesStream._ended,
}


def _item(document: Member) -> Member:
    if hides_call({name: value for name, value in document.items() if name != "item"}):
        raise _unreadable("a call stands where none belongs")
    return require_object(document.get("item"), "an item of the answer")


def _index(document: Member) -> int:
    index = document.get("output_index")
    if type(index) is not int or index < 0:
        raise _unreadable("an item has no output_index")
    return index


def _read(data: bytes) -> JSON:
    try:
        return read_json(data)
    except BodyRejected as error:
        raise _unreadable(f"an event's data cannot be read: {error}") from None


def _unreadable(what: str) -> BodyRejected:
    return BodyRejected(Reason.STREAM_UNREADABLE, f"the stream cannot be read as a Responses answer: {what}")
