"""Dialects by name."""

from __future__ import annotations

import pytest
import sqlglot

from interlock.commands.sql_dialects import ALIASES, DIALECTS, NAMES, lexis


@pytest.mark.parametrize(("name", "parser"), [("PostgreSQL", "postgres"), ("mariadb", "mysql"), ("mssql", "tsql")])
def test_other_names_mean_the_same(name: str, parser: str) -> None:
    """A dialect is found by the names people give it."""
    known = lexis(name)

    assert known is not None
    assert known.parser == parser


@pytest.mark.parametrize("name", ["", "generic", "klingon"])
def test_others_are_read_as_several(name: str) -> None:
    """What is not known has no rules of its own."""
    assert lexis(name) is None


def test_every_dialect_has_a_parser() -> None:
    """The parser knows each dialect, and every other name stands for one of them."""
    assert all(sqlglot.Dialect.get(known.parser) for known in DIALECTS.values())
    assert set(ALIASES.values()) < set(NAMES)
