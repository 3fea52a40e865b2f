"""Unknown nodes are never harmless."""

from __future__ import annotations

import sqlglot
from sqlglot import exp

from interlock.commands.languages.sql import parse
from interlock.commands.sql_dialects import DIALECTS
from interlock.commands.sql_judge import judge
from interlock.model import Access


def test_a_node_nobody_knows_is_not_understood() -> None:
    """A part of the tree that is on no list makes the statement unknown."""
    statement = sqlglot.parse_one("SELECT a FROM t")
    statement.append("expressions", exp.ModelAttribute(this=exp.to_identifier("x"), expression=exp.to_identifier("y")))

    assert judge(statement, DIALECTS["postgres"], parse).access is Access.UNKNOWN
