"""The answer to `POST /v1/messages`: its tool calls judged, its text masked, as JSON and as a stream."""

from __future__ import annotations

from collections.abc import Callable

from interlock.model import JSON, Operation, Refusal
from interlock.protocols.blocks import block_operations
from interlock.protocols.event_stream import EventStream
from interlock.protocols.message_rewrite import rewrite_message
from interlock.protocols.message_stream import MessageStream, error_event
from interlock.protocols.replies import Transform, Treatment
from interlock.protocols.requests import Member, require_object

__all__ = ["MessagesReader"]


class MessagesReader:
    """One reply of the Messages API."""

    def __init__(self, treatment: Treatment) -> None:
        self._treatment = treatment

    def whole(self, status: int, body: bytes, document: Callable[[], JSON]) -> bytes | None:
        """The reply without the calls that are refused. A client finds calls whatever the status says, so do we."""
        if status >= 300 and not body.lstrip(b" \t\r\n").startswith((b"{", b"[")):
            return None
        read: JSON = require_object(document(), "the reply")
        rewritten = rewrite_message(body, read, self._judge)
        if rewritten is body:
            return self._treatment.document(body, read)
        return self._treatment.document(rewritten)

    def stream(self, status: int) -> Transform:
        """Calls held until they are judged; text flows on."""
        treatment = self._treatment
        if status >= 300:
            return EventStream(treatment.document)
        return MessageStream(
            self._judge,
            treatment.text,
            treatment.input,
            mask_event=treatment.document,
            max_block=treatment.max_held,
        )

    def last_words(self, refusal: Refusal) -> bytes:
        """An `error` event."""
        return error_event(refusal)

    def _judge(self, block: Member, place: str) -> Refusal | None:
        index = int(place.rsplit("/", 1)[-1])

        def find() -> tuple[Operation, ...]:
            return block_operations(block, ("content", index), self._treatment.analyse)

        return self._treatment.judge(find)
