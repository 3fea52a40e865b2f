"""A session as HTTP Archive 1.2 (W3C draft of 2012): what browsers' developer tools and load tests import.

Bodies are those of the flow file, masked; a streamed answer keeps the moments of its pieces in `_stream`. What the
gateway decided stands in `comment` and in `_interlock`, as custom members begin.
"""

from __future__ import annotations

import base64
import json
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


def har(session: Exported) -> Iterator[str]:
    """The archive, one entry at a time; exchanges in the order in which they ended."""
    decisions = _decisions(session)
    creator = {"name": session.product, "version": session.summary.gateway or "unknown"}
    comment = f"session {session.summary.id} of {session.summary.subject}"
    head = {"version": "1.2", "creator": creator, "pages": [], "comment": comment}
    yield '{"log":' + _json(head)[:-1] + ',"entries":['
    separator = ""
    for flow in session.flows():
        yield separator + _json(_entry(flow, decisions.get(flow.id, {})))
        separator = ","
    yield "]}}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


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
        text, coded = _text(flow.body)
        request["postData"] = {"mimeType": kind, "params": [], "text": text}
        if coded:
            request["postData"] = {"mimeType": kind, "params": [], "text": text, "_encoding": "base64"}
    return request


def _response(flow: RecordedFlow) -> dict[str, JSON]:
    text, coded = _text(flow.answer)
    kind = _header(flow.answer_headers, "content-type")
    content: dict[str, JSON] = {"size": len(flow.answer), "mimeType": kind or "x-unknown", "text": text}
    if coded:
        content["encoding"] = "base64"
    return {
        "status": flow.status,
        "statusText": "",
        "httpVersion": flow.versions[1] or flow.versions[0] or "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(flow.answer_headers),
        "content": content,
        "redirectURL": _header(flow.answer_headers, "location"),
        "headersSize": _UNKNOWN,
        "bodySize": len(flow.answer) if flow.status else _UNKNOWN,
    }


def _text(body: bytes) -> tuple[str, bool]:
    """A body as text, and whether that is base64 because it is none."""
    try:
        return body.decode("utf-8"), False
    except UnicodeDecodeError:
        return base64.b64encode(body).decode("ascii"), True


def _url(flow: RecordedFlow) -> str:
    scheme = flow.scheme if flow.scheme in _DEFAULT else "http"
    host = f"[{flow.host}]" if ":" in flow.host else flow.host
    port = "" if flow.port == _DEFAULT[scheme] else f":{flow.port}"
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
