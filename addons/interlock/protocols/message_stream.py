"""Streamed Messages replies: tool calls are judged before their end reaches the agent, text is masked across events.

Rules of this module, each the answer to something real clients do: a tool runs at its `content_block_stop`, so the
whole block is held until it is judged; clients count blocks themselves, so indices must rise by one and one block is
open at a time; some go by the event's name and some by its data's type, so both must agree; some
split lines at U+2028, so that is escaped. What breaks a rule ends
the stream: BodyRejected, upon which the caller sends `error_event` and closes. Nothing of a held block ever passes
unjudged.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.ports import TextStream
from interlock.protocols.blocks import is_tool_call
from interlock.protocols.body import encode_json, read_json
from interlock.protocols.held import Encode, HeldBlock, Judge, error_event, is_bare
from interlock.protocols.message_rewrite import hides_block, rewrite_message
from interlock.protocols.proposals import hides_call
from interlock.protocols.replies import Thought
from interlock.protocols.requests import Member, require_object
from interlock.protocols.sse import MAX_EVENT, Event, Relay, encode_event, one_line
from interlock.protocols.thought_block import ThoughtBlock, is_thought
from interlock.reasons import Reason

__all__ = ["MAX_BLOCK", "Judge", "MessageStream", "error_event", "rewrite_message"]

MAX_BLOCK: Final = 8 << 20
_AT_PROVIDER = frozenset(("server_tool_use", "mcp_tool_use"))


@dataclass(slots=True)
class _Passing:
    """The open block that is not held: its index, type, and the masker of its text."""

    index: int
    kind: str
    text: TextStream | None = field(default=None, repr=False)


class MessageStream:
    """Bytes of a reply in, bytes for the agent out; any chunking gives the same result.

    `judge(block, place)` is asked once for each tool call. `mask_text()` makes a masker for the text of one block,
    `mask_json` masks the input of a tool call, `mask_event` the data of events that hold other text (tools at the
    provider, citations, errors), `watch()` looks after one thought; each may be None. After the end, `replaced` calls
    were refused.
    `encode` writes events, for streams in another framing: their events come through `event`, and `flush` at the end.
    """

    def __init__(
        self,
        judge: Judge,
        mask_text: Callable[[], TextStream] | None = None,
        mask_json: Callable[[bytes], bytes] | None = None,
        *,
        mask_event: Callable[[bytes], bytes] | None = None,
        watch: Callable[[], Thought] | None = None,
        max_block: int = MAX_BLOCK,
        max_event: int = MAX_EVENT,
        encode: Encode = encode_event,
    ) -> None:
        self._judge = judge
        self._mask_text = mask_text
        self._mask_json = mask_json
        self._mask_event = mask_event
        self._watch = watch
        self._max_block = max_block
        self._encode = encode
        self._relay = Relay(lambda event: one_line(self.event(event)), max_event)
        self._open: HeldBlock | ThoughtBlock | _Passing | None = None
        self._next = 0
        self._kept = 0
        self._state = "before"
        self.replaced = 0

    def feed(self, chunk: bytes) -> bytes:
        """What may go on now. Raises BodyRejected: the stream is to be ended, nothing more comes out of it."""
        return self._relay.feed(chunk)

    def close(self) -> bytes:
        """The end of what may go on. A held call whose end never came is dropped. Raises BodyRejected as feed."""
        return self._relay.close() + self.flush()

    def event(self, event: Event) -> bytes:
        """What goes on in place of one event. Raises BodyRejected, upon which nothing more may be asked."""
        if event.data is None:
            return event.raw
        document = require_object(_read(event.data), "an event of the stream")
        kind = document.get("type")
        if type(kind) is not str or event.kind not in ("", kind):
            raise _unreadable("an event's name and its data do not agree")
        handler = _HANDLERS.get(kind)
        begins = kind == "content_block_start"
        if hides_call({**document, "content_block": None} if begins else document):
            raise _unreadable("a call stands where none belongs")
        if handler:
            return handler(self, event, document)
        if kind.casefold() in _HANDLERS or "content_block" in document or _has_input(document):
            raise _unreadable("an event of unknown type has the parts of a known one")
        if isinstance(self._open, HeldBlock | ThoughtBlock) and document.get("index") == self._open.index:
            self._open.hold(self._masked(event))
            return b""
        return event.raw if kind == "ping" else self._masked(event)

    def _message_start(self, event: Event, document: Member) -> bytes:
        message = require_object(document.get("message"), "the message of message_start")
        if self._state != "before" or message.get("content"):
            raise _unreadable("a message starts twice, or starts with content")
        self._state = "content"
        return event.raw if is_bare(document, message) else self._masked(event)

    def _block_start(self, event: Event, document: Member) -> bytes:
        block = require_object(document.get("content_block"), "a content block")
        index = document.get("index")
        if self._state != "content" or self._open is not None or type(index) is not int or index != self._next:
            raise _unreadable("a content block starts out of turn")
        self._next += 1
        kind, runs = block.get("type"), is_tool_call(block)
        if not runs and hides_block(block):
            raise _unreadable("a block that is no call holds one")
        if runs or (type(kind) is str and kind in _AT_PROVIDER):
            self._open = HeldBlock(index, block, event.raw, self._max_block, self._encode)
            return b""
        if self._watch is not None and is_thought(block):
            self._open = ThoughtBlock(index, self._watch(), self._max_block, self._encode)
            return self._open.start(block, event.raw)
        self._open = _Passing(index, kind if type(kind) is str else "", self._mask_text and self._mask_text())
        if kind != "text":
            return self._masked(event)
        return self._text(event, document, block, block.get("text", ""))

    def _block_delta(self, event: Event, document: Member) -> bytes:
        block = self._of(document)
        delta = require_object(document.get("delta"), "a delta")
        if not isinstance(block, _Passing):
            piece = isinstance(block, ThoughtBlock) or delta.get("type") == "input_json_delta"
            return block.delta(delta, event.raw if piece else self._masked(event))
        if delta.get("type") == "input_json_delta":
            raise _unreadable("a block that is no tool call has input")
        if delta.get("type") == "text_delta" or "text" in delta:
            return self._text(event, document, delta, delta.get("text"))
        return self._masked(event)

    def _block_stop(self, event: Event, document: Member) -> bytes:
        block = self._of(document)
        flushed = self.flush()
        self._open = None
        if isinstance(block, _Passing):
            return flushed + (event.raw if is_bare(document) else self._masked(event))
        if isinstance(block, ThoughtBlock):
            return block.finish(event.raw)
        if not block.runs:
            return block.pass_on(event.raw, self._mask_event)
        passed, kept = block.finish(event.raw, self._judge, self._mask_json)
        self._kept += kept
        self.replaced += not kept
        return passed

    def _message_delta(self, event: Event, document: Member) -> bytes:
        flushed = self._between()
        delta = require_object(document.get("delta"), "the delta of message_delta")
        if self._kept or not self.replaced or delta.get("stop_reason") != "tool_use":
            return flushed + (event.raw if is_bare(document, delta) else self._masked(event))
        changed = {**document, "delta": {**delta, "stop_reason": "end_turn"}}
        return flushed + self._written(event, changed)

    def _message_stop(self, event: Event, document: Member) -> bytes:
        flushed = self._between()
        self._state = "after"
        return flushed + (event.raw if is_bare(document) else self._masked(event))

    def _between(self) -> bytes:
        """Ends what should have ended by itself. A held call may not stay open: a client could take it for whole."""
        if self._state != "content" or isinstance(self._open, HeldBlock | ThoughtBlock):
            raise _unreadable("the message ends out of turn")
        flushed = self.flush()
        self._open = None
        return flushed

    def _of(self, document: Member) -> HeldBlock | ThoughtBlock | _Passing:
        """The open block, which the event must be of."""
        index = document.get("index")
        if self._open is None or type(index) is not int or index != self._open.index:
            raise _unreadable("an event belongs to no open content block")
        return self._open

    def _text(self, event: Event, document: Member, holder: Member, text: JSON) -> bytes:
        """The event with its text masked; nothing while all of it is held back."""
        if type(text) is not str:
            raise _unreadable("a text is no text")
        stream = self._open.text if isinstance(self._open, _Passing) else None
        passed = stream.feed(text) if stream else text
        if passed == text:
            return event.raw if is_bare(document, holder) else self._masked(event)
        holder["text"] = passed
        return self._written(event, document) if passed or holder is not document.get("delta") else b""

    def flush(self) -> bytes:
        """What the masker of the open block still holds, as one more delta."""
        block = self._open
        rest = block.text.close() if isinstance(block, _Passing) and block.text else ""
        if not rest or block is None:
            return b""
        delta: Member = {"type": "text_delta", "text": rest}
        event: Member = {"type": "content_block_delta", "index": block.index, "delta": delta}
        return self._encode("content_block_delta", encode_json(event))

    def _masked(self, event: Event) -> bytes:
        data = event.data or b""
        changed = self._mask_event(data) if self._mask_event else data
        return event.raw if changed == data else self._encode(event.kind, changed, id=event.id, retry=event.retry)

    def _written(self, event: Event, document: Member) -> bytes:
        data, bare = encode_json(document), all(is_bare(one) for one in document.values() if type(one) is dict)
        if self._mask_event is not None and not (bare and is_bare(document)):
            data = self._mask_event(data)
        return self._encode(event.kind, data, id=event.id, retry=event.retry)


_HANDLERS: Final[dict[str, Callable[[MessageStream, Event, Member], bytes]]] = {
    "message_start": MessageStream._message_start,
    "content_block_start": MessageStream._block_start,
    "content_block_delta": MessageStream._block_delta,
    "content_block_stop": MessageStream._block_stop,
    "message_delta": MessageStream._message_delta,
    "message_stop": MessageStream._message_stop,
}


def _has_input(document: Member) -> bool:
    delta = document.get("delta")
    return type(delta) is dict and "partial_json" in delta


def _read(data: bytes) -> JSON:
    try:
        return read_json(data)
    except BodyRejected as error:
        raise _unreadable(f"an event's data cannot be read: {error}") from None


def _unreadable(what: str) -> BodyRejected:
    return BodyRejected(Reason.STREAM_UNREADABLE, f"the stream cannot be read as a Messages reply: {what}")
