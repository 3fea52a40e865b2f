"""The stores of approvals and of access reviews by their URL, ready to use.

Import it where it is needed: SQLAlchemy takes half a second.
"""

from __future__ import annotations

from pathlib import Path

from interlock.model import Secret
from interlock.store.approvals import Approvals
from interlock.store.engine import Database, open_database
from interlock.store.migrate import migrate
from interlock.store.reviews import Reviews

__all__ = ["open_reviews", "open_store"]


async def open_store(url: Secret, *, base: Path = Path()) -> Approvals:
    """Opens the store of approvals and brings its tables up to date.

    Raises OSError when it cannot be used, InterlockError for another URL than SQLite's or PostgreSQL's, and for a store
    that a newer version of Interlock changed.
    """
    return Approvals(await _opened(url, base))


async def open_reviews(url: Secret, *, base: Path = Path()) -> Reviews:
    """The same of access reviews, which may lie in the same database."""
    return Reviews(await _opened(url, base))


async def _opened(url: Secret, base: Path) -> Database:
    database = open_database(url, base=base)
    try:
        await migrate(database)
    except BaseException:
        await database.close()
        raise
    return database
