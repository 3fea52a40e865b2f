"""Messages replies that Bedrock streams: each frame holds one event of the Messages API, in base64."""

from __future__ import annotations

import base64
import binascii
from typing import Final

from interlock.errors import BodyRejected, Refused
from interlock.model import Refusal
from interlock.protocols.aws_event_stream import Frame, FrameParser, encode_frame
from interlock.protocols.body import encode_json, read_json
from interlock.protocols.message_stream import MessageStream
from interlock.protocols.messages_reader import MessagesReader
from interlock.protocols.proposals import hides_call
from interlock.protocols.replies import Transform, Treatment
from interlock.protocols.requests import require_object
from interlock.protocols.sse import Event
from interlock.reasons import Reason

__all__ = ["BedrockReader", "BedrockStream", "encode_chunk"]

_CHUNK: Final = {":event-type": "chunk", ":content-type": "application/json", ":message-type": "event"}
_STOPPED: Final = {
    ":exception-type": "validationException",
    ":content-type": "application/json",
    ":message-type": "exception",
}
_BESIDE = ("bytes", "p")


class BedrockReader(MessagesReader):
    """One reply of `invoke` or `invoke-with-response-stream`."""

    def stream(self, status: int) -> Transform:
        """Calls held until they are judged; text flows on."""
        return BedrockStream(self._treatment, self._messages(encode_chunk))

    def last_words(self, refusal: Refusal) -> bytes:
        """An exception, which clients raise; of a kind they do not try again."""
        return encode_frame(_STOPPED, encode_json({"message": refusal.sentence()}))


class BedrockStream:
    """Bytes of a reply in, bytes for the agent out; any chunking gives the same result.

    `messages` judges the events; it must write what it changes as frames (`encode_chunk`).
    """

    def __init__(self, treatment: Treatment, messages: MessageStream) -> None:
        self._treatment = treatment
        self._messages = messages
        self._parser = FrameParser()
        self._error: Refused | None = None
        self._any = False

    def feed(self, data: bytes) -> bytes:
        """What may go on now. Raises BodyRejected: the stream is to be ended, nothing more comes out of it."""
        if self._error:
            raise self._error
        passed: list[bytes] = []
        try:
            for frame in self._parser.feed(data):
                self._any = True
                passed.append(self._frame(frame))
        except Refused as error:
            # What came before the offending frame goes on all the same; the error comes with the next call.
            self._error = error
            if not any(passed):
                raise
        except Exception:
            self._error = BodyRejected(Reason.INTERNAL_ERROR)
            raise
        return b"".join(passed)

    def close(self) -> bytes:
        """The end of what may go on; a frame that was cut short is dropped. Raises BodyRejected as feed."""
        if self._error:
            raise self._error
        if not self._any and self._parser.rest:
            raise BodyRejected(Reason.STREAM_UNREADABLE, "the stream holds no frame")
        return self._messages.flush()

    def _frame(self, frame: Frame) -> bytes:
        kind = frame.headers.get(":message-type")
        if kind in ("exception", "error"):
            return self._exception(frame)
        if kind != "event" or frame.headers.get(":event-type") != "chunk":
            raise BodyRejected(Reason.STREAM_UNREADABLE, "the stream holds a frame of unknown type")
        document = require_object(read_json(frame.payload), "a frame")
        text = document.get("bytes")
        if hides_call(document) or not document.keys() <= set(_BESIDE) or type(text) is not str:
            raise BodyRejected(Reason.STREAM_UNREADABLE, "a frame does not hold one event")
        try:
            data = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise BodyRejected(Reason.STREAM_UNREADABLE, "a frame does not hold base64") from None
        return self._messages.event(Event("", data, frame.raw))

    def _exception(self, frame: Frame) -> bytes:
        """The upstream's own error: no event, and masked like one."""
        if not frame.payload:
            return frame.raw
        document = require_object(read_json(frame.payload), "an exception")
        if hides_call(document):
            raise BodyRejected(Reason.STREAM_UNREADABLE, "an exception holds a call")
        masked = self._treatment.document(frame.payload, document)
        return frame.raw if masked == frame.payload else encode_frame(frame.headers, masked)


def encode_chunk(kind: str, data: bytes, *, id: bytes | None = None, retry: bytes | None = None) -> bytes:
    """One event as a frame. Events have no names, ids or delays here: the data says its type."""
    return encode_frame(_CHUNK, encode_json({"bytes": base64.b64encode(data).decode("ascii")}))
