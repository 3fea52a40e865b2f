"""Conditions that leave nothing out."""

from __future__ import annotations

import pytest
import sqlglot

from interlock.commands.language import NotUnderstood
from interlock.commands.sql_where import always_true, filters


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("1=1", True), ("true", True), ("not false", True), ("not not true", True), ("a = a", True), ("2 > 1", True),
        ("a like '%'", True), ("a = 1 or 1", True), ("1 in (1, 2)", True), ("true and 'x' = 'x'", True),
        ("a = 1", False), ("true and a = 1", False), ("a = b", False), ("0", False), ("1 = 2", False),
        ("a like 'x%'", False), ("not a = 1", False), ("1 + 1 = 2", True), ("length('x') = 1", True),
        ("'x' = 'y'", False),
        ("5 between 1 and 10", True), ("a is null or a is not null", True), ("a = 1 or a <> 1", True), ("id > 0", True),
        ("a < 5 or a >= 5", True), ("stock > 0", False), ("a = 1 or b <> 1", False), ("exists (select 1)", True),
        ("exists (select 1 from s where s.a = t.a)", False), ("id in (select id from t)", True), ("o.id = c.id", False),
        ("id in (select id from s)", False), ("id in (select id from t where a = 1)", False),
        ("coalesce(null, 1)", True), ("id = any(array(select id from t))", True), ("coalesce(a, 1) is not null", True),
        ("exists (select 1 from t x where x.id = t.id)", True), ("id between -5 and 2147483647", True),
        ("exists (select 1 from t x where x.id = t.id and x.a = 1)", False), ("a between 0 and 2147483647", False),
        ("coalesce(a, b) is not null", False), ("(a, b) in (select a, b from t)", True), ("id not in (-1, 0)", True),
        ("(a, b) in (select a, b from s)", False), ("id not in (1, 2)", False), ("id not in (select -1)", True),
        ("typeof(a) != ''", True), ("id not in (select id from s)", False), ("typeof(a) != 'x'", False),
        ("not (1 = 2)", True), ("case when true then true end", True), ("a is not null", False),
    ],
)  # fmt: skip
def test_always_true(condition: str, expected: bool) -> None:
    """Constant conditions are recognised, real ones are left alone."""
    where = sqlglot.parse_one(f"DELETE FROM t WHERE {condition}").args["where"]

    assert always_true(where) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("UPDATE o SET o.a = c.a FROM orders o JOIN customers c ON c.id = o.cid", True),
        ("UPDATE o SET o.a = c.a FROM orders o LEFT JOIN customers c ON c.id = o.cid", False),
        ("UPDATE o SET o.a = 1 FROM orders o CROSS JOIN customers c", False),
        ("MERGE orders USING s ON orders.id = s.id WHEN MATCHED THEN DELETE", True),
        ("MERGE orders USING s ON 1 = 1 WHEN MATCHED THEN DELETE", False),
        ("DELETE FROM orders", False),
    ],
)
def test_joins_filter(text: str, expected: bool) -> None:
    """An inner join on something leaves rows out as a WHERE does; an outer one, or a MERGE on anything, does not."""
    assert filters(sqlglot.parse_one(text, read="tsql")) is expected


@pytest.mark.parametrize("joined", [" or b = c", " and id > 0"])
def test_conditions_by_the_thousand_are_not_understood(joined: str) -> None:
    """Each is tried out, and together they would take longer than a text may."""
    where = sqlglot.parse_one("DELETE FROM t WHERE id > 0 and a = 1" + joined * 1001).args["where"]

    with pytest.raises(NotUnderstood, match="too-complex"):
        always_true(where)
