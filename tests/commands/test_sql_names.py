"""The lists of what is harmless hold nothing that is not."""

from __future__ import annotations

from sqlglot import exp

from interlock.commands.sql_names import CHANGING, DEFINING, NODES, TYPED


def test_names_exist_in_the_parser() -> None:
    """A misspelt or renamed node would silently stop being harmless."""
    assert {name for name in NODES | CHANGING | DEFINING | TYPED if not hasattr(exp, name)} == set()
