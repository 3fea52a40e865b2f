"""Statements of PowerShell and cmd."""

from __future__ import annotations

import pytest

from interlock.commands.language import NotUnderstood
from interlock.commands.shell_windows import Syntax, statements

_SYNTAX = Syntax("`", "'\"", ";|{}\n", "$", "#")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a b; c", [["a", "b"], ["c"]]), ("a | b", [["a"], ["b"]]), ("a 'b c'", [["a", "b c"]]), ("a`b", [["ab"]]),
        ("x { y }", [["x"], ["y"]]), ("a # b", [["a"]]), ("", []), ("a ''", [["a", ""]]), ("a `\n b", [["a", "", "b"]]),
    ],
)  # fmt: skip
def test_words_and_statements(text: str, expected: list[list[str]]) -> None:
    """Quotes and escapes are folded, separators end a statement."""
    assert [[word.text for word in one.words] for one in statements(text, _SYNTAX)] == expected


def test_variables_make_a_word_dynamic() -> None:
    """In double quotes too, not in single ones."""
    (found,) = statements("a $b \"$c\" '$d'", _SYNTAX)

    assert [word.dynamic for word in found.words] == [False, True, True, False]


@pytest.mark.parametrize("text", ["'a", "a" * 70_000, "a;" * 600])
def test_limits(text: str) -> None:
    """No end of a quote, too long, too many."""
    with pytest.raises(NotUnderstood):
        statements(text, _SYNTAX)
