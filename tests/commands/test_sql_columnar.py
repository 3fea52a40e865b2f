"""Functions of DuckDB and of ClickHouse, as they list them."""

from __future__ import annotations

import duckdb
import pytest

from interlock.commands.sql_columnar import COLUMNAR


def test_duckdb_knows_them() -> None:
    """Every name is a function of DuckDB, so that none is misspelt."""
    query = "SELECT DISTINCT lower(function_name) FROM duckdb_functions()"
    known = {name for (name,) in duckdb.connect().execute(query).fetchall()}

    assert COLUMNAR["duckdb"] - known == set()


@pytest.mark.parametrize("name", ["read_csv", "query", "json_execute_serialized_sql", "sleep_ms", "getenv", "nextval"])
def test_no_function_of_duckdb_with_an_effect_is_among_them(name: str) -> None:
    """Files, hidden SQL, waiting, the environment and sequences are left out."""
    assert name not in COLUMNAR["duckdb"]


@pytest.mark.parametrize("name", ["file", "url", "sleep", "sleepeachrow", "dictget", "joinget", "addresstoline"])
def test_no_function_of_clickhouse_with_an_effect_is_among_them(name: str) -> None:
    """Files, connections, waiting, and what reads a table by a name in a text are left out."""
    assert name not in COLUMNAR["clickhouse"]
