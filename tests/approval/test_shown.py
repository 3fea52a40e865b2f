"""What a person is shown plays no tricks, hides nothing and is whole."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.approval.shown import MAX_SHOWN, Hidden, Masked, escaped, hides, plain_reason, says_something, view
from interlock.errors import Refused
from interlock.reasons import Reason


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("SELECT 1", "SELECT 1"),
        ("Grüße 東京 🎉", "Grüße 東京 🎉"),
        ("a\u202eb", "a\\u{202e}b"),
        ("a\x1b[2Kb", "a\\u{1b}[2Kb"),
        ("a\u200bb\ufeff", "a\\u{200b}b\\u{feff}"),
        ("a\u00a0b\u3000", "a\\u{a0}b\\u{3000}"),
        ("a\u3164b\u2800", "a\\u{3164}b\\u{2800}"),
        ("a\u180bb\u180f\U0001d159", "a\\u{180b}b\\u{180f}\\u{1d159}"),
        ("a\ufe0fb", "a\\u{fe0f}b"),
        ("\ud800\U000e0041", "\\u{d800}\\u{e0041}"),
        ("a\r\nb\tc", "a\\u{d}\\u{a}b\\u{9}c"),
        ("\\u{202e}", "\\u{5c}u{202e}"),
    ],
)
def test_what_is_unseen_is_written_out(text: str, shown: str) -> None:
    """Control characters, directions, invisible ones and odd blanks; other scripts stay."""
    assert escaped(text) == shown


@settings(max_examples=100)
@given(st.text())
def test_showing_loses_nothing(text: str) -> None:
    """Two texts that differ are shown differently, on one line and with lines."""
    for lines in (False, True):
        shown = escaped(text, lines=lines)
        assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in shown if char not in "\n\t")
        back = "".join(
            chr(int(part.split("}", 1)[0], 16)) + part.split("}", 1)[1] if number else part
            for number, part in enumerate(shown.split("\\u{"))
        )
        assert back == text


@pytest.mark.parametrize(
    ("part", "covers"),
    [
        ("4111111111111111", False),
        ("erika@example.com", False),
        ("sk-a1b2/c3+d4==", False),
        ("x; DROP TABLE t", True),
        ("' OR 1=1 --", True),
        ("a'b", True),
        ("a b", True),
        ("$(id)", True),
        ("a|b", True),
        ("a\nb", True),
        ("x--y", True),
        ("a/*b", True),
        ("../../etc", True),
    ],
)
def test_a_mask_over_structure_cannot_be_approved(part: str, covers: bool) -> None:
    """A plain value may be hidden; blanks, quotes, operators and comments may not."""
    text = f"a = '{part}'"
    hidden = (Hidden(5, 5 + len(part), "secret"),)
    assert hides(text, hidden) is covers
    if covers:
        with pytest.raises(Refused) as refused:
            view({"sql": Masked(text, hidden)})
        assert refused.value.reason is Reason.APPROVAL_HIDDEN
    else:
        assert view({"sql": Masked(text, hidden)}) == {"sql": f"a = '⟦secret, {len(part)} characters⟧'"}
    assert "⟦" in str(view({"note": Masked(text, hidden, command=False)}))


def test_marks_are_ours_alone() -> None:
    """A text that looks like a mask is written out; overlapping masks show each part once."""
    assert view({"a": "⟦email, 3 characters⟧"}) == {"a": "\\u{27e6}email, 3 characters\\u{27e7}"}
    parts = (Hidden(2, 5, "a"), Hidden(0, 3, "b"), Hidden(1, 2, "c"))
    assert view({"a": Masked("abcdefg", parts)}) == {"a": "⟦b, 3 characters⟧⟦a, 2 characters⟧fg"}


def test_everything_is_shown() -> None:
    """Members, lists, numbers; names too are written out."""
    assert view({"a\u202e": [1, 2.5, None, True, {"b": "x\ny"}]}) == {"a\\u{202e}": [1, 2.5, None, True, {"b": "x\ny"}]}


@pytest.mark.parametrize("size", [MAX_SHOWN, 4 * MAX_SHOWN])
def test_what_nobody_can_read_is_not_asked(size: int) -> None:
    """It is not cut: it is refused."""
    with pytest.raises(Refused) as refused:
        view({"sql": "x" * size})
    assert refused.value.reason is Reason.APPROVAL_HIDDEN


def test_nesting_has_an_end() -> None:
    """A document without end is refused, whatever it is made of."""
    deep: object = "x"
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(Refused) as refused:
        view({"a": deep})  # type: ignore[dict-item]
    assert refused.value.reason is Reason.APPROVAL_HIDDEN
    with pytest.raises(Refused):
        view({"a": b"bytes"})  # type: ignore[dict-item]


def test_reasons_are_one_plain_line() -> None:
    """An agent's reason has an end and no effects."""
    assert plain_reason(" because\n\tI\x1b must ") == "because I\\u{1b} must"
    assert plain_reason("x" * 500) == "x" * 500
    with pytest.raises(Refused) as refused:
        plain_reason("x" * 501)
    assert refused.value.reason is Reason.MALFORMED_REQUEST


@pytest.mark.parametrize(
    "text", ["", " \n\t", "\u200b", "\ufeff\u2060", "\u3164", "\u2800", "\u0301", "\x00\x1b", "\ue000"]
)
def test_what_cannot_be_seen_says_nothing(text: str) -> None:
    """Neither alone nor together with blanks; one sign besides, and it does."""
    assert not says_something(text)
    assert not says_something(f" {text} ")
    for sign in ("x", "ß", "好", "7", "?", "👍"):
        assert says_something(text + sign)
