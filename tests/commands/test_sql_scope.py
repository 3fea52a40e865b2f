"""What is visible where."""

from __future__ import annotations

import pytest
import sqlglot

from interlock.commands.language import NotUnderstood
from interlock.commands.sql_scope import scopes


def test_every_query_is_a_scope() -> None:
    """A query in FROM does not see its neighbours, one in WHERE sees the tables around it."""
    text = "SELECT 1 FROM a, (SELECT 1 FROM b) x WHERE EXISTS (SELECT 1 FROM c)"
    found = [scope for scope in scopes(sqlglot.parse_one(text, read="postgres"), "postgres") if scope.sources]
    seen = {scope.sources[0].name: [s.name for inner in scope.around() for s in inner.sources] for scope in found}

    assert seen == {"a": ["a"], "b": ["b"], "c": ["c", "a"]}


def test_scopes_are_counted() -> None:
    """A statement of too many queries is refused."""
    many = sqlglot.exp.Select(expressions=[sqlglot.exp.Subquery(this=sqlglot.exp.Select()) for _ in range(6000)])

    with pytest.raises(NotUnderstood):
        scopes(many, "postgres")
