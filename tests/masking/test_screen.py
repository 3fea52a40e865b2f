"""Many words asked for at once."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.masking.screen import Literals, Screen, Words, edged_words_meant, word_pattern


def _pattern(word: str) -> str:
    return "[ _.-]{0,2}".join(map(re.escape, word.split()))


LISTS = [("sk-",), ("sk-ant-", "ant"), ("eyJ",), ("key",), ("AKIA",)]
WORDS = [("date of birth", "dob"), ("pass",), ("passport", "número"), ()]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["sk-", "ant", "-", "e", "yJ", "k", "AKIA", "x", "\0"]), max_size=8).map("".join))
def test_no_list_is_missed(text):
    """Whoever has a literal in the text is named, though it stands inside another's."""
    found = Literals(LISTS).found(text.encode())
    assert found == {number for number, words in enumerate(LISTS) if any(word in text for word in words)}


def test_separators_and_case_do_not_hide_a_word():
    """Words are found as a person, a column or a program writes them."""
    words = Words(WORDS)
    for text in ("Date of Birth", "date_of-birth", "dateOfBirth", "DOB"):
        assert words.found(text.encode()) == {0}
    assert words.found(b"my PASSPORT") == {1, 2}
    assert words.found("NÚMERO".encode()) == {2}
    assert words.found(b"nothing") == frozenset()


def test_words_inside_words_are_told_apart():
    """However many there are, only those that stand there are named."""
    words = Words([("ab",), ("bac",), ("zz",)])
    assert words.found(b"abac" * 5000) == {0, 1}
    assert words.found(b"ab" + b" " * 50_000 + b"bAc") == {0, 1}
    assert words.found(b"zz abac", 2) == {0, 1}
    assert Words(WORDS).found(b"dob " * 5000) == {0}


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["a", "B", "c", "d", "-", " ", "é", "x"]), max_size=12).map("".join))
def test_words_inside_words_are_found(text):
    """However words overlap, whoever has one is named."""
    lists = [("abc",), ("bcd",), ("c d a",), ("b",), ("cab", "dx"), ("éa",)]
    found = Words(lists).found(text.encode())
    exact = {
        number for number, words in enumerate(lists) if any(re.search(_pattern(w), text, re.IGNORECASE) for w in words)
    }
    assert found == exact


def test_a_text_may_end_in_the_beginning_of_a_literal():
    """That much of a stream is held."""
    literals = Literals(LISTS)
    assert literals.partial(b"abc sk-an", 0) == 4
    assert literals.partial(b"abc ", 0) == 4
    assert literals.partial(b"abc AK", 5) == 6
    assert Literals([]).partial(b"abc", 0) == 3
    assert Literals([]).found(b"abc") == frozenset()


EDGED = ("pan", "sin", "vat", "pw", "name")


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["pan", "Pan", "PAN", "paN", "s", "S", "sin", "vAT", "PW", "Name", "a", "A", "-", "\\n", "é", "1"]
        ),
        max_size=6,
    ).map("".join)
)
def test_short_words_with_edges_are_found_wherever_a_detector_asks_for_them(text):
    """Alone, in the plural, in a hump of a name, behind an escape: whatever word_pattern finds is found."""
    found = Screen(edged_words_meant([(word,) for word in EDGED])).found(text.encode())
    plain = text.replace("\\n", "\n")
    for number, word in enumerate(EDGED):
        pattern = re.compile(word_pattern(word).encode(), re.IGNORECASE)
        if pattern.search(text.encode()) or pattern.search(plain.encode()):
            assert number in found


def test_short_words_with_edges_are_not_found_in_other_words():
    """`company` holds a word, and says nothing by it."""
    screen = Screen(edged_words_meant([(word,) for word in EDGED]))
    assert screen.found(b"the company is missing private surnames") == frozenset()
    assert screen.found(b"a pan") == {0}
    assert screen.found("userPan=1; SINs; évat".encode()) == {0, 1, 2}
