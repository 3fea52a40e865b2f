"""Changes that no evidence speaks of yet: lines of the history that some gateway is to write, each once.

Who takes one has it under its name, and says where it wrote it. A process that dies in between finds it again when it
is started anew; another gateway takes it only when that one stayed away for long.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress

from sqlalchemy import and_, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from interlock.model import JSON, Change
from interlock.ports_journal import LOST, Unwritten
from interlock.store import documents
from interlock.store.engine import Conflict, Database
from interlock.store.tables import HISTORY

__all__ = ["OTHERS", "OURS", "StoreJournal", "write_down"]

OURS = 60.0
"""Seconds after which a gateway looks again for what it had in hand itself, before it died."""

OTHERS = 3600.0
"""Seconds after which another gateway takes it: what the first one wrote is lost with it, or will be there twice."""

_WAITS = HISTORY.c.event.is_not(None)

_ABOUT = {"grt-": ("grant", ""), "cmp-": ("campaign", "reviews"), "rev-": ("permission", "reviews")}
"""By how its id begins: what a change is about, and into which log that goes (empty: that of approvals)."""


async def write_down(connection: AsyncConnection, changes: Iterable[Change]) -> list[str]:
    """Adds lines to the history; of whom, each once."""
    rows = [
        {
            "subject": one.subject,
            "at": one.at,
            "document": documents.line(one),
            "event": documents.text({**one.event}) if one.event is not None else None,
        }
        for one in changes
    ]
    await connection.execute(insert(HISTORY), rows)
    return list(dict.fromkeys(str(row["subject"]) for row in rows))


def _event(text: str, subject: str, line: str) -> Mapping[str, JSON]:
    """What is to be written; of a text that cannot be read, what became of whom. It must not hold up the others."""
    with suppress(OSError):
        return documents.event(text)
    state = "unknown"
    with suppress(OSError):
        state = str(documents.change(line).state)
    about, log = _ABOUT.get(subject[:4], ("approval", ""))
    named: JSON = {"id": subject} if about in ("grant", "permission") else subject
    return {"what": state, about: named, "why": LOST} | ({"log": log} if log else {})


class StoreJournal:
    """A Journal (interlock.ports_journal), on either database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, owner: str, now: float, limit: int) -> Sequence[Unwritten]:
        """See Journal."""
        free = or_(
            HISTORY.c.owner == "",
            and_(HISTORY.c.owner == owner, HISTORY.c.taken <= now - OURS),
            HISTORY.c.taken <= now - OTHERS,
        )
        waiting = select(HISTORY.c.seq).where(_WAITS, free).limit(1)
        query = (
            select(HISTORY.c.seq, HISTORY.c.event, HISTORY.c.owner, HISTORY.c.subject, HISTORY.c.document)
            .where(_WAITS, free)
            .order_by(HISTORY.c.seq)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )

        async def any_there(connection: AsyncConnection) -> bool:
            return (await connection.execute(waiting)).first() is not None

        async def work(connection: AsyncConnection) -> Sequence[Unwritten]:
            found = (await connection.execute(query)).all()
            ours = update(HISTORY).where(HISTORY.c.seq.in_([row[0] for row in found]))
            await connection.execute(ours.values(owner=owner, taken=now))
            return [Unwritten(seq, _event(text, *line), bool(before)) for seq, text, before, *line in found]

        return await self._write(work) if await self._database.run(any_there) else ()

    async def written(self, number: int, reference: str) -> None:
        """See Journal."""
        await self._change([number], event=None, kept=reference)

    async def put_back(self, numbers: Sequence[int]) -> None:
        """See Journal."""
        await self._change([*numbers], taken=-OTHERS)

    async def _change(self, numbers: Sequence[int], **values: object) -> None:
        ours = update(HISTORY).where(HISTORY.c.seq.in_(numbers)).values(**values)

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(ours)

        await self._write(work)

    async def _write[T](self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        try:
            return await self._database.run(work, write=True)
        except Conflict:
            raise OSError("the store of approvals cannot be used: two changes at once") from None
