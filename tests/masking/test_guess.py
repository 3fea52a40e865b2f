"""Guessed places: what comes out is proven, and what is not proven is not used."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.masking.edits import Edit
from interlock.masking.guess import guess, joined
from interlock.masking.positions import splice

NEW = b'"[new]"'


def _guess(body: bytes, *locations: tuple[str | int, ...]) -> bytes | None:
    edits = {location: Edit(value=NEW, number=True) for location in locations}
    return guess(body, edits, [], msgspec.json.decode(body))


@pytest.mark.parametrize(
    ("body", "location", "made"),
    [
        (b'{"a": [{"n": 1.5}, {"n": 2.5}]}', ("a", 1, "n"), b'{"a": [{"n": 1.5}, {"n": "[new]"}]}'),
        (b'{"a":{"n":12},"n":1}', ("a", "n"), b'{"a":{"n":"[new]"},"n":1}'),
        (b'{"n":12,"a":{"n":1}}', ("a", "n"), None),  # the first that begins so is another
        (b'{"a": [{"n": 1}, {"n": 1}]}', ("a", 0, "n"), None),  # which of them?
        (b'{"a": [{"n": 1.50}, {"n": 1.5}]}', ("a", 0, "n"), None),  # found once, and it is the other one
        (b'{"n" : 1}', ("n",), None),
        (b'{"n": 1e2}', ("n",), None),
        (b"[1, 2]", (0,), None),
        (b"1", (), None),
        (b'{"a": "\\"n\\": 7", "n": 7.0}', ("n",), None),
        (b'{"a": {"n": 1, "n": 2}}', ("a", "n"), None),
        (b'{"n": 1, "a": 3, "a": {"n": 2}}', ("a", "n"), None),
    ],
)
def test_a_guess_is_right_or_it_is_none(body, location, made) -> None:
    """A member's value is found by its name and how it is written most often."""
    assert _guess(body, location) == made


def test_what_holds_the_same_is_not_touched() -> None:
    """The document that was given is the caller's."""
    body = b'{"a": {"b": {"n": 1, "m": 2}}}'
    document = msgspec.json.decode(body)
    edits = {("a", "b", name): Edit(value=NEW, number=True) for name in ("n", "m")}
    assert guess(body, edits, [], document) == b'{"a": {"b": {"n": "[new]", "m": "[new]"}}}'
    assert document == {"a": {"b": {"n": 1, "m": 2}}}


@pytest.mark.parametrize("edit", [Edit(drop=True), Edit(key=NEW), Edit(value=b"nothing", number=True), Edit(value=NEW)])
def test_only_values_of_strings_and_numbers_are_guessed(edit) -> None:
    """Everything else is looked for in earnest, and so is what would not be JSON."""
    assert guess(b'{"n": 1}', {("n",): edit}, [], {"n": 1}) is None


def test_places_that_overlap_are_not_joined() -> None:
    """Nor are they where one lies in the other."""
    assert joined(b"abcdef", [(1, 3, b"-"), (4, 5, b"+")]) == b"a-d+f"
    assert joined(b"abcdef", [(1, 3, b"-"), (2, 5, b"+")]) is None


_names = st.sampled_from(["n", "m", "na", 'q"'])
_values = st.integers(0, 12) | st.floats(0, 3, width=16) | st.sampled_from(["n", '"n": 1', "1", "[new]", True, None])
_documents = st.recursive(
    _values, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=3)
)


def _places(document, at=()):
    if isinstance(document, dict | list):
        members = document.items() if isinstance(document, dict) else enumerate(document)
        for part, value in members:
            yield from _places(value, (*at, part))
    elif isinstance(document, int | float) and not isinstance(document, bool):
        yield at


@settings(max_examples=100, deadline=None)
@given(_documents, st.sampled_from([None, (",", ":"), (" , ", " : ")]), st.data())
def test_guessing_changes_nothing_of_what_comes_out(document, separators, data) -> None:
    """Numbers anywhere: the same bytes as without the document, by which nothing could be guessed."""
    body = json.dumps(document, separators=separators).encode()
    places = list(_places(document))
    chosen = data.draw(st.lists(st.sampled_from(places), unique=True)) if places else []
    edits = {place: Edit(value=NEW, number=True) for place in chosen}
    assert splice(body, edits, msgspec.json.decode(body)) == splice(body, edits)
