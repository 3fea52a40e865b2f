"""How each database reads characters.

Sources: PostgreSQL manual 4.1, MySQL 8.4 manual 9.1 and 9.7, SQLite "SQL Language Expressions", Transact-SQL reference,
Snowflake and BigQuery lexical structure, DuckDB "Literal Types", ClickHouse "Syntax"; DuckDB 2.0 and ClickHouse 26.9
were also asked.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ALIASES", "DIALECTS", "GENERIC", "NAMES", "Lexis", "lexis"]


@dataclass(frozen=True, slots=True)
class Lexis:
    """How a database reads characters. `quotes` maps an opening quote to its end and whether it makes a string."""

    parser: str
    quotes: dict[str, tuple[str, bool]]
    backslash: bool = False
    nested_comments: bool = False
    line_comments: tuple[str, ...] = ("--",)
    dollar: bool = False
    tagged: bool = False
    conditional: bool = False
    triple: bool = False


_ANSI = {"'": ("'", True), '"': ('"', False)}
_STRINGS = {"'": ("'", True), '"': ('"', True), "`": ("`", False)}
DIALECTS = {
    "postgres": Lexis("postgres", _ANSI, nested_comments=True, dollar=True, tagged=True),
    "mysql": Lexis("mysql", _STRINGS, backslash=True, line_comments=("--", "#"), conditional=True),
    "tsql": Lexis("tsql", {**_ANSI, "[": ("]", False)}, nested_comments=True),
    "sqlite": Lexis("sqlite", {**_ANSI, "`": ("`", False), "[": ("]", False)}),
    "snowflake": Lexis("snowflake", _ANSI, backslash=True, line_comments=("--", "//"), dollar=True),
    "duckdb": Lexis("duckdb", _ANSI, nested_comments=True, dollar=True, tagged=True),
    "clickhouse": Lexis(
        "clickhouse",
        {**_ANSI, "`": ("`", False)},
        backslash=True,
        line_comments=("--", "# ", "#!"),
        dollar=True,
        tagged=True,
    ),
    "bigquery": Lexis("bigquery", _STRINGS, backslash=True, line_comments=("--", "#"), triple=True),
}
"""Dialects whose lexical rules are known."""
GENERIC = "generic"
"""The dialect of a text whose database is not known: read as several."""
NAMES = (*sorted(DIALECTS), GENERIC)
"""Every dialect, as rules name it."""
ALIASES = {
    "postgresql": "postgres",
    "pg": "postgres",
    "pgsql": "postgres",
    "mariadb": "mysql",
    "mssql": "tsql",
    "t-sql": "tsql",
    "sqlserver": "tsql",
    "sqlite3": "sqlite",
}
"""Other names of dialects that rules may use."""


def lexis(dialect: str) -> Lexis | None:
    """The rules of a dialect by its name or a common other name; None for one that must be read as several."""
    name = dialect.lower()
    return DIALECTS.get(ALIASES.get(name, name))
