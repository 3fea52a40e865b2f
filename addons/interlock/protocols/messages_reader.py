"""The answers of the Messages API: tool calls judged, text masked; as JSON, as a stream, and as a batch's results."""

from __future__ import annotations

from collections.abc import Callable

from interlock.errors import BodyRejected
from interlock.model import JSON, Operation, Refusal
from interlock.protocols.blocks import block_operations
from interlock.protocols.body import read_json
from interlock.protocols.held import Encode
from interlock.protocols.message_rewrite import rewrite_message
from interlock.protocols.message_stream import MessageStream, error_event
from interlock.protocols.proposals import hides_call
from interlock.protocols.replies import Transform, Treatment
from interlock.protocols.requests import Member, require_object
from interlock.protocols.spans import member_spans, splice
from interlock.protocols.sse import at_once, encode_event, says_events
from interlock.reasons import Reason

__all__ = ["BatchReader", "MessagesReader"]


class MessagesReader:
    """One reply of the Messages API."""

    def __init__(self, treatment: Treatment) -> None:
        self._treatment = treatment

    def whole(self, status: int, body: bytes, document: Callable[[], JSON]) -> bytes | None:
        """The reply without the calls that are refused. A client finds calls whatever the status and type say."""
        if says_events(body):
            return at_once(self.stream(status), body)
        if status >= 300 and not body.lstrip(b" \t\r\n").startswith((b"{", b"[")):
            return None
        read: JSON = require_object(document(), "the reply")
        rewritten = rewrite_message(body, read, self._judge, self._treatment.input)
        if rewritten is body:
            return self._treatment.document(body, read)
        return self._treatment.document(rewritten)

    def stream(self, status: int) -> Transform:
        """Calls held until they are judged, whatever the status; text flows on."""
        return self._messages(encode_event)

    def _messages(self, encode: Encode) -> MessageStream:
        treatment = self._treatment
        return MessageStream(
            self._judge,
            treatment.text,
            treatment.input,
            mask_event=treatment.document,
            watch=treatment.thought,
            max_block=treatment.max_held,
            encode=encode,
        )

    def last_words(self, refusal: Refusal) -> bytes:
        """An `error` event."""
        return error_event(refusal)

    def _judge(self, block: Member, place: str) -> Refusal | None:
        index = int(place.rsplit("/", 1)[-1])

        def find() -> tuple[Operation, ...]:
            return block_operations(block, ("content", index), self._treatment.analyse)

        self._treatment.asks(block.get("id"))
        return self._treatment.judge(find)


class BatchReader(MessagesReader):
    """The results of a batch: a line for each of its messages (JSON Lines), each judged like a reply."""

    def whole(self, status: int, body: bytes, document: Callable[[], JSON]) -> bytes | None:
        """The results without the calls that are refused; an error in place of results is left to the gateway.

        A message that changes is written anew in its line. Raises BodyRejected for lines that are no results.
        """
        if status >= 300:
            return super().whole(status, body, document)
        return b"\n".join(self._line(line) if line.strip() else line for line in body.split(b"\n"))

    def _line(self, line: bytes) -> bytes:
        read = require_object(read_json(line), "a result")
        result = require_object(read.get("result"), "a result's outcome")
        others = {name: value for name, value in result.items() if name != "message"}
        if hides_call(others) or hides_call({name: value for name, value in read.items() if name != "result"}):
            raise BodyRejected(Reason.BODY_UNPARSABLE, "a call stands outside of a result's message")
        if "message" not in result:
            return self._treatment.document(line, read)
        start, end = member_spans(line, member_spans(line)["result"][0])["message"]
        rewritten = super().whole(200, line[start:end], lambda: result["message"])
        return line if rewritten is None else splice(line, {(start, end): rewritten})

    def stream(self, status: int) -> Transform:
        """There is no streamed form. Raises BodyRejected."""
        raise BodyRejected(Reason.STREAM_UNREADABLE, "the results of a batch are no event stream")
