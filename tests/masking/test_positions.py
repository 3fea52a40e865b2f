"""Edits of a JSON text change what they name and nothing else."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.errors import BodyRejected
from interlock.masking.positions import Edit, splice
from interlock.reasons import Reason

keys = st.sampled_from(["a", "b", 'q"\\', "ü", ""])
leaves = st.sampled_from([None, True, 0, -1.5e10, "", 'x"y\\', "{[,]}:", "ü\n"])
documents = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4))


def _places(node, at=()):
    found = [at]
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        found += _places(value, (*at, key))
    return found


@given(document=documents, data=st.data(), indent=st.sampled_from([None, 2]))
@settings(max_examples=100, deadline=None)
def test_one_edit_changes_one_value_and_keeps_every_other_byte(document, data, indent):
    """Replacing the value's own text by itself, marked, gives the body with only the mark in it."""
    place = data.draw(st.sampled_from(_places(document)))
    body = json.dumps(document, indent=indent).encode()
    shown = splice(body, {place: Edit(value=b'"MARK"')})
    before, _, after = shown.partition(b'"MARK"')
    assert body.startswith(before)
    assert body.endswith(after)
    assert len(before) + len(after) < len(body)
    expected = document
    if place:
        expected = json.loads(body)
        holder = expected
        for part in place[:-1]:
            holder = holder[part]
        holder[place[-1]] = "MARK"
    assert json.loads(shown) == (expected if place else "MARK")


def test_names_values_and_deletions_together():
    """Several edits in one body do not disturb each other."""
    body = b'{"a" : [1, {"k":2} ,3], "b":"x", "c" : {"d":1 , "e":2}}'
    edits = {
        ("a", 1, "k"): Edit(key=b'"K"', value=b"9"),
        ("a", 2): Edit(drop=True),
        ("b",): Edit(drop=True),
        ("c", "d"): Edit(drop=True),
        ("c",): Edit(key=b'"C"'),
    }
    assert splice(body, edits) == b'{"a" : [1, {"K":9}], "C" : {"e":2}}'


def test_an_edit_above_takes_those_below_with_it():
    """What is replaced or dropped as a whole needs no further edits inside."""
    body = b'{"a":{"b":1},"c":2}'
    assert splice(body, {("a",): Edit(value=b"0"), ("a", "b"): Edit(drop=True)}) == b'{"a":0,"c":2}'
    assert splice(body, {("a",): Edit(drop=True), ("a", "b"): Edit(value=b"0")}) == b'{"c":2}'
    assert splice(body, {(): Edit(drop=True)}) == b"null"


@pytest.mark.parametrize("place", [("x",), ("a", 0), ("a", "b", "c"), (0,)])
def test_a_place_that_is_not_there_rejects_the_body(place):
    """An edit that cannot be made never passes for one that was."""
    with pytest.raises(BodyRejected) as caught:
        splice(b'{"a":{"b":1}}', {place: Edit(value=b"0")})
    assert caught.value.reason is Reason.BODY_UNPARSABLE


def test_a_name_that_stands_twice_rejects_the_body():
    """Also when one of the two is written with escapes."""
    for body in (b'{"a":1,"a":2}', b'{"a":1,"\\u0061":2}', b'{"\\ud800":1,"\\ud800":2,"a":3}'):
        with pytest.raises(BodyRejected) as caught:
            splice(body, {("a",): Edit(value=b"0")})
        assert caught.value.reason is Reason.BODY_AMBIGUOUS
