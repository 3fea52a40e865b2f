"""The answers of the OpenAI API: completions and Responses, as JSON and as streams, judged and masked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from interlock.errors import BodyRejected
from interlock.model import JSON, Refusal
from interlock.protocols.body import encode_json
from interlock.protocols.model_answers import openai_error
from interlock.protocols.openai_calls import rewrite_chat
from interlock.protocols.openai_chat_stream import ChatStream
from interlock.protocols.openai_items import Items
from interlock.protocols.openai_responses import rewrite_response
from interlock.protocols.openai_responses_stream import ResponsesStream
from interlock.protocols.openai_texts import without_probabilities
from interlock.protocols.proposals import Proposals
from interlock.protocols.replies import Transform, Treatment
from interlock.protocols.requests import Member, require_object
from interlock.protocols.sse import at_once, encode_event, says_events
from interlock.reasons import Reason

__all__ = ["ChatReader", "ResponsesReader"]


class _Reader(ABC):
    """What both kinds of answers have in common."""

    def __init__(self, treatment: Treatment) -> None:
        self._treatment = treatment

    def whole(self, status: int, body: bytes, document: Callable[[], JSON]) -> bytes | None:
        """The answer without the calls that are refused. A client goes by the bytes, whatever the type says."""
        if says_events(body):
            return at_once(self.stream(status), body)
        if status >= 300 and not body.lstrip(b" \t\r\n").startswith((b"{", b"[")):
            return None
        read = require_object(document(), "the answer")
        rewritten = self.rewritten(body, read)
        masked = self._treatment.document(rewritten, *((read,) if rewritten is body else ()))
        return without_probabilities(rewritten, masked)

    @abstractmethod
    def rewritten(self, body: bytes, document: Member) -> bytes:
        """The answer without the calls that are refused."""

    @abstractmethod
    def stream(self, status: int) -> Transform:
        """Calls held until they are judged; text flows on."""


class ChatReader(_Reader):
    """An answer to chat or text completions."""

    def rewritten(self, body: bytes, document: Member) -> bytes:
        """The completion without the calls that are refused."""
        if "output" in document:
            raise BodyRejected(Reason.BODY_UNPARSABLE, "the answer is of another API")
        return rewrite_chat(body, document, Proposals(self._treatment))

    def stream(self, status: int) -> Transform:
        """Events of chunks."""
        return ChatStream(self._treatment)

    def last_words(self, refusal: Refusal) -> bytes:
        """An event that holds an error, upon which clients raise it."""
        return encode_event("", encode_json({"error": openai_error(refusal)}))


class ResponsesReader(_Reader):
    """An answer of the Responses API."""

    def rewritten(self, body: bytes, document: Member) -> bytes:
        """The answer without the calls that are refused."""
        if "choices" in document:
            raise BodyRejected(Reason.BODY_UNPARSABLE, "the answer is of another API")
        return rewrite_response(body, document, Items(Proposals(self._treatment)))

    def stream(self, status: int) -> Transform:
        """Events of the API's own."""
        return ResponsesStream(self._treatment)

    def last_words(self, refusal: Refusal) -> bytes:
        """An `error` event; clients that go by its members raise it, others show its message."""
        error = openai_error(refusal)
        told: Member = {"type": "error", "code": error["code"], "message": error["message"], "param": None}
        return encode_event("error", encode_json({**told, "error": error}))
