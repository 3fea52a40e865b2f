"""Tree heads in the database, on SQLite and on PostgreSQL."""

from __future__ import annotations

from interlock.model import Secret
from interlock.store.engine import open_database
from interlock.store.heads import keep_head, read_heads


async def test_the_last_head_of_each_day_is_kept_by_tree(store_url: Secret) -> None:
    """What is sent twice is there once; other objects are no heads."""
    database = open_database(store_url)
    try:
        for tree, day, line in (
            ("b:1", "2026-01-01", b"first"),
            ("b:1", "2026-01-01", b"last of the day"),
            ("b:1", "2026-01-02", b"next day"),
            ("a:2", "2026-01-01", b"another"),
            ("a:2", "2026-01-01", b"another"),
        ):
            await keep_head(database, tree, day, line)
        assert (await read_heads(database)).splitlines() == [b"another", b"last of the day", b"next day"]
    finally:
        await database.close()
