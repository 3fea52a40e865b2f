"""The tables of Python's modules."""

from __future__ import annotations

import sys

from interlock.commands.shell_python_tables import BANNED, CALLS, DUNDERS, HARMLESS, SHELL_CALLS


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
