"""Reads flow files (tnetstrings) without mitmproxy: the requests and answers of a session, as they were recorded.

What a killed gateway left unfinished at the end is passed over; what is no flow file ends the reading.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

from interlock.recording.keyring import Keyring
from interlock.recording.opening import open_flow_file
from interlock.recording.snapshot import REFERENCE
from interlock.recording.timing import STREAM

__all__ = ["MAX_FLOW", "RecordedFlow", "read_flows"]

MAX_FLOW: Final = 128 << 20
"""Bytes of one flow, both bodies included; a larger one is passed over."""
_DEEPEST: Final = 32
_LONGEST: Final = 12
_LATEST: Final = 253402300799.0

type Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RecordedFlow:
    """One exchange. Names of headers are in lower case; a body that was not kept is empty; no answer is status 0.

    `timing` says when which part of a streamed answer went on (empty: it was not streamed, or is not known).
    `reference` is that of the decision in the evidence, `comment` says it in words. `times` are when the request began
    and ended and the answer began and ended (seconds since the epoch; 0: not known), `versions` of HTTP in both.
    """

    id: str
    scheme: str
    host: str
    port: int
    method: str
    path: str
    headers: Fields = ()
    body: bytes = field(default=b"", repr=False)
    status: int = 0
    answer_headers: Fields = ()
    answer: bytes = field(default=b"", repr=False)
    timing: tuple[tuple[int, int], ...] = ()
    reference: str = field(default="", compare=False)
    comment: str = field(default="", compare=False)
    times: tuple[float, float, float, float] = field(default=(0.0, 0.0, 0.0, 0.0), compare=False)
    versions: tuple[str, str] = field(default=("", ""), compare=False)


def read_flows(path: Path, keys: Keyring | None = None) -> Iterator[RecordedFlow]:
    """The HTTP flows of a file in their order. Raises OSError; what is no flow ends the file.

    An encrypted one is opened with `keys` (default: those that are reachable). Raises Unopened where that cannot be.
    """
    with open_flow_file(path, keys) as file:
        while (raw := _element(file)) is not None:
            try:
                value, end = _parse(raw, 0, 0)
            except ValueError:
                return
            if end != len(raw) or type(value) is not dict:
                return
            flow = _flow(value)
            if flow is not None:
                yield flow


def _element(file: BinaryIO) -> bytes | None:
    """The next element with its length and type; None at the end, and where it is torn, too large or none."""
    head = b""
    while not head.endswith(b":"):
        letter = file.read(1)
        if not letter or len(head) > _LONGEST:
            return None
        head += letter
    if not head[:-1].isdigit() or int(head[:-1]) > MAX_FLOW:
        return None
    size = int(head[:-1]) + 1
    data = file.read(size)
    return head + data if len(data) == size else None


def _parse(raw: bytes, at: int, depth: int) -> tuple[Any, int]:
    """The value that begins at `at`, and where it ends. Raises ValueError."""
    colon = raw.find(b":", at, at + _LONGEST)
    if colon < 0 or not raw[at:colon].isdigit() or depth > _DEEPEST:
        raise ValueError("no tnetstring")
    start = colon + 1
    end = start + int(raw[at:colon])
    if end >= len(raw):
        raise ValueError("a tnetstring ends early")
    kind = raw[end : end + 1]
    if kind in b"]}":
        return _several(raw, start, end, kind, depth), end + 1
    return _single(raw[start:end], kind), end + 1


def _several(raw: bytes, at: int, end: int, kind: bytes, depth: int) -> Any:
    items = list[Any]()
    while at < end:
        item, at = _parse(raw, at, depth + 1)
        items.append(item)
    if at != end:
        raise ValueError("a tnetstring ends early")
    if kind == b"]":
        return items
    if any(type(name) not in (str, bytes) for name in items[::2]):
        raise ValueError("a member has no name")
    return dict(zip(items[::2], items[1::2], strict=True))


def _single(data: bytes, kind: bytes) -> Any:
    if kind == b",":
        return data
    if kind == b";":
        return data.decode("utf-8", "replace")
    if kind == b"#":
        return int(data)
    if kind == b"^":
        return float(data)
    if kind == b"!":
        return data == b"true"
    if kind == b"~":
        return None
    raise ValueError("no tnetstring")


def _flow(value: dict[Any, Any]) -> RecordedFlow | None:
    request, answer = value.get("request"), value.get("response")
    if value.get("type") != "http" or type(request) is not dict:
        return None
    answer = answer if type(answer) is dict else {}
    port, status = request.get("port"), answer.get("status_code")
    return RecordedFlow(
        id=_text(value.get("id")),
        scheme=_text(request.get("scheme")),
        host=_text(request.get("host")),
        port=port if type(port) is int else 0,
        method=_text(request.get("method")),
        path=_text(request.get("path")),
        headers=_headers(request.get("headers")),
        body=_body(request.get("content")),
        status=status if type(status) is int else 0,
        answer_headers=_headers(answer.get("headers")),
        answer=_body(answer.get("content")),
        timing=_timing(value.get("metadata")),
        reference=_text(_map(value.get("metadata")).get(REFERENCE)),
        comment=_text(value.get("comment")),
        times=(*_times(request), *_times(answer)),
        versions=(_text(request.get("http_version")), _text(answer.get("http_version"))),
    )


def _map(value: object) -> dict[Any, Any]:
    return value if type(value) is dict else {}


def _times(side: dict[Any, Any]) -> tuple[float, float]:
    first, last = (side.get(name) for name in ("timestamp_start", "timestamp_end"))
    return _moment(first), _moment(last)


def _moment(value: object) -> float:
    return value if type(value) is float and 0 < value < _LATEST else 0.0


def _timing(metadata: object) -> tuple[tuple[int, int], ...]:
    found = _map(metadata).get(STREAM)
    pairs = found if type(found) is list else []
    if not all(type(pair) is list and [type(one) for one in pair] == [int, int] and min(pair) >= 0 for pair in pairs):
        return ()
    return tuple((when, size) for when, size in pairs)


def _headers(value: object) -> Fields:
    pairs = value if type(value) is list else []
    return tuple((_text(pair[0]).lower(), _text(pair[1])) for pair in pairs if type(pair) is list and len(pair) == 2)


def _body(value: object) -> bytes:
    return value if type(value) is bytes else b""


def _text(value: object) -> str:
    return value.decode("latin-1") if type(value) is bytes else value if type(value) is str else ""
