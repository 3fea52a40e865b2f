"""Documents in base64: their text is masked, everything else is nobody's text."""

from __future__ import annotations

import base64
import json

import pytest

from interlock.errors import BodyRejected
from interlock.masking import Masker, MaskRule
from interlock.masking.attachments import may_attach
from interlock.masking.binary import binary_parts
from interlock.masking.thoughts import mask_document
from interlock.protocols.protected import protected
from interlock.protocols.protected_gemini import protected_gemini
from interlock.protocols.protected_openai import protected_openai
from interlock.reasons import Reason

MAIL = "erika.mustermann@example.com"
MASKER = Masker([MaskRule("mails", detect=("email",)), MaskRule("names", fields=frozenset({"name"}))], b"k" * 32)
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB"


def _coded(text: str | bytes) -> str:
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


def _source(kind: str | None, data: str) -> dict[str, object]:
    source = {"type": "base64", "data": data} if kind is None else {"type": "base64", "media_type": kind, "data": data}
    return {"type": "document", "source": source, "title": "x"}


def _sent(part: object, protect=protected):
    messages = [{"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": [part]}]}]
    body = json.dumps({"model": "m", "messages": messages}, indent=1).encode()
    return body, mask_document(MASKER, body, json.loads(body), protect)


def _part(body: bytes) -> dict[str, object]:
    return json.loads(body)["messages"][0]["content"][0]["content"][0]


TEXTS = [
    ("text/plain", f"Mail {MAIL}", "Mail [redacted:email]"),
    ("text/plain; charset=utf-8", f"Mail {MAIL}", "Mail [redacted:email]"),
    ("text/csv", f"id;name\n1;Erika\n2;{MAIL}\n", "id;name\n1;[redacted:names]\n2;[redacted:email]\n"),
    (
        "application/json",
        f'{{"name": "Erika", "to": "{MAIL}"}}',
        '{"name": "[redacted:names]", "to": "[redacted:email]"}',
    ),
    ("application/json", f"no json, {MAIL}", "no json, [redacted:email]"),
    ("image/svg+xml", f"<text>{MAIL}</text>", "<text>[redacted:email]</text>"),
    ("application/octet-stream", f"Mail {MAIL}", "Mail [redacted:email]"),
    (None, f"Mail {MAIL}", "Mail [redacted:email]"),
    ("what?ever", f"Mail {MAIL}", "Mail [redacted:email]"),
]


@pytest.mark.parametrize(("kind", "text", "masked"), TEXTS)
def test_a_text_is_decoded_masked_and_encoded_again(kind, text, masked):
    """As what it says it is; every byte around it stays, and the finding says where."""
    body, found = _sent(_source(kind, _coded(text)))
    assert base64.b64decode(_part(found.body)["source"]["data"]).decode() == masked
    assert found.body.replace(_coded(masked).encode(), _coded(text).encode()) == body
    assert {one.place.partition(" ")[0] for one in found.findings} == {"/messages/0/content/0/content/0/source/data"}


def test_what_holds_nothing_keeps_its_bytes():
    """However it is written: with gaps, in the alphabet of URLs."""
    for data in (_coded("Nothing here?>"), _coded("Nothing here?>").replace("/", "_"), "Tm90aGlu\nZyBoZXJl"):
        body, found = _sent(_source("text/plain", data))
        assert found.body is body


@pytest.mark.parametrize(
    ("part", "protect"),
    [
        ({"type": "input_file", "filename": "a.csv", "file_data": "data:text/csv;base64,%s"}, protected_openai),
        ({"type": "file", "file": {"file_data": "DATA:text/plain;charset=utf-8;base64,%s"}}, protected_openai),
        ({"type": "file", "file": {"file_data": "%s"}}, protected_openai),
        ({"type": "image_url", "image_url": {"url": "data:image/svg+xml;base64,%s"}}, protected_openai),
        ({"inlineData": {"mimeType": "text/plain", "data": "%s"}}, protected_gemini),
        ({"inline_data": {"mime_type": "text/plain", "data": "%s"}}, protected_gemini),
    ],
)
def test_every_api_has_its_own_place(part, protect):
    """Data URLs keep what stands before the data; nobody takes such a part for one that cannot be searched."""
    told = json.loads(json.dumps(part).replace("%s", _coded(f"Mail {MAIL}")))
    _, found = _sent(told, protect)
    assert _part(found.body) == json.loads(json.dumps(part).replace("%s", _coded("Mail [redacted:email]")))
    assert binary_parts([told]) == []


@pytest.mark.parametrize("kind", ["image/png", "application/pdf", "audio/wav", "application/octet-stream", None])
def test_what_is_no_text_stays_and_is_left_to_the_connection(kind):
    """Pictures and files pass, are left out or forbid as `binary:` says."""
    part = _source(kind, PICTURE)
    body, found = _sent(part)
    assert found.body is body
    assert len(binary_parts([part])) == 1


@pytest.mark.parametrize(
    "data", ["not base64 at all!", _coded(MAIL) + "!", _coded(MAIL)[:-4] + "=A==", _coded("a\0b"), _coded(b"\xff\xfe")]
)
def test_a_text_that_cannot_be_read_is_refused(data):
    """Lax readers would find a value in it."""
    with pytest.raises(BodyRejected) as caught:
        _sent(_source("text/plain", data))
    assert caught.value.reason is Reason.BODY_UNPARSABLE
    assert data not in str(caught.value)


def test_a_data_url_without_base64_is_a_text():
    """It is searched where it stands."""
    _, found = _sent({"type": "image_url", "image_url": {"url": f"data:text/plain,{MAIL}"}}, protected_openai)
    assert MAIL.encode() not in found.body


def test_escaped_letters_hide_no_part():
    """The bytes that are looked for first may be spelled in another way."""
    plain = json.dumps({"a": [_source("text/plain", _coded(MAIL))]})
    for body in (plain, plain.replace('"base64"', '"b\\u0061se64"'), plain.replace('"base64"', '"\\u0062ase\\u00364"')):
        assert may_attach(body.encode())
        assert mask_document(MASKER, body.encode(), json.loads(body), None).body != body.encode()
    assert not may_attach(b'{"messages": [{"content": "\\u001b[0m \\u00e4 <data>"}]}')


def test_a_part_is_decoded_once(monkeypatch):
    """The conversation brings it again every turn."""
    asked = []
    masker = Masker([MaskRule("mails", detect=("email",))], b"k" * 32)
    masker.text = lambda text, real=masker.text: asked.append(text) or real(text)
    body = json.dumps({"a": [_source("text/plain", _coded(f"Mail {MAIL}"))]}).encode()
    first, second = (mask_document(masker, body, json.loads(body), None) for _ in range(2))
    assert (len(asked), first.body) == (1, second.body)
    assert first.findings == second.findings
