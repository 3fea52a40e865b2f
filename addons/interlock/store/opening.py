"""The store of approvals by its URL, ready to use. Import it where it is needed: SQLAlchemy takes half a second."""

from __future__ import annotations

from pathlib import Path

from interlock.model import Secret
from interlock.store.approvals import Approvals
from interlock.store.engine import open_database
from interlock.store.migrate import migrate

__all__ = ["open_store"]


async def open_store(url: Secret, *, base: Path = Path()) -> Approvals:
    """Opens the store and brings its tables up to date.

    Raises OSError when it cannot be used, InterlockError for another URL than SQLite's or PostgreSQL's, and for a store
    that a newer version of Interlock changed.
    """
    database = open_database(url, base=base)
    try:
        await migrate(database)
    except BaseException:
        await database.close()
        raise
    return Approvals(database)
