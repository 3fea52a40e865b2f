"""Header fields as text, by name, and without some: nothing is lost that was not asked for."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.mitm.header_fields import fields_of, lowered, named, pairs, without

raw = st.binary(min_size=1, max_size=6)


@given(fields=st.lists(st.tuples(raw, raw), max_size=5).map(tuple))
@settings(max_examples=100, deadline=None)
def test_what_was_read_is_written_as_it_was(fields):
    """Any bytes survive the way to text and back."""
    assert fields_of(pairs(fields)) == fields


def test_names_are_found_in_any_case():
    """`without` and `named` go by the name, however it is spelled; order and spelling of the rest stay."""
    fields = ((b"A", b"1"), (b"b", b"2"), (b"a", b"3"))
    assert without(fields, frozenset(("b",))) == ((b"A", b"1"), (b"a", b"3"))
    assert named(fields) == {"a": "1, 3", "b": "2"}
    assert lowered(fields) == (("a", "1"), ("b", "2"), ("a", "3"))


def test_nothing_is_remembered_for_other_fields():
    """Another value, name or order is another head."""
    assert named(((b"a", b"1"),)) != named(((b"a", b"2"),))
    assert pairs(((b"a", b"1"), (b"b", b"2"))) != pairs(((b"b", b"2"), (b"a", b"1")))
