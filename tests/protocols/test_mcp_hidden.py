"""Text that only a model reads: taken out of prose, noticed elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.protocols.mcp_hidden import cleaned, has_hidden, strip_hidden


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("adds\u200b numbers", "adds numbers"),
        ("adds\U000e0049\U000e0067\U000e006e", "adds"),
        ("\u202eevil\u202c", "evil"),
        ("\x1b[8mhidden\x1b[0m", "hidden"),
        ("\x1b]8;;http://x\x07link\x1b]8;;\x07", "link"),
        ("a\ufe01\ufe02\ufe03b", "ab"),
        ("a\U000e0101b", "ab"),
        ("a\u200db", "ab"),
        ("\u200b\u200d\u200b", ""),
        ("a\x00\x9bb", "ab"),
        ("a\xadb\ufeff\u2060", "ab"),
    ],
)
def test_hidden_text_is_taken_out(text: str, shown: str) -> None:
    """Tags, zero-width, bidirectional controls, selectors in a row, terminal escapes."""
    assert has_hidden(text)
    assert strip_hidden(text) == shown


@pytest.mark.parametrize(
    "text", ["plain\ttext\r\n", "naïve – “quotes”", "👩\u200d👩\u200d👧", "❤\ufe0f", "می\u200cخواهم", "日本語"]
)
def test_what_scripts_and_emoji_need_stays(text: str) -> None:
    """Joiners and one selector between characters that need them."""
    assert not has_hidden(text)
    assert strip_hidden(text) == text


def test_nesting_costs_no_time() -> None:
    """What comes apart only from the outside goes as a whole after a few passes."""
    assert strip_hidden("a" + "\ufe00\u200d" * 300_000 + "b") == "ab"


@given(st.text() | st.text("\u200d\u200c\ufe00\ufe0f\u200ba\x1b[é❤"))
def test_nothing_hidden_is_left(text: str) -> None:
    """Whatever comes together when something between is taken out."""
    assert not has_hidden(strip_hidden(text))


def test_prose_is_cleaned_and_the_rest_reported() -> None:
    """A member's name or a value that a call must repeat is never changed."""
    assert cleaned({"description": "a\u200b", "n": [1, None]}) == ({"description": "a", "n": [1, None]}, True, False)
    assert cleaned({"enum": ["a\u200b"]}) == ({"enum": ["a\u200b"]}, False, True)
    assert cleaned({"a\u200b": 1})[2]
    assert cleaned({"p": {"description": ["x\u202e"]}}) == ({"p": {"description": ["x"]}}, True, False)
