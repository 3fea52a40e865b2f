"""A session as HTTP Archive 1.2 (W3C draft of 2012): what browsers' developer tools and load tests import.

Bodies are those of the flow file, masked; a streamed answer keeps the moments of its pieces in `_stream`. What the
gateway decided stands in `comment` and in `_interlock`, as custom members begin.
"""

from __future__ import annotations

import base64
import codecs
import json
import secrets
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import parse_qsl

from interlock.model import JSON
from interlock.recording.event import stamp
from interlock.recording.exporting import Exported
from interlock.recording.flow_reading import RecordedFlow
from interlock.recording.wording import text_of, touched

__all__ = ["har"]

_MAX_QUERY: Final = 1000
_DEFAULT: Final = {"https": 443, "http": 80}
_UNKNOWN: Final = -1  # as the format says of times and sizes that are not known
_STATUSES: Final = 1000
_PORTS: Final = 1 << 16
_PIECE: Final = 768 << 10
"""Bytes of a body that are written at once, a multiple of three: written out they are up to six times as many."""


def har(session: Exported) -> Iterator[str]:
    """The archive, piece by piece; exchanges in the order in which they ended. Bodies are never written out whole."""
    decisions = _decisions(session)
    creator = {"name": session.product, "version": session.summary.gateway or "unknown"}
    comment = f"session {session.summary.id} of {session.summary.subject}"
    head = {"version": "1.2", "creator": creator, "pages": [], "comment": comment}
    yield '{"log":' + _json(head)[:-1] + ',"entries":['
    separator = ""
    for flow in session.flows():
        yield separator
        yield from _written(_entry(flow, decisions.get(flow.id, {})), (flow.body, flow.answer))
        separator = ","
    yield "]}}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def _written(entry: dict[str, JSON], bodies: tuple[bytes, bytes]) -> Iterator[str]:
    """An entry whose `text` members are still the numbers of bodies, with the bodies in their places."""
    mark = secrets.token_hex(16)  # nothing that was recorded can hold it
    request, response = (entry[side] for side in ("request", "response"))
    for said, name, number in ((request, "postData", 0), (response, "content", 1)):
        if isinstance(said, dict) and isinstance(part := said.get(name), dict):
            part["text"] = f"{mark}{number}"
    rest = _json(entry)
    for number, body in enumerate(bodies):
        before, found, after = rest.partition(f"{mark}{number}")
        if found:
            yield before
            yield from _pieces(body)
            rest = after
    yield rest


def _pieces(body: bytes) -> Iterator[str]:
    """A body as the inside of a JSON text: as it reads, or base64 where it is no text."""
    text = codecs.getincrementaldecoder("utf-8")() if _is_text(body) else None
    for at in range(0, len(body), _PIECE):
        piece = body[at : at + _PIECE]
        yield _json(text.decode(piece))[1:-1] if text is not None else base64.b64encode(piece).decode("ascii")


def _is_text(body: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for at in range(0, len(body), _PIECE):
            decoder.decode(body[at : at + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _decisions(session: Exported) -> dict[str, dict[str, JSON]]:
    """What was decided about each flow, in a few words."""
    found: dict[str, dict[str, JSON]] = {}
    for event in session.events():
        flow = event.data.get("flow")
        if event.kind == "decision" and isinstance(flow, str):
            found[flow] = {
                "reference": f"{session.summary.id}/{event.seq}",
                **{name: text_of(event.data, name) for name in ("effect", "reason", "rule", "connection")},
                "operations": touched(event.data.get("operations")),
            }
    return found


def _entry(flow: RecordedFlow, decided: Mapping[str, JSON]) -> dict[str, JSON]:
    begun, sent, answered, ended = flow.times
    send, wait, receive = _between(begun, sent), _between(sent or begun, answered), _between(answered, ended)
    comment = " ".join(filter(None, (text_of(decided, name) for name in ("effect", "reason", "rule"))))
    entry: dict[str, JSON] = {
        "startedDateTime": stamp(begun),
        "time": max(send, 0) + max(wait, 0) + max(receive, 0),
        "request": _request(flow),
        "response": _response(flow),
        "cache": {},
        "timings": {"send": max(send, 0), "wait": max(wait, 0), "receive": max(receive, 0)},
        "comment": comment or flow.comment,
        "_interlock": dict(decided),
    }
    if flow.timing:
        entry["_stream"] = [{"milliseconds": when, "bytes": size} for when, size in flow.timing]
    return entry


def _between(first: float, last: float) -> int:
    return max(round((last - first) * 1000), 0) if first and last else _UNKNOWN


def _request(flow: RecordedFlow) -> dict[str, JSON]:
    request: dict[str, JSON] = {
        "method": flow.method,
        "url": _url(flow),
        "httpVersion": flow.versions[0] or "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(flow.headers),
        "queryString": _query(flow.path),
        "headersSize": _UNKNOWN,
        "bodySize": len(flow.body),
    }
    if flow.body:
        kind = _header(flow.headers, "content-type")
        coded: dict[str, JSON] = {} if _is_text(flow.body) else {"_encoding": "base64"}
        request["postData"] = {"mimeType": kind, "params": [], "text": "", **coded}
    return request


def _response(flow: RecordedFlow) -> dict[str, JSON]:
    kind = _header(flow.answer_headers, "content-type")
    content: dict[str, JSON] = {"size": len(flow.answer), "mimeType": kind or "x-unknown", "text": ""}
    if not _is_text(flow.answer):
        content["encoding"] = "base64"
    return {
        "status": flow.status if 0 <= flow.status < _STATUSES else 0,
        "statusText": "",
        "httpVersion": flow.versions[1] or flow.versions[0] or "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(flow.answer_headers),
        "content": content,
        "redirectURL": _header(flow.answer_headers, "location"),
        "headersSize": _UNKNOWN,
        "bodySize": len(flow.answer) if flow.status else _UNKNOWN,
    }


def _url(flow: RecordedFlow) -> str:
    scheme = flow.scheme if flow.scheme in _DEFAULT else "http"
    host = f"[{flow.host}]" if ":" in flow.host else flow.host
    port = f":{flow.port}" if 0 < flow.port < _PORTS and flow.port != _DEFAULT[scheme] else ""
    return f"{scheme}://{host}{port}{flow.path if flow.path.startswith('/') else '/' + flow.path}"


def _pairs(fields: tuple[tuple[str, str], ...]) -> list[JSON]:
    return [{"name": name, "value": value} for name, value in fields]


def _query(path: str) -> list[JSON]:
    try:
        pairs = parse_qsl(path.partition("?")[2], keep_blank_values=True, max_num_fields=_MAX_QUERY)
    except ValueError:
        return []
    return [{"name": name, "value": value} for name, value in pairs]


def _header(fields: tuple[tuple[str, str], ...], name: str) -> str:
    return next((value for known, value in fields if known == name), "")
