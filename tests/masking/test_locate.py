"""Places found by taking apart what is on the way."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.masking.test_positions import _places, documents

from interlock.masking import positions
from interlock.masking.edits import Edit
from interlock.masking.locate import Member, members_of
from interlock.masking.positions import splice


def test_members_come_with_their_places():
    """Names and values, in objects and arrays."""
    body = b' { "a" :1 ,"\\u0062":[ 2,"x" ]} '
    assert members_of(body, 1, 30) == [Member("a", 3, 6, 8, 9), Member("b", 11, 19, 20, 29)]
    assert members_of(body, 20, 29) == [Member(0, 0, 0, 22, 23), Member(1, 0, 0, 24, 27)]
    assert members_of(b"{ }", 0, 3) == members_of(b"[ ]", 0, 3) == []


@pytest.mark.parametrize("body", [b'{"a":1,"a":2}', b'{"a":1,"b":2,"\\u0061":1}', b"{", b'{"a":1}x', b'{"\\ud800":1}'])
def test_what_is_not_sure_is_nothing(body):
    """Names that stand twice, and what cannot be read, are left to the reader of all tokens."""
    assert members_of(body, 0, len(body)) is None


@given(document=documents, data=st.data(), indent=st.sampled_from([None, 2]))
@settings(max_examples=100, deadline=None)
def test_both_ways_make_the_same_edits(document, data, indent):
    """Values, names and deletions, several at once, anywhere."""
    body = json.dumps(document, indent=indent).encode()
    kinds = st.sampled_from([Edit(value=b'"MARK"'), Edit(drop=True), Edit(value=b"null")])
    edits = {place: data.draw(kinds) for place in data.draw(st.lists(st.sampled_from(_places(document)), max_size=5))}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(positions, "_LONG_WAY", 0)
        expected = splice(body, edits)
    assert splice(body, edits) == expected
