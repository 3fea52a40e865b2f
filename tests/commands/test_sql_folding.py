"""Names as databases tell them apart."""

from __future__ import annotations

import pytest
from sqlglot import exp

from interlock.commands.sql_folding import exact, spelled


@pytest.mark.parametrize(
    ("name", "quoted", "dialect", "expected"),
    [
        ("Orders", False, "postgres", "orders"),
        ("Orders", True, "postgres", '"Orders"'),
        ("orders", True, "postgres", "orders"),
        ("orders", True, "snowflake", '"orders"'),
        ("ORDERS", True, "snowflake", "orders"),
        ("Orders", True, "mysql", "orders"),
        ("a.b", True, "sqlite", '"a.b"'),
        ("*", True, "sqlite", '"*"'),
        ("order lines", True, "tsql", "order lines"),
        ("ｏrders", True, "tsql", "orders"),
        ("É", False, "postgres", "É"),
    ],
)
def test_spelling(name: str, quoted: bool, dialect: str, expected: str) -> None:
    """Plain names are in lower case; one that only quotes can spell keeps them."""
    assert spelled(exp.to_identifier(name, quoted=quoted), dialect) == expected


def test_names_of_a_with_are_compared_exactly() -> None:
    """Where a database tells case apart, a WITH defines only the name as it is written."""
    assert exact(exp.to_identifier("Orders"), "clickhouse") == "Orders"
    assert exact(exp.to_identifier("Orders"), "postgres") == "orders"


def test_no_name_is_empty() -> None:
    """What is missing has no spelling."""
    assert spelled(None, "postgres") == ""
