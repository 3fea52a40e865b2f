"""Tnetstrings, as mitmproxy reads and writes them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mitmproxy.io import tnetstring

from interlock.recording.tnetstring import brief_text, integer, mapping, moment, octets, of_value, real, word

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


def _bytes(written: str) -> bytes:
    return written.encode("latin-1")


@settings(max_examples=60)
@given(VALUES)
def test_any_value_is_written_and_read_as_mitmproxy_does(value: object) -> None:
    """The very bytes, but that mitmproxy turns the members of a list round when it writes one."""
    assert tnetstring.loads(_bytes(of_value(value))) == value
    if not isinstance(value, list | dict):
        assert _bytes(of_value(value)) == tnetstring.dumps(value)


@settings(max_examples=60)
@given(st.binary(max_size=300), TEXT, st.floats(allow_nan=False), st.integers())
def test_what_is_remembered_is_what_is_written(data: bytes, said: str, number: float, whole: int) -> None:
    """Short or long, asked for once or again."""
    for _ in range(2):
        assert _bytes(octets(data)) == tnetstring.dumps(data)
        assert _bytes(brief_text(said)) == _bytes(of_value(said)) == tnetstring.dumps(said)
        assert _bytes(octets(said)) == tnetstring.dumps(said.encode())
    assert _bytes(real(number)) == _bytes(moment(number)) == tnetstring.dumps(number)
    assert _bytes(integer(whole)) == tnetstring.dumps(whole)


@pytest.mark.parametrize(
    ("found", "expected"),
    [(word(""), "0:~"), (word("a"), "1:a;"), (moment(None), "0:~"), (mapping(""), "0:}"), (real(1), "3:1.0^"),
     (of_value("\ud800"), "6:\\ud800;")],
)  # fmt: skip
def test_what_is_not_there_is_nothing(found: str, expected: str) -> None:
    """Empty words and absent times; whole numbers where floats stand; half a surrogate pair is spelled out."""
    assert found == expected
