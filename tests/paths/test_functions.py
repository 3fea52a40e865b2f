"""The functions of RFC 9535."""

from __future__ import annotations

import pytest

from interlock.errors import BodyRejected, InterlockError
from interlock.paths.compare import NOTHING
from interlock.paths.functions import check_pattern, length, matches, only
from interlock.paths.scope import Scope


def test_length_is_of_texts_arrays_and_objects():
    """Of numbers, truth values, null and nothing there is none."""
    assert [length(value) for value in ("aé😀", [1], {"a": 1, "b": 2})] == [3, 1, 2]
    assert all(length(value) is NOTHING for value in (1, 1.5, True, None, NOTHING))


def test_only_gives_one_value_or_nothing():
    """Two values are none."""
    assert only([None]) is None
    assert only([]) is only([1, 1]) is NOTHING


def test_matches_needs_text_and_a_pattern():
    """Anything else matches nothing; so does what is no I-Regexp."""
    scope = Scope(None)
    assert matches(scope, "ab", "a.", whole=True)
    assert matches(scope, "xaby", "a.", whole=False)
    assert not matches(scope, "xab", "a.", whole=True)
    others = ((1, "1"), ("1", 1), (NOTHING, ""), ("a", "("))
    assert not any(matches(scope, text, pattern, whole=False) for text, pattern in others)


def test_patterns_of_a_document_are_bounded():
    """A document that brings thousands of patterns is rejected."""
    scope = Scope(None)
    with pytest.raises(BodyRejected):
        sum(matches(scope, "a", f"x{number}", whole=True) for number in range(5000))


def test_a_pattern_in_a_rule_must_be_one():
    """It would select nothing, and nobody would know."""
    check_pattern("$", 1)
    with pytest.raises(InterlockError) as caught:
        check_pattern(r"$[?match(@, '\\d')]", r"\d")
    assert "[0-9]" in caught.value.hint


def test_a_text_that_makes_a_pattern_slow_is_not_searched_to_its_end():
    """A long text that may make a pattern try hundreds of places for each letter is refused before it is searched."""
    with pytest.raises(BodyRejected):
        matches(Scope(None), "ab" * 100_000, "a[ab]{1,400}c", whole=False)
    assert not matches(Scope(None), "ab" * 1000, "a[ab]{1,400}c", whole=False)
