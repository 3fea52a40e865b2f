"""One thought of a Messages stream: signed, so it passes byte for byte, or a note stands in its place.

Where only known secrets stop a thought, its events wait no longer than the letters that could begin one.
"""

from __future__ import annotations

from collections import deque

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.protocols.body import encode_json, read_json
from interlock.protocols.held import Encode, note_block
from interlock.protocols.replies import Thought
from interlock.protocols.requests import Member
from interlock.protocols.sse import Event, Relay, encode_event
from interlock.reasons import Reason

__all__ = ["NOT_KEPT", "ThoughtBlock", "is_thought", "without_thoughts"]

_KINDS = frozenset(("thinking", "redacted_thinking"))
_TEXT = "thinking"
NOT_KEPT = "[not kept: a signed thought that holds what is masked]"


def is_thought(block: Member) -> bool:
    """Whether a content block is a thought that its provider signed or encrypted."""
    kind = block.get("type")
    return type(kind) is str and kind in _KINDS


class ThoughtBlock:
    """The open block of a thought. At most `limit` bytes wait."""

    def __init__(self, index: int, watch: Thought, limit: int, encode: Encode = encode_event) -> None:
        self.index = index
        self._watch, self._limit, self._encode = watch, limit, encode
        self._waiting: deque[tuple[int, bytes]] = deque()
        self._size = self._length = self._free = 0

    def start(self, block: Member, raw: bytes) -> bytes:
        """What goes on of the event that begins the block. Raises BodyRejected."""
        return self._next(block.get(_TEXT), raw)

    def delta(self, delta: Member, raw: bytes) -> bytes:
        """What goes on after one more delta. Raises BodyRejected for a secret, and for text that is none."""
        if delta.get("type") not in ("thinking_delta", "signature_delta"):
            raise BodyRejected(Reason.STREAM_UNREADABLE, "a thought holds what is no thought")
        return self._next(delta.get(_TEXT), raw)

    def finish(self, stop: bytes) -> bytes:
        """The rest of the block, or a text block in its place."""
        note = self._watch.close(sealed=not self._length)
        if note and not self._watch.holds:
            raise _secret()
        if note:
            return note_block(self.index, note, stop, self._encode)
        return b"".join(raw for _, raw in self._waiting) + stop

    def hold(self, raw: bytes) -> None:
        """Keeps an event of another kind in its place among the others."""
        self._waiting.append((self._length, raw))

    def _next(self, text: JSON, raw: bytes) -> bytes:
        if type(text) not in (str, type(None)):
            raise BodyRejected(Reason.STREAM_UNREADABLE, "a thought is no text")
        if type(text) is str and text:
            self._length += len(text)
            self._free = self._watch.feed(text)
        self._waiting.append((self._length, raw))
        self._size += len(raw)
        if self._size > self._limit:
            raise BodyRejected(Reason.BODY_TOO_LARGE, "a thought in the reply is larger than allowed")
        if self._watch.holds:
            return b""
        if self._free < 0:
            raise _secret()
        passed = []
        while self._waiting and self._waiting[0][0] <= self._free:
            passed.append(self._waiting.popleft()[1])
            self._size -= len(passed[-1])
        return b"".join(passed)


def without_thoughts(body: bytes) -> bytes:
    """A stream as a recording keeps it where thoughts held something: a note in the place of their text.

    Raises BodyRejected for what is no event stream.
    """
    notes = iter((NOT_KEPT,))

    def rewrite(event: Event) -> bytes:
        try:
            document = read_json(event.data or b"null")
        except BodyRejected:
            return event.raw
        delta = document.get("delta") if type(document) is dict else None
        if type(document) is not dict or type(delta) is not dict or type(delta.get(_TEXT)) is not str:
            return event.raw
        data = encode_json({**document, "delta": {**delta, _TEXT: next(notes, "")}})
        return encode_event(event.kind, data, id=event.id, retry=event.retry)

    relay = Relay(rewrite)
    return relay.feed(body) + relay.close()


def _secret() -> BodyRejected:
    return BodyRejected(Reason.STREAM_UNREADABLE, "a thought of the reply holds a secret")
