"""HTTP Archives as the format's own text demands them, whatever was recorded."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from mitmproxy.io.tnetstring import dumps
from tests.recording.nasty import NASTY, nasty_session

from interlock.recording import har as module
from interlock.recording.exporting import Exported
from interlock.recording.har import har


def members(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    """An object with these members; others begin with an underscore."""
    return {
        "type": "object", "properties": {**required, **optional}, "required": [*required],
        "patternProperties": {"^_": {}}, "additionalProperties": False,
    }  # fmt: skip


TEXT = {"type": "string"}
NUMBER = {"type": "number", "minimum": -1}
DURATION = {"type": "number", "minimum": 0}
PAIRS = {"type": "array", "items": members({"name": TEXT, "value": TEXT})}
VERSION = {"type": "string", "pattern": "^HTTP/"}
HEAD = {
    "httpVersion": VERSION,
    "cookies": {"type": "array"},
    "headers": PAIRS,
    "headersSize": NUMBER,
    "bodySize": NUMBER,
}
POST_DATA = members({"mimeType": TEXT, "params": {"type": "array"}, "text": TEXT})
REQUEST = members(
    {"method": TEXT, "url": {"type": "string", "pattern": "^https?://"}, "queryString": PAIRS, **HEAD},
    postData=POST_DATA,
)
CONTENT = members({"size": NUMBER, "mimeType": TEXT}, text=TEXT, encoding={"const": "base64"})
RESPONSE = members({"status": NUMBER, "statusText": TEXT, "content": CONTENT, "redirectURL": TEXT, **HEAD})
TIMINGS = members({"send": DURATION, "wait": DURATION, "receive": DURATION})
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"}
ENTRY = members(
    {"startedDateTime": MOMENT, "time": DURATION, "request": REQUEST, "response": RESPONSE, "cache": {"type": "object"},
     "timings": TIMINGS}, comment=TEXT,
)  # fmt: skip
LOG = members(
    {"version": {"const": "1.2"}, "creator": members({"name": TEXT, "version": TEXT}),
     "entries": {"type": "array", "items": ENTRY}}, pages={"type": "array"}, comment=TEXT,
)  # fmt: skip


@pytest.fixture(scope="module")
def entries(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Of a session that is as nasty as can be; the archive itself holds against the format."""
    written = "".join(har(Exported.of(nasty_session(tmp_path_factory.mktemp("recordings")))))
    archive = json.loads(written)
    jsonschema.validate(archive, members({"log": LOG}))
    assert written.isascii()
    found: list[dict[str, Any]] = archive["log"]["entries"]
    return found


def test_every_exchange_is_an_entry(entries: list[dict[str, Any]]) -> None:
    """With what was decided about it, and where that stands in the evidence."""
    assert len(entries) == len(NASTY)
    first = entries[0]
    assert first["comment"] == f"permit {NASTY[0]} {NASTY[0]}"
    assert first["_interlock"]["reference"].endswith("/3")
    assert first["_interlock"]["effect"] == "permit"


def test_times_add_up(entries: list[dict[str, Any]]) -> None:
    """Sent, waited, received, in milliseconds, and the moments of a stream."""
    assert entries[0]["startedDateTime"] == "2027-01-15T08:00:00.500Z"
    assert entries[0]["timings"] == {"send": 200, "wait": 300, "receive": 500}
    assert entries[0]["time"] == 1000
    assert entries[0]["_stream"] == [{"milliseconds": 1, "bytes": 2}, {"milliseconds": 5, "bytes": 3}]


def test_bodies_are_the_recorded_ones(entries: list[dict[str, Any]]) -> None:
    """Text as text, anything else in base64."""
    assert json.loads(entries[0]["request"]["postData"]["text"]) == {"a": "\x1b[2J"}
    content = entries[5]["response"]["content"]
    assert base64.b64decode(content["text"]) == b"\xff" + NASTY[5].encode()


def test_an_empty_session_is_an_archive_too(tmp_path: Path) -> None:
    """No flow file, no entries."""
    folder = nasty_session(tmp_path)
    (folder / "flows.mitm").unlink()
    archive = json.loads("".join(har(Exported.of(folder))))
    jsonschema.validate(archive, members({"log": LOG}))
    assert archive["log"]["entries"] == []


@pytest.mark.parametrize(
    "body", [b"", 'gr\u00fc\u00dfe \U0001f600 \u202e\x00"'.encode(), bytes(range(256)), b"\xe2\x82", b"\xed\xa0\x80"]
)
@pytest.mark.parametrize("size", [3, 6, 768])
def test_a_body_in_pieces_is_the_whole_body(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: bytes, size: int
) -> None:
    """Wherever it is cut; text in the midst of a character, base64 in none of its groups."""
    monkeypatch.setattr(module, "_PIECE", size)
    folder = nasty_session(tmp_path)
    (folder / "flows.mitm").write_bytes(dumps(hostile_flow(body)) * 2)
    archive = json.loads("".join(har(Exported.of(folder))))
    jsonschema.validate(archive, members({"log": LOG}))
    for entry in archive["log"]["entries"]:
        content = entry["response"]["content"]
        coded = content.get("encoding") == "base64"
        assert (base64.b64decode(content["text"]) if coded else content["text"].encode()) == body
        assert content["size"] == len(body)
    assert len(archive["log"]["entries"]) == 2


def test_what_an_archive_takes_is_bounded(tmp_path: Path) -> None:
    """However large a body is, it is never written out whole: of NULs each byte becomes six."""
    folder = nasty_session(tmp_path)
    (folder / "flows.mitm").write_bytes(dumps(hostile_flow(bytes(20 << 20))))
    exported = Exported.of(folder)
    assert max(map(len, har(exported))) < 8 << 20


def test_a_torn_flow_ends_the_archive_and_not_the_document(tmp_path: Path) -> None:
    """What a killed gateway left in the middle of a flow, and what somebody wrote behind it, is passed over."""
    folder = nasty_session(tmp_path)
    whole = dumps(hostile_flow(b"x"))
    for end in (whole[: len(whole) // 2], b"99999999:", b"-1:x,", b"9" * 40 + b":", b"0:~", b"2:5:]", b"\xff"):
        (folder / "flows.mitm").write_bytes(whole + end)
        archive = json.loads("".join(har(Exported.of(folder))))
        jsonschema.validate(archive, members({"log": LOG}))
        assert len(archive["log"]["entries"]) == 1


def hostile_flow(answer: bytes) -> dict[str, Any]:
    """A flow whose numbers and texts are none that HTTP has."""
    word = NASTY[3].encode()
    fields = [[word, word], [b"content-type", b"\xff\x00"], [b"location", b"javascript:alert(1)"]]
    request = {
        "method": word, "scheme": b"javascript", "host": "evil\r\nhost: x", "port": -7, "path": b"x\xff?a=%ff&=&b",
        "headers": fields, "content": answer, "http_version": b"", "timestamp_end": 1.0,
        "timestamp_start": float("inf"),
    }  # fmt: skip
    response = {
        "status_code": 10**30, "headers": fields, "content": answer, "http_version": b"HTTP/9",
        "timestamp_start": -1.0, "timestamp_end": 9e15,
    }  # fmt: skip
    metadata = {"interlock_stream": [[1, 2], [-1, 5]], "interlock_reference": word}
    return {"type": "http", "id": "f", "request": request, "response": response, "metadata": metadata, "comment": word}
