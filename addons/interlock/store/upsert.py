"""One row by its key, put or changed: the statement that SQLite and PostgreSQL share, each in its own dialect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = ["put"]


def put(
    connection: AsyncConnection, table: Table, row: Mapping[str, object], *, change: Sequence[str] = ()
) -> Executable:
    """Inserts a row; where one with its primary key stands, these columns of it are changed, or nothing is."""
    keys = table.primary_key
    changed = {name: row[name] for name in change}
    if connection.dialect.name == "postgresql":
        ours = postgresql.insert(table).values(**row)
        return ours.on_conflict_do_update(keys, set_=changed) if changed else ours.on_conflict_do_nothing(keys)
    other = sqlite.insert(table).values(**row)
    return other.on_conflict_do_update(keys, set_=changed) if changed else other.on_conflict_do_nothing(keys)
