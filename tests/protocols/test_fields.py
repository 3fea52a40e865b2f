"""Names and values made into one document."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.protocols.fields import MAX_FIELDS, document_of_fields
from interlock.reasons import Reason

FIELDS: list[tuple[list[tuple[str, JSON]], JSON]] = [
    ([], {}),
    ([("a", "1"), ("b", "2")], {"a": "1", "b": "2"}),
    ([("a[]", "1"), ("a[]", "2")], {"a": ["1", "2"]}),
    ([("a[0]", "1"), ("a[1]", "2")], {"a": ["1", "2"]}),
    ([("a[7]", "1")], {"a": {"7": "1"}}),
    ([("a[b]", "1"), ("a[c][]", "2")], {"a": {"b": "1", "c": ["2"]}}),
    ([("a", {"0": "x"})], {"a": {"0": "x"}}),
    ([("a.b", "1")], {"a.b": "1"}),
]


@pytest.mark.parametrize(("fields", "document"), FIELDS)
def test_brackets_are_structure(fields: list[tuple[str, JSON]], document: JSON) -> None:
    """As most frameworks read them; a value's own objects are not touched."""
    assert document_of_fields(fields) == document


@pytest.mark.parametrize(
    "names",
    [
        ["a", "a"],
        ["a", "A"],
        ["a.b", "a_b"],
        ["a b"],
        ["a", "a[]"],
        ["a[]", "a"],
        ["a", "a[b]"],
        ["a[b]", "a[]"],
        ["a[b]", "a[B]"],
        ["a[][b]"],
        ["a[b"],
        ["a]"],
        ["[a]"],
        ["a[b]c"],
        [""],
        ["a\x00"],
        ["a" + "[b]" * 9],
        ["_charset_"],
        [f"a{index}" for index in range(MAX_FIELDS + 1)],
    ],
)
def test_what_two_servers_read_differently_is_refused(names: list[str]) -> None:
    """Doubled, mixed, folded by some, endless."""
    with pytest.raises(BodyRejected) as caught:
        document_of_fields([(name, "x") for name in names])
    assert caught.value.reason is Reason.BODY_AMBIGUOUS


@given(st.lists(st.tuples(st.text("ab[]0.", max_size=12), st.just("x")), max_size=6))
@settings(max_examples=100, deadline=None)
def test_nothing_else_is_raised(fields: list[tuple[str, JSON]]) -> None:
    """Whatever the names."""
    try:
        document_of_fields(fields)
    except BodyRejected:
        return
