"""What argument conditions share: every argument that operations carry is known by name and kind."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from interlock import commands
from interlock.model import Effect, Operation
from interlock.policy import Policy
from interlock.policy.argument import KNOWN, argument_members, texts_of


def test_members_are_found_without_a_list() -> None:
    """A file in `arguments/` is enough."""
    assert set(argument_members()) == {"tables", "columns", "flags", "where"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("select * from a join b using (id)", "sql"),
        ("create table x (id int)", "sql"),
        ("ls -l | sort > x", "shell"),
        ("curl -X DELETE https://example.com/x", "shell"),
        ("gibberish (", "sql"),
    ],
)
def test_arguments_of_commands_are_known(text: str, language: str) -> None:
    """What the analysis gives an operation can be written in a rule."""
    for operation in commands.analyse(text, language):
        for inner in operation.walk():
            assert set(inner.arguments) <= set(KNOWN[inner.protocol])


@pytest.mark.parametrize(("value", "texts"), [("a", ["a"]), (["a", 1, "b"], ["a", "b"]), (7, []), (None, [])])
def test_texts(value: object, texts: list[str]) -> None:
    """One text, or those of a list."""
    assert list(texts_of(value)) == texts  # type: ignore[arg-type]


def test_an_argument_test_that_fails_forbids(policy: Callable[..., Policy], ask: Callable[..., object]) -> None:
    """What a rule cannot judge is forbidden by it, whatever else permits it."""
    rules = policy(
        "- {id: all, permit: ['mcp.*'], on: [tickets], to: anyone}\n"
        "- {id: r, permit: ['mcp.call:x'], on: [tickets], to: anyone, where: {'$.a': x}}"
    )

    class Broken(dict[str, object]):
        def __iter__(self) -> None:  # type: ignore[override]
            raise ValueError

        keys = __iter__  # type: ignore[assignment]

    found = ask(rules, Operation("mcp", "call:x", arguments=Broken(a=1)), on="tickets")  # type: ignore[arg-type]
    assert (found.effect, found.reason, found.rule) == (Effect.FORBID, "rule-failed", "r")  # type: ignore[attr-defined]
