"""Canonical JSON."""

from __future__ import annotations

import enum
import json
from types import MappingProxyType

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.reasons import Reason
from interlock.recording.canonical import MAX_DEPTH, Uncanonical, canonical, plain

_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), inner, max_size=4)
    ),
    max_leaves=20,
)


_PLAIN = st.text('abAB~ "\\\x00\x7f0:', max_size=4)
_MIXED = _VALUES | st.recursive(
    st.none() | st.booleans() | st.integers() | _PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_PLAIN, inner, max_size=4),
    max_leaves=20,
)


class Level(enum.IntEnum):
    HIGH = 3


@settings(max_examples=100)
@given(_VALUES)
def test_canonical_bytes_read_back_as_the_value_and_are_stable(value: object) -> None:
    """What was written is what is read, and writing it again changes no byte."""
    data = canonical(value)
    assert json.loads(data) == value
    assert canonical(json.loads(data)) == data


def test_members_are_sorted_by_utf_16_as_rfc_8785_says() -> None:
    """The example order of RFC 8785, section 3.2.3."""
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    ordered = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(json.loads(canonical(dict.fromkeys(names, 1)))) == ordered


def test_strings_are_escaped_as_little_as_rfc_8785_demands() -> None:
    """Control characters as short or lower-case escapes, everything else as it is."""
    assert canonical('\b\t\n\f\r\x0f"\\/\x7f€') == b'"\\b\\t\\n\\f\\r\\u000f\\"\\\\/\x7f\xe2\x82\xac"'


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.1, b'"0.1"'),
        (float("nan"), b'"nan"'),
        (2**53, b'"9007199254740992"'),
        ("\ud800", b'"\\\\ud800"'),
        (Reason.NO_RULE, b'"no-rule"'),
        (Level.HIGH, b"3"),
        ((1, 2), b"[1,2]"),
        (frozenset({"b", "a"}), b'["a","b"]'),
        (MappingProxyType({"b": 1, "a": True}), b'{"a":true,"b":1}'),
    ],
)
def test_what_json_readers_could_understand_differently_becomes_text(value: object, expected: bytes) -> None:
    """Fractions, large integers, lone surrogates, enums, tuples and sets all have one spelling."""
    assert canonical(value) == expected


def test_integers_that_python_refuses_to_write_are_described() -> None:
    """They must not raise in the middle of a decision."""
    assert canonical(10**5000) == b'"an integer of 16610 bits"'


@pytest.mark.parametrize("value", [b"x", object(), {1: 2}, {"a": {1, b"x"}}])
def test_what_is_not_json_is_refused_without_naming_it(value: object) -> None:
    """The message tells the type alone."""
    with pytest.raises(Uncanonical, match=r"bytes|object|int|not JSON"):
        canonical(value)


def test_members_that_would_collide_are_refused() -> None:
    """A lone surrogate spelled out must not swallow another member."""
    with pytest.raises(Uncanonical, match="one name"):
        canonical({"\ud800": 1, "\\ud800": 2})


def test_depth_is_bounded() -> None:
    """Nesting is refused before it can exhaust the stack."""
    value: object = 1
    for _ in range(MAX_DEPTH):
        value = [value]
    assert plain(value) == value
    with pytest.raises(Uncanonical, match="too deeply"):
        canonical([value])


@settings(max_examples=100)
@given(_MIXED)
def test_usual_events_are_written_as_all_others(value: object) -> None:
    """The short way for events of plain ASCII gives the very bytes of the long one, at any depth and order of names."""
    assert canonical(value) == msgspec.json.encode(plain(value))
    assert canonical({"b": [value], "B": {"~": 1, "a b": value, "": None}}) == msgspec.json.encode(
        plain({"b": [value], "B": {"~": 1, "a b": value, "": None}})
    )


def test_what_was_written_before_stands_as_it_was_written():
    """In usual values and beside unusual ones; what is not ASCII too."""
    for part in ({"b": 1, "a": ["x"]}, {"ä": "ö", "z": 2}):
        raw = msgspec.Raw(canonical(part))
        for beside in (1, 1.5, "ü", ("t",)):
            assert canonical({"z": beside, "r": raw, "l": [raw]}) == canonical({"z": beside, "r": part, "l": [part]})
