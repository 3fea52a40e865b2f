"""A recorded answer, as it can be given again: without what spoke of the connection it once came on."""

from __future__ import annotations

from typing import Final

import msgspec

from interlock.model import JSON
from interlock.recording.timing import Timing
from interlock.replay.entry import Entry

__all__ = ["headers_then", "pieces", "with_id"]

_HOP: Final = frozenset(
    (
        "connection", "keep-alive", "proxy-authenticate", "proxy-connection", "te", "trailer", "transfer-encoding",
        "upgrade", "content-length", "content-encoding", "set-cookie", "strict-transport-security", "alt-svc",
    )
)  # fmt: skip
"""Headers of one connection (RFC 9110, 7.6.1), and of a body as it was encoded then: it is kept decoded."""
_EVENTS: Final = "text/event-stream"
_DATA: Final = b"data:"
_END: Final = b"\n\n"


def headers_then(entry: Entry) -> list[tuple[str, str]]:
    """The recorded headers that still mean something; none holds a line end."""
    return [
        (name, value)
        for name, value in entry.flow.answer_headers
        if name not in _HOP and not any(end in name + value for end in "\r\n\x00")
    ]


def pieces(entry: Entry, body: bytes) -> Timing:
    """When which bytes of a body go on: as recorded, else event by event; one piece for anything else."""
    told = entry.flow.timing
    if told and sum(length for _, length in told) == len(body):
        return told
    if not dict(entry.flow.answer_headers).get("content-type", "").startswith(_EVENTS):
        return [(0, len(body))]
    found, at = [], 0
    while (end := body.find(_END, at)) >= 0:
        found.append((0, end + len(_END) - at))
        at = end + len(_END)
    return [*found, (0, len(body) - at)] if at < len(body) else found


def with_id(entry: Entry, asked: bytes) -> bytes:
    """The body of the answer; where it answers a JSON-RPC request, under the id of the one that asks now."""
    then, now = _id(entry.flow.body), _id(asked)
    body = entry.flow.answer
    if then is None or now is None or then == now:
        return body
    if dict(entry.flow.answer_headers).get("content-type", "").startswith(_EVENTS):
        return b"\n".join(_line(line, then, now) for line in body.split(b"\n"))
    return _renamed(body, then, now)


def _id(body: bytes) -> JSON:
    try:
        found = msgspec.json.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return found.get("id") if isinstance(found, dict) and found.get("jsonrpc") == "2.0" else None


def _line(line: bytes, then: JSON, now: JSON) -> bytes:
    return _DATA + b" " + _renamed(line.removeprefix(_DATA).strip(), then, now) if line.startswith(_DATA) else line


def _renamed(body: bytes, then: JSON, now: JSON) -> bytes:
    try:
        found = msgspec.json.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return body
    if not isinstance(found, dict) or found.get("id") != then:
        return body
    return msgspec.json.encode({**found, "id": now})
