"""Mask: nothing sensitive goes to a model, and nothing sensitive comes back from an upstream.

Requests to model APIs are masked before they leave (an agent's tool results travel there); answers of every
connection before the agent sees them. What has to be masked and cannot be read does not pass.
"""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Iterable

from mitmproxy import http
from mitmproxy.net.http import status_codes

from interlock.credentials import strip_reply_headers
from interlock.errors import BodyRejected, Refused
from interlock.masking import Masker
from interlock.masking.binary import without_binary
from interlock.masking.thoughts import mask_document
from interlock.mitm.call import Call
from interlock.mitm.header_fields import Fields, fields_of, pairs, remembered, without
from interlock.mitm.named_parts import mask_text, mask_url
from interlock.mitm.products import Contained, Masked
from interlock.mitm.reply import Reply
from interlock.mitm.services import Services
from interlock.mitm.snapshot import exchange_of_request, headers_of, is_signed
from interlock.mitm.stage import Stage, need
from interlock.model import Exchange, Finding
from interlock.protocols.adapter import nothing_protected
from interlock.protocols.body import read_json
from interlock.reasons import Reason

__all__ = ["Mask"]

_FRAMES = frozenset(("connection", "content-encoding", "content-length", "transfer-encoding"))
"""Headers that only this gateway reads, and reads strictly."""
_CHARSETS = frozenset(("utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin1", "windows-1252"))
"""In these, bytes that are UTF-8 text hold what they seem to hold; in UTF-7, UTF-16 or EBCDIC something else."""
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([^\s;\"',]*)", re.IGNORECASE)
_UNASKED = frozenset(("accept-encoding", "range", "if-range", "te", "trailer"))
_FRAMING = frozenset(("content-encoding", "content-length", "transfer-encoding"))
_REWRITTEN = _UNASKED | _FRAMING
_IDENTITY = (b"accept-encoding", b"identity")
_DROPPED = ("alt-svc", "www-authenticate-info", "set-cookie2")


class Mask(Stage):
    """Needs `Approved`, gives `Masked`. Loaded alone it needs `Contained` and masks by the rules that always apply."""

    name = "mask"
    before = ("authenticate", "authorize", "approve")

    def __init__(self, services: Services) -> None:
        self._services = services
        self.alone = False

    def added(self, before: frozenset[str]) -> None:
        """Without an authorize stage this is masking alone: the rules that always apply, for whoever calls."""
        self.alone = "authorize" not in before

    async def request(self, call: Call, flow: http.HTTPFlow) -> None:
        """Mask a model request; put the judged bytes, and only them, into the request."""
        contained = need(call.contained)
        exchange = self._exchange(call, flow, contained)
        body, request = exchange.body, flow.request
        judge = self._services.judge
        findings: tuple[Finding, ...] = ()
        model = judge.adapter(contained.connection).model
        await self._services.masks.ready(call, body if model else b"")
        masker = self._services.masks.for_request(call, contained.connection, model)
        searched, binary = masker is not None and not masker.empty, contained.connection.binary
        if body and model and (searched or binary != "pass"):
            document = call.decided.document if call.decided else judge.read(exchange, contained.connection)
            if document is None:
                raise BodyRejected(Reason.BODY_UNPARSABLE)
            body = without_binary(body, document, binary)
            document = document if body is exchange.body else read_json(body)
        if masker is not None and searched and body:
            protect = judge.adapter(contained.connection).protected
            masked = mask_document(masker, body, document, protect)
            if not await self._services.masks.settled(call):
                again = need(self._services.masks.for_request(call, contained.connection, True))
                masked = mask_document(again, body, document, protect)
            body, findings = masked.body, masked.findings
        if body != exchange.body and contained.connection.passthrough and is_signed(exchange):
            raise BodyRejected(Reason.BODY_SIGNED, hint="let the gateway supply the credential, as an API key")
        self._write(request, body)
        if call.approved is not None:
            self._services.check_current(contained.connection)  # people and stores were waited for
            call.masked = Masked(call.approved, body, findings)

    @staticmethod
    def _write(request: http.Request, body: bytes) -> None:
        """Body and the headers that speak of it; the answer is to come whole, uncompressed and without trailers."""
        changed = body is not request.raw_content
        fields = (*without(request.headers.fields, _REWRITTEN if changed else _UNASKED), _IDENTITY)
        if changed:
            request.data.content = body
            fields = (*fields, (b"content-length", b"%d" % len(body)))
        request.headers = headers_of(fields)

    def _exchange(self, call: Call, flow: http.HTTPFlow, contained: Contained) -> Exchange:
        if call.decided is not None:
            if call.approved is None:
                raise Refused(Reason.STAGE_MISSING)
            return call.decided.exchange
        if not self.alone:
            raise Refused(Reason.STAGE_MISSING)
        call.request_body = b""
        exchange = exchange_of_request(flow, contained, contained.connection.max_body)
        call.plain_exchange = exchange
        return exchange

    async def response_headers(self, call: Call, flow: http.HTTPFlow) -> None:
        """The head of an answer: masked itself, and what it says about the body made true."""
        contained, response = need(call.contained), flow.response
        if response is None:
            raise Refused(Reason.STREAM_UNREADABLE)
        connection = contained.connection
        await self._services.masks.ready(call)
        masks = self._services.masks
        masker, reply = masks.for_reply(call, connection), need(call.reply)
        reply.masker, call.masked_by = masker, masks
        adapter = self._services.judge.adapter(connection)
        reply.to_agent = masks.to_agent(call, connection) if adapter.model else None
        reply.protected = None if adapter.protected is nothing_protected else adapter.protected
        if not masker.empty:
            _check_charset(response)
        applies = not masker.empty or connection.credential is not None
        if response.status_code == 206 and applies:
            raise BodyRejected(Reason.PARTIAL_RESPONSE)
        kept = _stripped(
            response.headers.fields, applies, connection.credential is not None, response.status_code == 101
        )
        if not _all_clean(masker, kept):
            kept = fields_of(self._masked(reply, pairs(kept)))
        response.headers = headers_of(kept)
        response.reason = status_codes.RESPONSES.get(response.status_code, "")

    def _masked(self, reply: Reply, listed: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        masker = reply.masker
        found = []
        for name, value in listed:
            if masker is not None and not masker.empty and name.lower() not in _FRAMES and not _clean(masker, value):
                masked = mask_url(masker, value)
                reply.findings += masked.findings
                value = masked.text  # noqa: PLW2901 - the masked twin
            found.append((name, value))
        return found

    async def response(self, call: Call, flow: http.HTTPFlow) -> None:
        """What the answer taught the vault is kept before the agent has it all."""
        await self._services.masks.settled(call)

    async def websocket_message(self, call: Call, flow: http.HTTPFlow) -> None:
        """Text messages from the upstream are masked; where masks apply, binary ones are dropped."""
        message = flow.websocket.messages[-1] if flow.websocket is not None else None
        contained = need(call.contained)
        try:
            masker = self._services.masks.for_reply(call, contained.connection)
        except Refused:  # such as a connection that is gone: nobody waits for messages that do not come
            self._services.clients.close_later(flow.client_conn)
            raise
        if message is None or message.from_client or masker.empty:
            return
        if not message.is_text:
            message.drop()
            message.content = b""
            return
        message.content = _said(masker, message.content)


def _said(masker: Masker, content: bytes) -> bytes:
    """A text message: as JSON where it is such, because its escapes hide nothing from who parses it."""
    if content.lstrip()[:1] in (b"{", b"["):
        with contextlib.suppress(BodyRejected):
            return masker.json(content, read_json(content)).body
    return mask_text(masker, content.decode("utf-8"), "").text.encode()


@remembered
def _stripped(fields: Fields, masked: bool, credential: bool, websocket: bool) -> Fields:
    """What of an answer's head may reach the agent, each value in one line."""
    kept = strip_reply_headers(pairs(fields), masked=masked, credential=credential, websocket=websocket)
    return fields_of((name, _one_line(value)) for name, value in kept if name.lower() not in _DROPPED)


@remembered
def _all_clean(masker: Masker, fields: Fields) -> bool:
    return masker.empty or all(name.lower() in _FRAMES or _clean(masker, value) for name, value in pairs(fields))


@functools.lru_cache(maxsize=512)
def _clean(masker: Masker, value: str) -> bool:
    """Whether there is nothing to mask; the same values come again and again."""
    return not mask_url(masker, value).findings


def _check_charset(response: http.Response) -> None:
    """Text is masked as UTF-8, so it has to be read as that. Raises BodyRejected."""
    for kind in response.headers.get_all("content-type"):
        for charset in _CHARSET.findall(kind):
            if charset.lower() not in _CHARSETS:
                raise BodyRejected(Reason.BODY_UNPARSABLE, "the answer is not UTF-8 text, so it cannot be masked")


def _one_line(value: str) -> str:
    """A folded or broken value as one line."""
    return value if value.isprintable() else value.replace("\r", " ").replace("\n", " ").replace("\0", " ")
