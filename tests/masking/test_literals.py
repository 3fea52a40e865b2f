"""Known secrets are masked in every form an upstream may echo them in."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus

import pytest

from interlock.errors import InterlockError
from interlock.masking import Literal, Masker, MaskRule
from interlock.model import Secret

KEY = b"k" * 32
SECRETS = [
    "s3cret/T0ken+with=signs&more",
    'quo"te\\back é slash/x',
    "eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl",
    "hunter2hunter2",
]


def _forms(secret: str) -> dict[str, str]:
    raw = secret.encode()
    forms = {
        "raw": secret,
        "hex": raw.hex(),
        "HEX": raw.hex().upper(),
        "percent": quote(raw, safe=""),
        "path": quote(raw),
        "form": quote_plus(raw),
        "percent-lower": quote(raw, safe="").replace("%2F", "%2f").replace("%2B", "%2b").replace("%3D", "%3d"),
        "json": json.dumps(secret)[1:-1],
        "json-utf8": json.dumps(secret, ensure_ascii=False)[1:-1],
        "json-slash": json.dumps(secret)[1:-1].replace("/", "\\/"),
    }
    for shift in range(3):
        for name, coder in (("base64", base64.b64encode), ("base64url", base64.urlsafe_b64encode)):
            forms[f"{name}-{shift}"] = coder(b"user:"[: shift + 3] + raw + b"!tail").decode()
    return forms


CASES = [(secret, name, form) for secret in SECRETS for name, form in _forms(secret).items()]


@pytest.mark.parametrize(("secret", "name", "form"), CASES, ids=[f"{n}-{case[1]}" for n, case in enumerate(CASES)])
def test_every_form_is_masked_in_text_json_and_streams(secret, name, form):
    """No form of a known secret survives, at any chunking; what stands around it stays."""
    masker = Masker([], KEY, [Literal(Secret(secret))])
    text = f"before {form} after"
    result = masker.text(text)
    assert result.text.startswith("before ")
    assert result.text.endswith(" after")
    assert "[redacted:credential]" in result.text
    kept = result.text.replace("[redacted:credential]", "")
    assert len(kept) <= len("before  after") + 16
    assert secret not in result.text
    for ascii_only in (True, False):
        body = json.dumps({"t": [text], form: 1}, ensure_ascii=ascii_only).encode()
        shown = json.loads(masker.json(body).body)
        assert shown["t"] == [result.text]
        assert form not in shown
    for size in (1, 2, 3, 7, 64):
        stream = masker.stream()
        pieces = [stream.feed(text[at : at + size]) for at in range(0, len(text), size)]
        assert "".join(pieces) + stream.close() == result.text


def test_findings_and_reprs_hide_the_secret():
    """Neither finding nor repr holds the secret or a form of it."""
    masker = Masker([MaskRule("r", detect=("email",))], KEY).with_literals([Literal(Secret("hunter2hunter2"))])
    result = masker.json(b'{"a":"hunter2hunter2"}')
    assert result.findings[0].detector == "credential"
    assert "hunter2" not in repr(masker) + repr(result) + repr(masker._scanner.probes) + repr(
        Literal(Secret("hunter2"))
    )


def test_a_masker_with_literals_leaves_the_first_as_it_was():
    """Secrets of one exchange are not looked for in another."""
    masker = Masker([], KEY, [Literal(Secret("first-secret"))])
    masker.with_literals([Literal(Secret("second-secret"))])
    assert masker.text("second-secret").text == "second-secret"
    assert masker.with_literals([]) is masker


@pytest.mark.parametrize("value", ["", "abc", "half \ud800 pair"])
def test_a_secret_that_cannot_be_masked_is_refused(value):
    """A secret too short or not encodable stops the start instead of passing unseen."""
    with pytest.raises(InterlockError) as caught:
        Masker([], KEY, [Literal(Secret(value))])
    assert caught.value.hint


def test_a_long_token_is_found():
    """A token of several kilobytes compiles and is found, also across chunks."""
    token = "eyJhbGciOiJSUzI1NiJ9." + "aB3_" * 1500 + "." + "x9Y-" * 100
    masker = Masker([], KEY, [Literal(Secret(token))])
    assert masker.text(f"a {token} b").text == "a [redacted:credential] b"
    coded = base64.b64encode(b"x:" + token.encode()).decode()
    assert len(masker.text(coded).text) < 40
