"""The list of harmless functions holds nothing that is not."""

from __future__ import annotations

import pytest

from interlock.commands.sql_builtins import BUILTINS
from interlock.commands.sql_columnar import COLUMNAR
from interlock.commands.sql_functions import FUNCTIONS, is_known
from interlock.commands.sql_warnings import warned

_AS_IN = ("pg_", "dm_", "system$", "fn_", "sqlite_")


@pytest.mark.parametrize("dialect", ["", *BUILTINS, *COLUMNAR])
def test_no_warned_function_is_allowed(dialect: str) -> None:
    """What deserves a flag of its own is harmless only by its whole name, in the server's own namespaces."""
    names = BUILTINS.get(dialect) or COLUMNAR.get(dialect) or FUNCTIONS
    named = {name for name in names if not name.startswith(_AS_IN) and warned(name) and is_known(name, dialect)}

    assert named <= {"glob"}


@pytest.mark.parametrize(
    ("name", "dialect"),
    [
        ("pg_get_serial_sequence", "postgres"), ("pg_stat_get_live_tuples", "postgres"), ("st_distance", "postgres"),
        ("found_rows", "mysql"), ("last_insert_rowid", "sqlite"), ("scope_identity", "tsql"),
        ("system$typeof", "snowflake"), ("timestamp_bucket", "bigquery"), ("duckdb_tables", "duckdb"),
        ("todatetime64ornull", "clickhouse"), ("quantileexactif", "clickhouse"), ("startswithutf8", "clickhouse"),
    ],
)  # fmt: skip
def test_functions_of_one_database(name: str, dialect: str) -> None:
    """What one database has by itself is known there."""
    assert is_known(name, dialect)


def test_what_is_harmless_elsewhere() -> None:
    """`glob` compares text, but in DuckDB it lists files."""
    assert is_known("glob", "sqlite")
    assert not is_known("glob", "duckdb")
