"""Patterns asked in one pass."""

from __future__ import annotations

import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.paths import together
from interlock.paths.together import Together, compiled, finder

PATTERNS = ("ab+", "[0-9]{3}", 'x"y', "b1", "é", "[a-c]{4}", "(?i)Q z", "1 ?2")
TEXTS = st.text(alphabet='ab0123xyzqQ é"\n\0', max_size=60).map(str.encode)


@given(TEXTS, st.integers(0, 3))
@settings(max_examples=100, deadline=None)
def test_what_occurs_is_what_each_pattern_finds_alone(text, start):
    """From any offset on."""
    alone = [number for number, one in enumerate(PATTERNS) if compiled(one).search(text[start:]) is not None]
    assert sorted(Together(PATTERNS).found(text, min(start, len(text)))) == alone


def test_a_set_that_gives_up_is_not_believed(monkeypatch):
    """What runs out of memory says that nothing occurs; then every pattern is asked alone."""
    gone = Together(PATTERNS)
    other = re2.Set.SearchSet()
    other.Add("nothing of all this")
    other.Compile()
    monkeypatch.setattr(gone, "_match", other._set.Match)
    assert sorted(gone.found(b"abb 345")) == [0, 1]


def test_no_patterns_find_nothing():
    """There may be none of a kind."""
    assert Together(()).found(b"ab") == []


@given(TEXTS, st.integers(0, 9))
@settings(max_examples=100, deadline=None)
def test_a_finder_finds_what_its_program_does(text, start):
    """The same first match, and the same group."""
    program = compiled("a(b+)?[0-9]")
    start = min(start, len(text))
    match, spans = program.search(text, start), finder(program)(text, start, len(text))
    assert spans[0] == (match.span() if match else (-1, -1))
    assert not match or spans[1] == match.span(1)


def test_memory_is_bounded():
    """No program may grow without a limit."""
    assert compiled("a").options.max_mem == together._MAX_MEMORY
