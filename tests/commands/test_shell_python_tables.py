"""The tables of Python's modules."""

from __future__ import annotations

import ast
import sys

import pytest

from interlock.commands import analyse
from interlock.commands.shell_python_tables import BANNED, CALLS, DUNDERS, HARMLESS, SHELL_CALLS, whole


def test_harmless_names_are_of_the_standard_library() -> None:
    """A name of somebody else's could be anything."""
    assert {name.partition(".")[0] for name in HARMLESS} <= sys.stdlib_module_names | {"builtins"}


def test_nothing_harmless_has_an_effect() -> None:
    """The tables do not contradict each other."""
    assert not HARMLESS & (CALLS.keys() | SHELL_CALLS.keys())


def test_names_that_lead_elsewhere_are_banned() -> None:
    """All names with two underscores are, but for those in their table."""
    assert all(map(BANNED.match, ("os", "system", "__globals__", "__subclasses__", "f_back", "_os")))
    assert not any(map(BANNED.match, ("path", "compose", "_position", "read_csv")))
    assert {"__globals__", "__dict__", "__builtins__", "__self__"}.isdisjoint(DUNDERS)


@pytest.mark.parametrize(
    ("text", "number"), [("f(-1, 9)", "-1"), ("f(1)", "1"), ("f(p)", ""), ("f()", ""), ("f(-p)", "")]
)
def test_a_number_is_read_as_it_stands(text: str, number: str) -> None:
    """With its sign; what a variable holds is not known."""
    node = ast.parse(text, mode="eval").body

    assert isinstance(node, ast.Call)
    assert whole(node) == number


def test_a_process_is_ended_by_its_number() -> None:
    """`os.kill(-1, 9)` is `kill -9 -1`, and every process there is."""
    found = [one for top in analyse("python3 -c 'import os; os.kill(-1, 9)'", "shell") for one in top.walk()]

    assert ["-9", "-1"] in [one.arguments["words"] for one in found]
