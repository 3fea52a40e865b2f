"""Tables in their scopes."""

from __future__ import annotations

import pytest
import sqlglot

from interlock.commands.sql_tables import Tables, ends


@pytest.mark.parametrize(
    ("name", "parts", "expected"),
    [("shop.orders", ["orders"], True), ("shop.orders", ["shop", "orders"], True), ("reorders", ["orders"], False)],
)
def test_names_end_in_whole_parts(name: str, parts: list[str], expected: bool) -> None:
    """A name ends in parts, not in letters."""
    assert ends(name, parts) is expected


@pytest.mark.parametrize(
    ("name", "meant"), [("o", ["shop.orders"]), ("customers", ["shop.customers"]), ("orders", []), ("x", [])]
)
def test_an_alias_is_the_only_name(name: str, meant: list[str]) -> None:
    """A table is found by its alias, or by its name with and without its schema."""
    text = "SELECT 1 FROM shop.orders o, shop.customers, (SELECT 2) x"
    tables = Tables(sqlglot.parse_one(text, read="postgres"), "postgres")
    (scope,) = [scope for scope in tables.scopes if scope.sources]

    assert [source.name for source in tables.called(name, scope)] == meant
    assert [source.name for source in tables.visible(scope)] == ["shop.orders", "shop.customers"]
