"""An upstream's answer on its way to the agent: read, judged, masked; as a whole or as a stream.

Stages contribute what they know (`judge` by authorize, `masker` by mask); this module applies both in one pass. What
has to be read and cannot be is refused: before the head with a status the client does not retry, after the head with
an SSE error and a closed connection. Streamed callbacks are synchronous in mitmproxy and must never raise.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mitmproxy import http

from interlock.engine.inline import Inline
from interlock.errors import BodyRejected
from interlock.masking import Masker
from interlock.masking.binary import without_binary
from interlock.masking.thoughts import mask_document
from interlock.mitm.call import Call
from interlock.mitm.fields import masked_fields
from interlock.mitm.giving_back import ToAgent
from interlock.mitm.header_fields import lowered, without
from interlock.mitm.named_parts import mask_text
from interlock.mitm.reply_kinds import has_body, is_event_stream, is_framed, is_text
from interlock.mitm.snapshot import headers_of
from interlock.mitm.stage import need
from interlock.mitm.streamed import NotingText, NotingThought, PlainText, Streamed
from interlock.model import JSON, Exchange, Finding, Operation, Refusal
from interlock.paths import Location
from interlock.protocols.body import read_json
from interlock.protocols.coding import decode_body
from interlock.protocols.event_stream import EventStream
from interlock.protocols.message_stream import error_event
from interlock.protocols.replies import Find, Offer, Reader, Reads, Thought, Transform, Treatment
from interlock.reasons import Reason

if TYPE_CHECKING:
    from interlock.mitm.services import Services

__all__ = ["Reply"]

_LINES = ("application/x-ndjson", "application/jsonl", "application/json-seq")
_LENGTH = frozenset(("content-length", "transfer-encoding"))
_FRAMING = _LENGTH | {"content-encoding"}
_STREAM_CODINGS = ("", "identity")


@dataclass(slots=True)
class Reply:
    """What is to be done with one answer. `reads` is the adapter's word for how it must be read."""

    limit: int
    reads: Reads | None = None
    streams: str = "refuse"
    binary: str = "pass"
    held_block: int = 1 << 20
    judge: Callable[[Find], Refusal | None] | None = None
    may: Callable[[Operation], bool] | None = None
    offered: Callable[[Offer], bool] | None = None
    masker: Masker | None = None
    to_agent: ToAgent | None = None
    protected: Callable[[JSON], Callable[[Location], bool]] | None = None
    findings: list[Finding] = field(default_factory=list)
    proposed: JSON = None  # the id of the call that is being judged, as the model gave it

    @property
    def must_read(self) -> bool:
        """Whether an answer that cannot be read has to be refused."""
        return (self.reads is not None and self.judge is not None) or self._masks() or self.binary != "pass"

    def begin(self, services: Services, call: Call, flow: http.HTTPFlow) -> None:
        """The head has come: install a stream where the answer is one. Raises Refused."""
        response = flow.response
        if response is None or not has_body(flow):
            return
        lines, frames = is_event_stream(response), self.reads is not None and is_framed(response)
        if not lines and not frames:
            return
        if response.headers.get("content-encoding", "").strip().lower() not in _STREAM_CODINGS:
            raise BodyRejected(Reason.BODY_UNDECODABLE, "the stream is compressed although it was not to be")
        call.reply_findings = self.findings
        reader = self.reads(self._treatment()) if self.reads is not None else None
        transform = self.transform(reader, response.status_code)
        if lines and self.masker is not None and self._masks():
            transform = masked_fields(transform, self.masker)
        last_words = reader.last_words if reader is not None else error_event
        call.reply_stream = Streamed(services, call, flow, transform, last_words)
        response.stream = call.reply_stream
        response.headers.pop("content-length", None)
        if flow.request.http_version == "HTTP/1.1" and not flow.request.is_http2:
            response.headers["transfer-encoding"] = "chunked"

    def transform(self, reader: Reader | None, status: int) -> Transform:
        """The stream's transformation. Raises Refused for streams this connection does not have."""
        if reader is not None:
            return reader.stream(status)
        if self.streams == "events":
            return EventStream(self._mask_event)
        if self.masker is None:
            return EventStream(lambda data: data)
        raise BodyRejected(
            Reason.STREAM_UNREADABLE,
            "the upstream answered with an event stream, and this connection does not expect one",
            hint="write `streams: events` at the connection if each of its events is a document of its own",
        )

    def whole(self, call: Call, flow: http.HTTPFlow, request: Exchange) -> None:
        """The whole answer is here: read it, judge it, mask it, and put the result into the flow. Raises Refused."""
        response = flow.response
        if response is None:
            return
        raw = response.raw_content
        if raw is None:
            raise BodyRejected(Reason.STREAM_UNREADABLE)
        if not raw or not has_body(flow):
            call.reply_body = b""
            if has_body(flow):
                response.headers = headers_of((*without(response.headers.fields, _LENGTH), (b"content-length", b"0")))
            return
        if len(raw) > self.limit:
            raise BodyRejected(Reason.BODY_TOO_LARGE, "the upstream's answer is larger than max_response")
        fields = response.headers.fields
        said = dict(lowered(fields))
        body = decode_body(raw, said.get("content-encoding", ""), self.limit)
        changed = self._apply(response.status_code, said.get("content-type", ""), body)
        call.reply_findings = self.findings
        call.reply_body = changed
        response.data.content = changed
        kept = without(fields, _FRAMING if changed is not raw else _LENGTH)
        response.headers = headers_of((*kept, (b"content-length", b"%d" % len(changed))))

    # -- parts

    def _treatment(self) -> Treatment:
        return Treatment(
            judge=self._judge,
            may=self.may or (lambda operation: False),
            analyse=Inline(time.monotonic),
            text=self._text_stream,
            document=self._mask_event,
            input=self._mask_input,
            max_held=self.held_block,
            offered=self.offered or (lambda offer: True),
            thought=self._thought if self._masks() else None,
            sealed=self.masker is not None and self.masker.drops_sealed,
            asks=lambda id: self.__setattr__("proposed", id),
        )

    def _apply(self, status: int, content_type: str, body: bytes) -> bytes:
        if not self.must_read:
            return body
        kind = content_type.partition(";")[0].strip().lower()
        looks = body.lstrip(b" \t\r\n")[:1]
        if self.reads is not None:
            passed = self._read(self.reads(self._treatment()), status, body)
            if passed is not None:
                return passed
        if kind in _LINES:
            return b"\n".join(self._mask_event(line) if line.strip() else line for line in body.split(b"\n"))
        if self.masker is not None and not self.masker.has_rules and self.reads is None:
            return self._search(body, kind, looks)
        if kind == "application/json" or kind.endswith("+json") or looks in (b"{", b"["):
            return self._mask_json(body, kind)
        return self._mask_text(body, kind)

    @staticmethod
    def _read(reader: Reader, status: int, body: bytes) -> bytes | None:
        try:
            return reader.whole(status, body, lambda: read_json(body))
        except RecursionError:
            raise BodyRejected(Reason.BODY_UNPARSABLE, "the answer is nested too deeply") from None

    def _search(self, body: bytes, kind: str, looks: bytes) -> bytes:
        """No rule masks here; only the credential that was supplied must not come back."""
        if self.masker is None or not self.masker.suspects(body):
            return body
        return self._mask_json(body, kind) if looks in (b"{", b"[") else self._mask_text(body, kind)

    def _mask_json(self, body: bytes, kind: str) -> bytes:
        """What looks like JSON; text that only begins like it is masked as text, where no rule names places in JSON."""
        try:
            document = read_json(body)
        except BodyRejected:
            if kind.startswith("text/") and self.masker is not None and not self.masker.chooses_places:
                return self._mask_text(body, kind)
            raise
        return self._mask_document(body, document)

    def _mask_document(self, body: bytes, document: JSON) -> bytes:
        if self.binary != "pass":
            left = without_binary(body, document, self.binary)
            body, document = left, document if left is body else read_json(left)
        if self.masker is None or self.masker.empty:
            return body
        masked = mask_document(self.masker, body, document, self.protected)
        self.findings += masked.findings
        return masked.body if self.to_agent is None else self.to_agent.keep(masked.body, document)

    def _mask_event(self, data: bytes, document: JSON = None) -> bytes:
        if not self._masks() and self.binary == "pass":
            return data
        return self._mask_document(data, read_json(data) if document is None else document)

    def _mask_input(self, data: bytes) -> bytes:
        """A tool's input is the agent's own document: nothing in it is structure of the protocol."""
        if self.masker is not None and not self.masker.empty:
            masked = self.masker.json(data, read_json(data))
            self.findings += masked.findings
            data = masked.body
        return data if self.to_agent is None else self.to_agent.restore(data)

    def _masks(self) -> bool:
        return self.masker is not None and not self.masker.empty

    def _mask_text(self, body: bytes, kind: str) -> bytes:
        masks = self._masks()
        if not is_text(kind) and (masks or self.binary != "pass"):
            raise BodyRejected(Reason.BODY_UNPARSABLE, "the answer is not text, so it cannot be masked")
        if self.masker is None or not masks:
            return body
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            raise BodyRejected(Reason.BODY_UNPARSABLE, "the answer is not UTF-8 text, so it cannot be masked") from None
        if "\0" in text:
            raise BodyRejected(Reason.BODY_UNPARSABLE, "the answer is not UTF-8 text, so it cannot be masked")
        masked = mask_text(self.masker, text, kind)
        self.findings += masked.findings
        return masked.text.encode() if masked.findings else body

    def _judge(self, find: Find) -> Refusal | None:
        if self.judge is None:
            with contextlib.suppress(Exception):
                if not find():
                    return None
            return Refusal(Reason.STAGE_MISSING, Reason.STAGE_MISSING.says)
        return self.judge(find)

    def _thought(self) -> Thought:
        return NotingThought(need(self.masker), self.findings)

    def _text_stream(self) -> Any:
        if self.masker is None or self.masker.empty:
            return PlainText()
        stream = self.masker.stream()
        return NotingText(stream, self.findings)
