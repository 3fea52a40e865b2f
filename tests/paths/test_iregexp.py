"""I-Regexp, compared with what RFC 9485 says of it."""

from __future__ import annotations

import iregexp_check
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.errors import BodyRejected
from interlock.paths.iregexp import compiled, unsupported, width


@pytest.mark.parametrize(
    ("pattern", "whole", "other"),
    [
        ("a.c", "a\u2028c", "a\nc"),
        (r"a\.c", "a.c", "abc"),
        ("[^a-c-]x", "dx", "-x"),
        (r"[\]\-a]+", "a]-", "\\"),
        (r"\p{Lu}\P{L}", "Ж1", "ж1"),
        ("(ab|c){2,3}", "abc", "ab"),
        ("&~#x*", "&~#xx", "&~#y"),
        ("[&&a]+", "&a", "b"),
        ("", "", "a"),
        ("^a|b$", "b", "ab"),
        ("größe😀?", "größe", "grösse"),
    ],
)
def test_patterns_mean_what_rfc_9485_says(pattern, whole, other):
    """The whole text matches, and the look-alike does not."""
    assert not unsupported(pattern)
    search = compiled(pattern, True)
    assert search(whole.encode())
    assert not search(other.encode())


@pytest.mark.parametrize(
    "pattern", [r"\d", r"\w+", "(?:a)", "a**", "*a", "[a", "(a", "a)", "[]", "a{2", r"\x41", "a" * 2001]
)
def test_other_regular_expressions_are_said_to_be_none(pattern):
    """What RFC 9485 does not have would match nothing, so that rules with it are refused."""
    assert "I-Regexp" in unsupported(pattern)
    assert compiled(pattern, True) is None


def test_patterns_too_large_for_a_linear_search_are_rejected():
    """Nested repetitions grow beyond any bound: the document that brings them is not searched."""
    with pytest.raises(BodyRejected):
        compiled("((a{100}){100}){100}", True)
    assert "too large" in unsupported("((a{100}){100}){100}")


@given(pattern=st.text(alphabet="ab.()[]{}^$*+?|\\-12,pLnx", max_size=12))
@settings(max_examples=100, deadline=None)
def test_what_is_an_i_regexp_is_what_an_independent_checker_says(pattern):
    """Accepted are no patterns but those that iregexp-check accepts."""
    assert unsupported(pattern) or iregexp_check.check(pattern)


@pytest.mark.parametrize(
    ("pattern", "places"),
    [("abc", 4), ("a*b+", 3), ("[ab]{3}", 7), ("(ab){2,30}", 61), ("((a?){9}){9}", 82), ("a|\\p{L}.", 6), ("a{5,}", 6)],
)
def test_a_pattern_is_as_wide_as_the_places_tried_in_it(pattern, places):
    """What is repeated counts as often as it may stand there."""
    assert width(pattern) == places
