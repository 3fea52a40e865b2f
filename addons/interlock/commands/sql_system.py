"""What a statement does to the database's own tables: changes them, or reads the secrets that they keep."""

from __future__ import annotations

from interlock.commands.sql_facts import Facts
from interlock.model import Access

__all__ = ["check_system"]

_OWN = {
    "postgres": ("pg_catalog", "information_schema"),
    "mysql": ("mysql", "sys", "performance_schema", "information_schema"),
    "tsql": ("sys", "msdb"),
    "clickhouse": ("system",),
}
"""Schemas of the database's own."""
_CATALOG = """
    pg_aggregate pg_attribute pg_auth_members pg_authid pg_cast pg_class pg_constraint pg_database
    pg_db_role_setting pg_default_acl pg_depend pg_event_trigger pg_extension pg_foreign_server pg_index
    pg_inherits pg_language pg_largeobject pg_namespace pg_operator pg_policy pg_proc pg_rewrite pg_roles
    pg_sequence pg_settings pg_shadow pg_statistic pg_subscription pg_tablespace pg_trigger pg_type
    pg_user pg_user_mapping
"""
_NAMED = {
    "postgres": frozenset(_CATALOG.split()),
    "sqlite": frozenset(
        (
            "sqlite_master",
            "sqlite_schema",
            "sqlite_temp_master",
            "sqlite_temp_schema",
            "sqlite_dbpage",
            "sqlite_sequence",
            "sqlite_stat1",
            "sqlite_stat4",
        )
    ),
}
"""Tables of the database's own that are found without a schema."""
_SECRETS = {
    ("postgres", "pg_authid"): ("rolpassword",),
    ("postgres", "pg_shadow"): ("passwd",),
    ("postgres", "pg_user_mapping"): ("umoptions",),
    ("postgres", "pg_user_mappings"): ("umoptions",),
    ("postgres", "pg_subscription"): ("subconninfo",),
    ("mysql", "mysql.user"): ("authentication_string", "password"),
    ("mysql", "mysql.global_priv"): ("priv",),
    ("mysql", "mysql.servers"): ("password",),
    ("tsql", "sys.sql_logins"): ("password_hash",),
    ("tsql", "sys.syslogins"): ("password",),
    ("tsql", "syslogins"): ("password",),
}
"""Columns that hold passwords, their hashes or connection strings."""


def check_system(facts: Facts, dialect: str) -> None:
    """Adds to the facts what the tables and columns found so far amount to."""
    if any(_is_own(name, dialect) for name in facts.writes):
        facts.raise_to(Access.ADMIN, "system-tables")
    if dialect == "sqlite" and any(_is("sqlite_dbpage", name) for name in facts.reads):
        facts.raise_to(Access.ADMIN, "system-tables")  # the file's own pages, whatever table they are of
    for (where, table), columns in _SECRETS.items():
        if where == dialect and any(_is(table, name) for name in (*facts.reads, *facts.writes)):
            seen = (name.rpartition(".") for name in facts.columns)
            if any((_is(table, owner) or owner == "*") and column in (*columns, "*") for owner, _, column in seen):
                facts.raise_to(Access.ADMIN, "secrets")


def _is(table: str, name: str) -> bool:
    return name == table or name.endswith(f".{table}")


def _is_own(name: str, dialect: str) -> bool:
    schema, _, table = name.rpartition(".")
    if dialect == "tsql" and name.startswith("msdb."):
        return True
    if dialect == "sqlite" and schema in ("main", "temp"):
        schema = ""
    return schema.rpartition(".")[2] in _OWN.get(dialect, ()) or (not schema and table in _NAMED.get(dialect, ()))
