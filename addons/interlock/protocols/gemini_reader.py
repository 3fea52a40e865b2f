"""The answers of the Gemini API: as JSON, as an array that grows, and as server-sent events."""

from __future__ import annotations

from collections.abc import Callable

from interlock.errors import BodyRejected
from interlock.model import JSON, Refusal
from interlock.protocols.body import encode_json, read_json
from interlock.protocols.gemini_answer import GeminiAnswer
from interlock.protocols.model_answers import google_error
from interlock.protocols.replies import Transform, Treatment
from interlock.protocols.requests import Member, require_object
from interlock.protocols.spans import Span, item_spans, splice
from interlock.protocols.sse import Event, Relay, at_once, encode_event, one_line, says_events
from interlock.reasons import Reason

__all__ = ["GeminiReader", "GeminiStream"]


class GeminiReader:
    """One answer of `generateContent` or `streamGenerateContent`."""

    def __init__(self, treatment: Treatment) -> None:
        self._treatment = treatment

    def whole(self, status: int, body: bytes, document: Callable[[], JSON]) -> bytes | None:
        """The answer without the calls that are refused; an array is one answer in pieces."""
        if says_events(body):
            return at_once(self.stream(status), body)
        if status >= 300 and not body.lstrip(b" \t\r\n").startswith((b"{", b"[")):
            return None
        read, answer = document(), GeminiAnswer(self._treatment)
        if type(read) is not list:
            told = require_object(read, "the answer")
            return _write(self._treatment, answer, body, told, answer.treat(told, last=True))
        spans = item_spans(body)
        changes: dict[Span, bytes] = {}
        for number, item in enumerate(read):
            told = require_object(item, "a piece of the answer")
            passed = answer.treat(told, last=number == len(read) - 1)
            start, end = spans[number]
            changes[start, end] = _write(self._treatment, answer, body[start:end], told, passed)
        return splice(body, changes)

    def stream(self, status: int) -> Transform:
        """One document an event."""
        return GeminiStream(self._treatment)

    def last_words(self, refusal: Refusal) -> bytes:
        """An event that holds an error, which clients raise."""
        return encode_event("", encode_json({"error": google_error(refusal)}))


class GeminiStream:
    """Bytes of a streamed answer in, bytes for the agent out; any chunking gives the same result.

    Some clients take every line that is no `data: ` for a document of its own: only such lines go on.
    """

    def __init__(self, treatment: Treatment) -> None:
        self._treatment = treatment
        self._answer = GeminiAnswer(treatment)
        self._relay = Relay(lambda event: one_line(self._event(event)))

    def feed(self, data: bytes) -> bytes:
        """What may go on now. Raises BodyRejected: the stream is to be ended, nothing more comes out of it."""
        return self._relay.feed(data)

    def close(self) -> bytes:
        """The end of what may go on."""
        passed, rest = self._relay.close(), self._answer.rest()
        return passed + (one_line(encode_event("", encode_json(rest))) if rest else b"")

    def _event(self, event: Event) -> bytes:
        if event.data is None:
            return b"" if b"{" in event.raw else event.raw
        try:
            document = require_object(read_json(event.data), "an event of the stream")
        except BodyRejected as error:
            what = f"the stream cannot be read as generated content: {error}"
            raise BodyRejected(Reason.STREAM_UNREADABLE, what) from None
        data = _write(self._treatment, self._answer, event.data, document, self._answer.treat(document))
        plain = event.raw == b"data: %b\n\n" % event.data or (event.raw.startswith(b"data: ") and not _others(event))
        return event.raw if plain and data == event.data else encode_event("", data)


def _others(event: Event) -> bool:
    """Whether an event has lines beside its data."""
    lines = [line for line in event.raw.replace(b"\r", b"\n").split(b"\n") if line]
    return any(not line.startswith(b"data: ") for line in lines)


def _write(treatment: Treatment, answer: GeminiAnswer, before: bytes, document: Member, passed: Member) -> bytes:
    data = before if passed is document else encode_json(passed)
    return data if answer.is_plain(passed) else treatment.document(data)
