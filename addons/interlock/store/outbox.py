"""What is to be told to people, kept until it is: each notice once a channel and key, lent to one sender at a time."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from interlock.ports import Notice
from interlock.store import documents
from interlock.store.tables import NOTICES
from interlock.store.upsert import put

__all__ = ["LENT", "forget", "lend", "post", "settle"]

LENT = 60.0
"""Seconds for which a notice is its sender's; after a crash another one takes it."""

_WAITS = 0.0


async def post(connection: AsyncConnection, notices: Sequence[Notice]) -> None:
    """Keeps notices; one whose key stands for this channel already is not told twice."""
    for notice in notices:
        row = {
            "key": notice.key, "channel": notice.channel, "due": notice.due, "lent": 0.0, "tries": notice.tries,
            "told": _WAITS, "document": documents.text(notice),
        }  # fmt: skip
        await connection.execute(put(connection, NOTICES, row))


async def lend(connection: AsyncConnection, now: float, channels: Sequence[str], limit: int) -> Sequence[Notice]:
    """Those that are due and nobody else's, oldest first; they are the caller's until LENT seconds from now."""
    free = (NOTICES.c.told == _WAITS, NOTICES.c.due <= now, NOTICES.c.lent <= now, NOTICES.c.channel.in_(channels))
    query = (
        select(NOTICES.c.key, NOTICES.c.channel, NOTICES.c.document, NOTICES.c.tries)
        .where(*free)
        .order_by(NOTICES.c.due)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = (await connection.execute(query)).all()
    for key, channel, _, _ in found:
        ours = (NOTICES.c.key == key, NOTICES.c.channel == channel)
        await connection.execute(update(NOTICES).where(*ours).values(lent=now + LENT))
    return [documents.notice(document, tries) for _, _, document, tries in found]


async def settle(connection: AsyncConnection, notice: Notice, again: float) -> None:
    """Marks a notice as told, or to be tried again then."""
    ours = (NOTICES.c.key == notice.key, NOTICES.c.channel == notice.channel)
    values = {"due": again, "lent": 0.0, "tries": notice.tries + 1} if again > 0 else {"told": 1.0}
    await connection.execute(update(NOTICES).where(*ours).values(**values))


async def forget(connection: AsyncConnection, before: float) -> None:
    """Drops what was due before that, told or not."""
    await connection.execute(delete(NOTICES).where(NOTICES.c.due < before))
