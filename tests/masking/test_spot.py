"""Places told by a value's own text or by its name: they are right, or they are not told."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.masking.edits import Edit
from interlock.masking.positions import splice
from interlock.masking.spot import Spots

NEW = b'"[new]"'


def _value(document, location):
    for part in location:
        document = document[part]
    return document


def _edit(document, location) -> Edit:
    value = _value(document, location)
    return Edit(NEW, old=b'"' + value.encode() + b'"') if isinstance(value, str) else Edit(NEW, number=value)


@pytest.mark.parametrize(
    ("body", "location", "told"),
    [
        (b'{"a": [{"n": 1.5}, {"n": 2.5}]}', ("a", 1, "n"), b"2.5"),
        (b'{"a":{"n":12},"n":1}', ("a", "n"), b"12"),
        (b'{"n":12,"a":{"n":1}}', ("a", "n"), b"1"),
        (b'{"a": [{"n": 1}, {"n": 1}]}', ("a", 0, "n"), None),  # which of them?
        (b'{"a": [{"n": 1.50}, {"n": 1.5}]}', ("a", 0, "n"), None),  # they read alike
        (b'{"a": [{"n": 1.0}, {"n": 1}]}', ("a", 0, "n"), b"1.0"),
        (b'{"n" \t: 1e2 }', ("n",), b"1e2"),
        (b'{"k": "n", "n": 7, "l": ["n", 8]}', ("n",), b"7"),
        (b'{"k": "v", "n": "v"}', ("n",), b'"v"'),
        (b'{"n": "v", "a": {"n": "v"}}', ("n",), None),
        (b'["v", "w"]', (1,), b'"w"'),
        (b'["v", "v"]', (1,), None),
        (b'{"": 1}', ("",), None),
        (b'{"a": "b", ", ": 1}', (", ",), None),  # what stands between two strings is called so, too
        (b'{"\xc3\xbc": 1}', ("ü",), b"1"),
        (b'{"n": 1e999}', ("n",), None),
        (b"[1, 2]", (0,), None),
        (b"1", (), None),
    ],
)
def test_a_place_is_right_or_not_told(body, location, told) -> None:
    """A string by its own text, or what stands behind a name, where it stands there alone."""
    document = json.loads(body)
    place = Spots(body, document).find(location, _edit(document, location))
    assert (place and body[slice(*place)]) == told


def test_a_name_that_stands_everywhere_is_not_followed() -> None:
    """To look at each place would cost more than to read the text; nothing is told of what was not looked at."""
    document = [{"n": number} for number in range(100)]
    assert Spots(json.dumps(document).encode(), document).find((0, "n"), Edit(NEW, number=0)) is None
    few = [{"n": number} for number in range(30)]
    spots = Spots(json.dumps(few).encode(), few)
    assert [spots.find((at, "n"), Edit(NEW, number=at)) is not None for at in range(3)] == [True, True, False]
    long = [*few[:2], {"m": 1, "text": "x" * 20_000}]
    spots = Spots(json.dumps(long).encode(), long)
    assert spots.find((2, "m"), Edit(NEW, number=1)) is not None
    assert spots.find((0, "n"), Edit(NEW, number=0)) is None


def test_a_name_that_stands_twice_in_an_object_tells_nothing() -> None:
    """Whoever reads the first one would get the value."""
    for body in (b'{"n": 1, "n": 2}', b'{"n": 1, "a": {}, "n": 2}', b'{"a": {"n": 1}, "a": {"n": 2}}'):
        document = json.loads(body)
        location = ("n",) if "n" in document else ("a", "n")
        assert Spots(body, document).find(location, Edit(NEW, number=2)) is None


_names = st.sampled_from(["n", "m", "na", ", ", ""])
_values = st.integers(0, 12) | st.floats(0, 3, width=16) | st.sampled_from(["n", ", ", "1", "[new]", True, None])
_documents = st.recursive(
    _values, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=3)
)


def _places(document, at=()):
    if isinstance(document, dict | list):
        members = document.items() if isinstance(document, dict) else enumerate(document)
        for part, value in members:
            yield from _places(value, (*at, part))
    elif isinstance(document, int | float | str) and not isinstance(document, bool):
        yield at


@settings(max_examples=100, deadline=None)
@given(_documents, st.sampled_from([None, (",", ":"), (" , ", " : ")]), st.data())
def test_what_is_told_changes_nothing_of_what_comes_out(document, separators, data) -> None:
    """Strings and numbers anywhere: the same bytes as where each place is looked for by its way."""
    body = json.dumps(document, separators=separators).encode()
    document = msgspec.json.decode(body)
    places = list(_places(document))
    chosen = data.draw(st.lists(st.sampled_from(places), unique=True)) if places else []
    told = splice(body, {place: _edit(document, place) for place in chosen}, document)
    assert told == splice(body, {place: Edit(value=NEW) for place in chosen})
