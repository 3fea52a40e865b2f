"""The lists of what is harmless hold nothing that is not."""

from __future__ import annotations

from sqlglot import exp

from interlock.commands.sql_names import CHANGING, DEFINING, FUNCTIONS, NODES, TYPED, WARNED


def test_names_exist_in_the_parser() -> None:
    """A misspelt or renamed node would silently stop being harmless."""
    assert {name for name in NODES | CHANGING | DEFINING | TYPED if not hasattr(exp, name)} == set()


def test_no_warned_function_is_allowed() -> None:
    """What deserves a flag of its own is on no list of harmless functions."""
    starts = tuple(start for found in WARNED.values() for start in found if len(start) > 4)

    assert {name for name in FUNCTIONS if name.startswith(starts)} == set()
