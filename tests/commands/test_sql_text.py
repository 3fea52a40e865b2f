"""What a server would read in a SQL text."""

from __future__ import annotations

import pytest

from interlock.commands.language import NotUnderstood
from interlock.commands.sql_dialects import DIALECTS
from interlock.commands.sql_text import MAX_DEPTH, MAX_SQL, readings


@pytest.mark.parametrize(
    ("dialect", "text", "expected"),
    [
        ("postgres", "a/* x /* y */ z */b", ["a b"]),
        ("postgres", "a -- x\r\nb", ["a  \nb"]),
        ("mysql", "5--1", ["5- -1"]),
        ("mysql", "5-- 1", ["5 "]),
        ("mysql", "a/*!b*/c", ["a b c"]),
        ("mysql", "a/*!50000b*/c", ["a b c", "a c"]),
        ("mysql", '"x"', ["'x'"]),
        ("postgres", "'a''b' 'a''b' 'c\\'", ["'literal 0' 'literal 0' 'literal 1'"]),
        ("postgres", "$$a$$ $t$b$t$ $1", ["'a' 'b'  :p1 "]),
        ("postgres", "e'a\\'b'", [" 'literal 0'"]),
        ("snowflake", "a // b", ["a  "]),
    ],
)
def test_comments_and_literals_are_plain(dialect: str, text: str, expected: list[str]) -> None:
    """Comments become a blank, literals lose what parsers disagree about, conditional comments open up."""
    assert readings(text, DIALECTS[dialect]) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x" * (MAX_SQL + 1), "too-large"),
        ("(" * (MAX_DEPTH + 1), "nested-too-deeply"),
        ("'a", "unterminated"),
        ("/* a", "unterminated"),
        ("\\i x", "client-command"),
        ("a\x00", "odd-characters"),
        ("a\u200bb", "odd-characters"),
        ("-- a\rb", "odd-line-end"),
        ('"a""b"', "odd-name"),
    ],
)
def test_what_two_readers_could_take_differently_is_refused(text: str, why: str) -> None:
    """The refusal says what was odd."""
    with pytest.raises(NotUnderstood, match=why):
        readings(text, DIALECTS["postgres"])


def test_words_and_signs_without_end_are_too_large() -> None:
    """A text that is short enough may still hold more of them than are worth reading."""
    with pytest.raises(NotUnderstood, match="too-large"):
        readings("a|" * (MAX_SQL // 2), DIALECTS["postgres"])
