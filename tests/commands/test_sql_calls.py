"""Calls that only compute, and all others."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("dialect", "text", "flags"),
    [
        ("postgres", "SELECT lower(a), pg_catalog.upper(b) FROM t", []),
        ("postgres", "SELECT shop.lower(a) FROM t", ["unknown-function"]),
        ("postgres", "SELECT * FROM shop.generate_series(1, 2)", ["unknown-function"]),
        ("clickhouse", "SELECT sumIf(a, b), uniqExactMergeState(c) FROM t", []),
        ("postgres", "SELECT uniq_if(a) FROM t", ["unknown-function"]),
        ("sqlite", "SELECT glob('a*', b) FROM t", []),
        ("duckdb", "SELECT * FROM glob('a*')", ["unknown-function", "files"]),
    ],
)
def test_calls(dialect: str, text: str, flags: list[str]) -> None:
    """A function is harmless by its name in its dialect, and never in a schema of its own."""
    assert analyse(text, "sql", dialect)[0].arguments["flags"] == flags
