"""One tool call of a Messages stream, held from its first event to its last: a client runs it 0.1 s after its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from interlock.errors import BodyRejected, Refused
from interlock.model import JSON, Refusal
from interlock.protocols.blocks import is_tool_call
from interlock.protocols.body import encode_json, read_json
from interlock.protocols.requests import Member
from interlock.protocols.spans import member_spans
from interlock.protocols.sse import encode_event
from interlock.reasons import Reason

__all__ = ["Encode", "HeldBlock", "Judge", "error_event", "is_bare", "judged", "note_block", "text_block", "unreadable"]

_ELSEWHERE = b'{"type":"content_block_start","content_block":{"type":"server_tool_use","input":'

_BARE = frozenset(
    (
        "type",
        "index",
        "delta",
        "text",
        "message",
        "id",
        "role",
        "model",
        "content",
        "usage",
        "stop_reason",
        "content_block",
    )
)

type Judge = Callable[[dict[str, JSON], str], Refusal | None]
"""(tool_use block, its JSON Pointer in the message) -> why the agent must not run it, or None."""
_WHOLE = frozenset(("input", "arguments", "name", "content_block"))
"""Members by which a client might put an input together in another way."""


class Encode(Protocol):
    """Writes one event of a stream."""

    def __call__(self, kind: str, data: bytes, *, id: bytes | None = None, retry: bytes | None = None) -> bytes:
        """The event's bytes; its kind, id and delay may have no place in the framing."""
        ...


class HeldBlock:
    """The events of one block as they came, and the pieces of its input. At most `limit` bytes.

    `runs` says that an agent would run it; what the provider ran itself is held to be masked as a whole.
    """

    def __init__(self, index: int, block: Member, raw: bytes, limit: int, encode: Encode = encode_event) -> None:
        self.index = index
        self.runs = is_tool_call(block)
        self._encode = encode
        self._block = block
        self._limit = limit
        self._size = 0
        self._raws: list[bytes] = []
        self._inputs: list[str] = []
        self._places: list[int] = []  # which of the raw events hold pieces of the input
        self.hold(raw)

    def hold(self, raw: bytes) -> None:
        """Keeps one more event. Raises BodyRejected (BODY_TOO_LARGE)."""
        self._size += len(raw)
        if self._size > self._limit:
            raise BodyRejected(Reason.BODY_TOO_LARGE, "a tool call in the reply is larger than allowed")
        self._raws.append(raw)

    def delta(self, delta: Member, raw: bytes) -> bytes:
        """Keeps one more delta, of an unknown type too: nothing goes on. Raises BodyRejected for input of no text."""
        if delta.get("type") == "input_json_delta":
            piece = delta.get("partial_json")
            if type(piece) is not str:
                raise BodyRejected(Reason.STREAM_UNREADABLE, "a tool's input is no text")
            self._inputs.append(piece)
            self._places.append(len(self._raws))
        elif "partial_json" in delta:
            raise BodyRejected(Reason.STREAM_UNREADABLE, "a delta of unknown type has input")
        if self.runs and not _WHOLE.isdisjoint(delta):
            raise BodyRejected(Reason.STREAM_UNREADABLE, "a delta has a call's input beside its pieces")
        self.hold(raw)
        return b""

    def finish(self, stop: bytes, judge: Judge, mask: Callable[[bytes], bytes] | None) -> tuple[bytes, bool]:
        """The events that go on once `stop` has come, and whether the call is still one.

        The very bytes that came if nothing is masked and the judge does not object; otherwise the call with one
        delta for all of its input, or a text block that says why.
        """
        self.hold(stop)
        arrived = masked = self._input()
        document = _document(arrived)
        try:
            if mask and type(document) is dict:
                masked = mask(arrived)
                document = _document(masked)
        except Refused as error:
            return text_block(self.index, unreadable(self._block, error), stop, self._encode), False
        refusal = judged({**self._block, "input": document}, f"/content/{self.index}", judge)
        if refusal is not None:
            return text_block(self.index, refusal, stop, self._encode), False
        return b"".join(self._raws if masked == arrived else self._with_input(masked)), True

    def pass_on(self, stop: bytes, mask: Callable[[bytes], bytes] | None) -> bytes:
        """The events of a call that ran at the provider. `mask` takes a document of the protocol: nothing that the
        agent sent is given back there.
        """

        def masked(data: bytes) -> bytes:
            told = mask(_ELSEWHERE + data + b"}}") if mask else _ELSEWHERE + data + b"}}"
            return told[slice(*member_spans(told, member_spans(told)["content_block"][0])["input"])]

        return self.finish(stop, lambda block, place: None, masked)[0]

    def _input(self) -> bytes:
        """The input as JSON text; nothing, which is no JSON, where two clients could take different things for it."""
        text = "".join(self._inputs)
        start = self._block.get("input", {})
        if not text.strip():
            return encode_json(start)
        return b"" if start else text.encode("utf-8")

    def _with_input(self, masked: bytes) -> list[bytes]:
        """The events with all of the input in one delta."""
        delta: Member = {"type": "input_json_delta", "partial_json": masked.decode("utf-8")}
        event: Member = {"type": "content_block_delta", "index": self.index, "delta": delta}
        block: Member = {**self._block, "input": {}}
        start: Member = {"type": "content_block_start", "index": self.index, "content_block": block}
        first = self._encode("content_block_start", encode_json(start))
        others = [raw for place, raw in enumerate(self._raws) if place and place not in self._places]
        return [first, self._encode("content_block_delta", encode_json(event)), *others]


def judged(block: Member, place: str, judge: Judge) -> Refusal | None:
    """The judge's verdict; a call that cannot be read, or a judge that cannot say, is a refusal."""
    try:
        refusal = judge(block, place)
    except Refused as error:
        return unreadable(block, error)
    if refusal is None and type(block.get("input")) is not dict:
        return unreadable(block, BodyRejected(Reason.BODY_UNPARSABLE))
    return refusal


def unreadable(block: Member, error: Refused) -> Refusal:
    """Why a call that could not be read, masked or judged does not go on."""
    name = block.get("name")
    known = type(name) is str and name.isascii() and name.isprintable() and len(name) <= 200
    remedy = error.hint or "Send the tool call again in one well-formed piece."
    return Refusal(error.reason, str(error), remedy, operation=f"tool.use:{name}" if known else "tool.use")


def is_bare(*members: Member) -> bool:
    """Whether these objects of an event say nothing but what every stream says; their text is masked by itself."""
    return all(name in _BARE for each in members for name, value in each.items() if value)


def text_block(index: int, refusal: Refusal, stop: bytes, encode: Encode = encode_event) -> bytes:
    """The events of a text block that stands where the call stood; `stop` is the event that ended the call."""
    return note_block(index, refusal.sentence(), stop, encode)


def note_block(index: int, note: str, stop: bytes, encode: Encode = encode_event) -> bytes:
    """The events of a text block; `stop` is the event that ended the block it stands for."""
    empty: Member = {"type": "text", "text": ""}
    start: Member = {"type": "content_block_start", "index": index, "content_block": empty}
    delta: Member = {"type": "text_delta", "text": note}
    said: Member = {"type": "content_block_delta", "index": index, "delta": delta}
    return encode("content_block_start", encode_json(start)) + encode("content_block_delta", encode_json(said)) + stop


def error_event(refusal: Refusal) -> bytes:
    """The event that ends a stream: of type permission_error, which clients show and do not try again."""
    error: dict[str, JSON] = {"type": "permission_error", "message": refusal.sentence()}
    body: dict[str, JSON] = {"type": "error", "error": error, "request_id": refusal.reference}
    return encode_event("error", encode_json(body))


def _document(text: bytes) -> JSON:
    """The input as a document, or as mere text where it is none: the judge then sees a call it cannot read."""
    try:
        return read_json(text)
    except BodyRejected:
        return text.decode("utf-8", "replace")
