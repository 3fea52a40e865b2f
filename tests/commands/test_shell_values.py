"""What is certain of variables."""

from __future__ import annotations

import pytest

from interlock.commands import analyse
from interlock.commands.shell_values import Choice, Variables, comes_with_the_task


@pytest.mark.parametrize(("at", "values"), [(5, ("a", "b", "")), (12, ("a", "b")), (20, ("a", "b", ""))])
def test_outside_of_where_it_is_given_a_variable_may_be_unset(at: int, values: tuple[str, ...]) -> None:
    """A branch that was not taken leaves nothing."""
    assert Choice(("a", "b"), ((10, 20),)).at(at) == values


@pytest.mark.parametrize(
    ("name", "is_given"),
    [("BASE_URL", True), ("PORT", True), ("url", False), ("BASH_ENV", False), ("REPLY", False), ("SET", False)],
)
def test_variables_of_the_environment(name: str, is_given: bool) -> None:
    """They are spelt in capitals, and neither the text nor the shell gives them a value."""
    assert comes_with_the_task(name, Variables({}, {"SET"})) is is_given
    assert not comes_with_the_task(name, Variables({}, {"SET"}, fixed=False))


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ('curl -s "$BASE_URL/health"', "network"), ('curl -s "${BASE_URL:-http://localhost:8000}/health"', "network"),
        ('rsync -an src/ "$DEST/"', "write"), ("curl -s $BASE_URL", "unknown"), ('curl -s "$url"', "unknown"),
        ('curl -s "${BASE_URL:--Kx}"', "unknown"), ('"$SHELL" -c id', "unknown"),
        ('BASE_URL=-Kx; curl "$BASE_URL"', "unknown"),
        ('read -r BASE_URL < f; curl "$BASE_URL"', "unknown"),
    ],
)  # fmt: skip
def test_one_word_of_the_environment_is_no_option(text: str, action: str) -> None:
    """In quotes, behind the name of a program that takes it for a place; anywhere else it could be anything."""
    assert max(analyse(text, "shell"), key=lambda one: one.access).action == action
