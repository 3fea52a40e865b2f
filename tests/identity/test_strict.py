"""base64url and JSON that can be read in one way only."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.identity.strict import b64url_decode, b64url_encode, read_object


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=64))
def test_own_spelling_round_trips(raw: bytes) -> None:
    """What is encoded is decoded."""
    assert b64url_decode(b64url_encode(raw)) == raw


@pytest.mark.parametrize("text", ["AA==", "AB", "A", "AAB", "A A", "AA\n", "+/", "AA.", "é", "\ud800", "AAAAA"])
def test_other_spellings_are_refused(text: str) -> None:
    """Padding, bits nobody reads, another alphabet, white space."""
    with pytest.raises(ValueError):
        b64url_decode(text)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b'"x"',
        b"{",
        b"{} {}",
        b'{"a":1,"a":1}',
        b'{"a":1,"\\u0061":2}',
        b'{"x":[{"b":1,"b":2}]}',
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":1e999}',
        b'{"a":"\\ud800"}',
        b'{"\\udfff":1}',
        b"\xef\xbb\xbf{}",
        b'{"a":"\xff"}',
        b"{'a':1}",
        b'{"a":' + b"[" * 40 + b"]" * 40 + b"}",
        b'{"a":' * 5000,
        b'{"a":' + b"9" * 5000 + b"}",
    ],
)
def test_ambiguous_json_is_refused(raw: bytes) -> None:
    """Duplicates however spelt, numbers beyond the finite, text beyond Unicode, depth."""
    with pytest.raises(ValueError) as caught:
        read_object(raw)
    assert str(caught.value).startswith(("is ", "holds "))


def test_plain_object_is_read() -> None:
    """Nested members, escapes and characters beyond the BMP."""
    assert read_object(b'{"a":{"b":["\\ud83d\\ude00",1.5,null]},"c":true}') == {
        "a": {"b": ["😀", 1.5, None]},
        "c": True,
    }


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=64))
def test_any_bytes_give_an_object_or_a_value_error(raw: bytes) -> None:
    """Nothing else escapes."""
    try:
        found = read_object(raw)
    except ValueError:
        found = {}
    assert isinstance(found, dict)
