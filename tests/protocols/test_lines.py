"""One document a line."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.errors import BodyRejected
from interlock.protocols.lines import is_lines_type, read_lines


@pytest.mark.parametrize("body", [b'{"a":1}\n{"b":2}', b'{"a":1}\n{"b":2}\n', b'{"a":1}\r\n\r\n{"b":2}\r\n'])
def test_each_line_is_a_document(body: bytes) -> None:
    """Blank lines are none."""
    assert read_lines(body) == [{"a": 1}, {"b": 2}]


def test_blank_lines_may_be_refused() -> None:
    """Where the next line belongs to the one before."""
    assert read_lines(b"{}\n{}\n", blank=False) == [{}, {}]
    with pytest.raises(BodyRejected):
        read_lines(b"{}\n \n{}\n", blank=False)


@pytest.mark.parametrize(
    "body",
    [b"", b"\n\n", b'{"a":1}{"b":2}', b'{"a":1,"a":2}\n', b'{"a":1}\r{"b":2}', b'{\n"a":1}', b'{"a":1}\nx',
     b"\xef\xbb\xbf{}", b'{"a":1}\x1e{"b":2}', b"1\n" * 100_001],
)  # fmt: skip
def test_a_line_that_is_none_is_refused(body: bytes) -> None:
    """As strictly as a whole body."""
    with pytest.raises(BodyRejected):
        read_lines(body)


def test_types_say_so() -> None:
    """The usual ones."""
    assert is_lines_type("application/x-ndjson")
    assert is_lines_type("application/vnd.elasticsearch+x-ndjson")
    assert not is_lines_type("application/json")


@given(st.binary(max_size=60))
@settings(max_examples=100, deadline=None)
def test_nothing_else_is_raised(body: bytes) -> None:
    """On any bytes."""
    try:
        read_lines(body)
    except BodyRejected:
        return
