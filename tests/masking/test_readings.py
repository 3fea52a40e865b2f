"""Texts that are spelled in another way than they read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.masking import Masker, MaskRule
from interlock.masking.readings import may_differ, read_again

MASKER = Masker([MaskRule("all", detect=("email", "credit-card", "phone", "aws-key"))], b"k" * 32)
MAIL, X = "erika@example.com", "[redacted:email]"
WAYS = [
    ("erika\\u0040example.com", X),
    ("erika\\\\u0040example.com", X),
    ("erika\\x40example.com", X),
    ("erika%2540example.com", X),
    ("erika%252540example.com", X),
    ("erika&#0064;example.com", X),
    ("erika&#x00040;example.com", X),
    ("erika@exam\u200bple.com", X),
    ("eri\u00adka@example\u2060.com", X),
    ("erika@example\uff0ecom", X),
    ("erika@example\u3002com", X),
    ("\uff45\uff52\uff49\uff4b\uff41\uff20\uff45\uff58\uff41\uff4d\uff50\uff4c\uff45\uff0e\uff43\uff4f\uff4d", X),
    ("\uff14\uff11\uff11\uff11 1111 1111 1111", "[redacted:credit-card]"),
    ("\u0664\u0661\u0661\u0661111111111111", "[redacted:credit-card]"),
    ("\\u002B49 170 1234567", "[redacted:phone]"),
    ("AKIA\u200bIOSFODNN7EXAMPLE", "[redacted:aws-key]"),
]


@pytest.mark.parametrize(("text", "masked"), WAYS)
def test_a_value_is_found_however_it_is_spelled(text, masked):
    """In a document, however that one escapes it, in a member's name, in a long one, and as a text of its own."""
    told = {"a": f"to {text}, now", text: 1, "b": ["x" * 9000, text]}
    shown = {"a": f"to {masked}, now", masked: 1, "b": ["x" * 9000, masked]}
    for ascii_only in (True, False):
        assert json.loads(MASKER.json(json.dumps(told, ensure_ascii=ascii_only).encode()).body) == shown
    assert MASKER.fields(f"to {text}, now", "text").text == f"to {masked}, now"
    assert MASKER.fields(f"a,b\n1,{text}\n", "csv").text == f"a,b\n1,{masked}\n"


@pytest.mark.parametrize(
    "text",
    [
        "Zo\u00eb \U0001f469\u200d\U0001f469\u200d\U0001f467\ufe0f, \u6f22\u5b57\u3002 100%25 &#65; \\u0041bc \\x41",
        "\ufeffid,name\r\n1,a",
        "\\u00fc \\u001b[0m C:\\x86\\u0041pp \\\\server\\u0042",
        "1.\u200b2.\u200b3 \uff11\uff12\uff13",
    ],
)
def test_other_texts_keep_their_bytes(text):
    """Scripts, emoji, paths and escapes without a value."""
    body = json.dumps({"a": text}).encode()
    assert may_differ(body)
    assert MASKER.json(body).body is body
    assert MASKER.fields(text, "text").text == text


def test_only_what_could_differ_is_read_again():
    """Ordinary texts cost one look at their bytes."""
    for text in ("plain", "\u2013 \u201cquoted\u201d \u00e4\u00f6\u00fc \u20ac", "\\n \\t 100% &amp; a\\\\b"):
        assert not may_differ(json.dumps(text, ensure_ascii=False).encode())
        assert read_again(text, lambda raw: pytest.fail("asked")) == []


@given(
    pieces=st.lists(
        st.sampled_from(["a", "\u00e9", "\u200b", "\\u0041", "&#66;", "\uff21", "%2543", "\u0664", "\U0001f600", " "]),
        max_size=12,
    ),
    place=st.integers(0, 12),
    odd=st.sampled_from(["erika\u200b@example.com", "erika\\u0040example.com", "\uff45rika@example.com"]),
)
@settings(max_examples=100, deadline=None)
def test_spans_are_those_of_the_text_as_it_stands(pieces, place, odd):
    """Whatever stands around: the value goes, everything else stays."""
    before, after = "".join(pieces[:place]) + " ", " " + "".join(pieces[place:])
    body = json.dumps({"a": before + odd + after}, ensure_ascii=False).encode()
    assert json.loads(MASKER.json(body).body) == {"a": f"{before}{X}{after}"}


def test_long_texts_are_read_in_linear_time():
    """A hundred thousand odd places."""
    text = "\u200ba" * 100_000 + f" {MAIL[:5]}\u200b{MAIL[5:]}"
    assert MASKER.fields(text, "text").text.endswith(f"\u200ba {X}")
