"""Comparisons and logic of SQL for one row."""

from __future__ import annotations

from typing import Any

import pytest
import sqlglot

from interlock.commands.sql_conditions import holds
from interlock.commands.sql_values import Moment, Untold

_ROW: dict[str, Any] = {"a": 3, "b": None, "t": "Abc", "m": Moment("2024-01-01"), "f": True, "id": 7}


def _condition(text: str) -> Any:
    return sqlglot.parse_one(f"SELECT * FROM x WHERE {text}", read="postgres").args["where"].this


@pytest.mark.parametrize(
    "text",
    [
        "a > 2 AND t = 'Abc'", "b > 2 OR f", "b IS NULL", "a IS NOT NULL", "f IS TRUE", "NOT (f IS NOT TRUE)",
        "a IN (1, 3)", "a NOT IN (1, 2)", "a BETWEEN 1 AND 3", "a BETWEEN SYMMETRIC 9 AND 1", "coalesce(b, a) = 3",
        "CASE a WHEN 3 THEN true ELSE false END", "CASE WHEN b = 1 THEN false ELSE true END", "nullif(a, 3) IS NULL",
        "t LIKE '%'", "t ILIKE 'ABC'", "t LIKE ANY (ARRAY['x', '%'])", "a IS DISTINCT FROM b", "m < now()",
        "b IS NOT DISTINCT FROM b", "m = '2024-01-01'", "id NOT IN (SELECT 1 WHERE false)", "m >= '1999-12-31'",
        "id > ALL (SELECT 1 WHERE false)", "now() - interval '1 day' < now()", "a <> 4 AND a >= 3 AND a <= 3",
    ],
)  # fmt: skip
def test_what_holds(text: str) -> None:
    """Three values: NULL decides only where the other side does not."""
    assert holds(_condition(text), _ROW)


@pytest.mark.parametrize(
    "text",
    [
        "b = 1", "NOT b = 1", "b > 2 AND f", "a IN (1, NULL)", "a BETWEEN NULL AND 3", "a NOT IN (1, NULL)", "a = 4",
        "b LIKE '%'",
    ],
)  # fmt: skip
def test_what_does_not(text: str) -> None:
    """False and NULL are no."""
    assert not holds(_condition(text), _ROW)


@pytest.mark.parametrize(
    "text",
    [
        "a = 'x'", "t > 1", "m < 'soon'", "f = 1", "t LIKE '%b_'", "NOT t", "a IN (SELECT a FROM u)",
        "a > ALL (SELECT 1)", "EXISTS (SELECT 1)", "t SIMILAR TO 'a'", "a = ANY (ARRAY[3])",
    ],
)  # fmt: skip
def test_nothing_is_guessed(text: str) -> None:
    """What databases compare differently, and queries of tables, are not told."""
    with pytest.raises(Untold):
        holds(_condition(text), _ROW)
