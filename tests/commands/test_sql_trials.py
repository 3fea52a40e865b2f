"""Conditions tried out on rows."""

from __future__ import annotations

import pytest
import sqlglot

from interlock.commands.sql_trials import Budget, holds_for_all


def _condition(text: str) -> object:
    return sqlglot.parse_one(f"SELECT * FROM t WHERE {text}", read="postgres").args["where"].this


@pytest.mark.parametrize(
    "text",
    [
        "id - id = 0", "total * 0 = 0", "id = id + 0", "id % 1 = 0", "mod(id, 2) IN (0, 1)",
        "CASE WHEN id > 7 THEN true ELSE true END", "(id > 7) IS NOT NULL", "status IN ('a') OR status NOT IN ('a')",
        "name >= ''", "name <> 'x' OR name LIKE '%' OR name IS NULL", "id <> 999999", "id BETWEEN 0 AND 99999999",
        "total < 9999999999", "created_at <= now()", "created_at > '1970-01-01'", "created_at < '2999-01-01'",
        "created_at < now() + interval '1 day'",
        "created_at::date <= current_date", "created_on <= current_date",
        "coalesce(total, 0) * 0 = 0", "id NOT IN (SELECT 1 WHERE false)",
        "id > ALL (SELECT 1 WHERE false)", "id = (SELECT id)", "id IS NOT DISTINCT FROM id", "length(name) + 1 > 0",
        "nullif(total, total) IS NULL", "total BETWEEN SYMMETRIC total AND total",
    ],
)  # fmt: skip
def test_what_holds_whatever_the_row(text: str) -> None:
    """True for every number, every text or every moment."""
    assert holds_for_all(_condition(text), Budget())


@pytest.mark.parametrize(
    "text",
    [
        "id = 5", "id <> 5", "id > 5", "id % 2 = 0", "total >= 0", "total < 5000000000", "total IS NOT NULL",
        "name <> ''", "name = 'x' OR name = 'y'", "name LIKE '%x%'", "expires_at < now()", "id > 999999",
        "created_at < now() - interval '30 days'", "created_at < current_date",
        "created_at < '2024-01-01'", "created_at IS NOT NULL",
        "active", "active = true", "id = 999999", "coalesce(name, '') = ''", "f(name) = f(name)", "id IN (1, 2, 3)",
        "id = $1", "price <> cost", "id NOT IN (SELECT 1)", "CASE WHEN id > 7 THEN true END",
        "'2024-01-01' < created_at", "json_valid(doc)", "id = 1 / 0", "id + 'x' = 1",
    ],
)  # fmt: skip
def test_what_leaves_rows_out(text: str) -> None:
    """False or unknown for some row, or nothing that can be told."""
    assert not holds_for_all(_condition(text), Budget())


def test_long_conditions_are_not_tried() -> None:
    """Trying takes bounded time: many parts, or many columns, are told by their form alone."""
    assert not holds_for_all(_condition(" OR ".join(f"id - id = {n}" for n in range(200))), Budget())
    assert not holds_for_all(_condition("a * 0 + b * 0 + c * 0 + d * 0 + e * 0 = 0"), Budget())


def test_what_costs_too_much_counts_as_holding() -> None:
    """A condition that is true row after row spends what a statement is worth; then nothing is tried any more."""
    budget = Budget()
    budget.left = 10

    assert holds_for_all(_condition("a * 0 = 0 AND (b = 99 OR b <> 98)"), budget)
    assert budget.left < 0
