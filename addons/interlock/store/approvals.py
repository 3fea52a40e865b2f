"""Approvals and grants in a database that gateways and consoles share.

A change, its history, what it gives and what is to be told of it are one transaction. It holds under races: on SQLite
there is one writer at a time, on PostgreSQL one a requester where approvals are added, and a change is made to the
version that was read or not at all.
"""

from __future__ import annotations

import math
import re
from collections.abc import AsyncGenerator, Iterable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, delete, func, insert, literal, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncConnection

from interlock.model import Approval, ApprovalState, Change, Grant, Person
from interlock.ports import Notice
from interlock.store import documents, outbox, rows
from interlock.store.changes import postgres_changes, sqlite_changes
from interlock.store.engine import Conflict, Database
from interlock.store.journal import StoreJournal, write_down
from interlock.store.rows import LIVE, RUNNING
from interlock.store.tables import APPROVALS, CAMPAIGNS, CHANNEL, GATEWAYS, GRANTS, HISTORY, REVIEWS
from interlock.store.upsert import put

__all__ = ["Approvals"]

_ID = re.compile(r"[a-z0-9-]{1,64}")
_MOST = 1000
_PART = 100
_LOCKED = 0x7FFF_FFFF_FFFF_FFFF


class Approvals:
    """An ApprovalStore (interlock.ports), on either database."""

    def __init__(self, database: Database, *, ahead: bool = False) -> None:
        self._database = database
        self._ahead = ahead

    def ahead(self) -> Approvals:
        """See ApprovalStore."""
        return Approvals(self._database, ahead=True)

    def journal(self) -> StoreJournal:
        """What no evidence says yet."""
        return StoreJournal(self._database)

    async def add(
        self,
        approval: Approval,
        change: Change,
        *,
        at_most: int,
        denied_since: float = math.inf,
        notices: Sequence[Notice] = (),
    ) -> Approval:
        """See ApprovalStore."""
        requester = documents.key(approval.requester)

        async def work(connection: AsyncConnection) -> Approval:
            if self._database.postgres:
                lock = literal(int(requester[:16], 16) & _LOCKED, BigInteger)
                await connection.execute(select(func.pg_advisory_xact_lock(lock)))
            asked = (approval.fingerprint, requester, approval.created)
            there = await rows.may_ask(connection, *asked, at_most, denied_since)
            if there is not None:
                return documents.approval(there)
            await connection.execute(insert(APPROVALS).values(id=approval.id, **rows.of_approval(approval, change)))
            await self._tell(connection, [change], notices)
            return approval

        try:
            return await self._database.run(work, write=True, ahead=self._ahead)
        except Conflict:
            return await self._write(work)

    async def standing(
        self, fingerprint: str, requester: Person, now: float, *, at_most: int, denied_since: float = math.inf
    ) -> Approval | None:
        """See ApprovalStore."""
        asked = (fingerprint, documents.key(requester), now, at_most, denied_since)
        there = await self._database.run(lambda connection: rows.may_ask(connection, *asked), ahead=self._ahead)
        return None if there is None else documents.approval(there)

    async def approval(self, id: str) -> Approval | None:
        """See ApprovalStore."""
        return next(iter(await self.several([id])), None)

    async def current(self, fingerprint: str) -> Approval | None:
        """See ApprovalStore."""
        found = await self._approvals(select(APPROVALS.c.document).where(APPROVALS.c.live == fingerprint))
        return next(iter(found), None)

    async def several(self, ids: Sequence[str]) -> Sequence[Approval]:
        """See ApprovalStore."""
        known = [id for id in ids if _ID.fullmatch(id)]
        parts = [known[start : start + _PART] for start in range(0, len(known), _PART)]
        queries = [select(APPROVALS.c.document).where(APPROVALS.c.id.in_(part)) for part in parts]
        return [one for query in queries for one in await self._approvals(query)]

    async def approvals(
        self, *, states: Sequence[ApprovalState] = (), requester: Person | None = None, limit: int = 200
    ) -> Sequence[Approval]:
        """See ApprovalStore."""
        query = select(APPROVALS.c.document).order_by(APPROVALS.c.created.desc(), APPROVALS.c.id.desc())
        if states:
            query = query.where(APPROVALS.c.state.in_([str(state) for state in states]))
        if requester is not None:
            query = query.where(APPROVALS.c.requester == documents.key(requester))
        return await self._approvals(query.limit(max(1, min(limit, _MOST))))

    async def due(self, now: float) -> Sequence[Approval]:
        """See ApprovalStore."""
        over = (APPROVALS.c.state.in_(LIVE), APPROVALS.c.expires <= now)
        return await self._approvals(select(APPROVALS.c.document).where(*over).limit(_MOST))

    async def swap(
        self, after: Approval, changes: Sequence[Change], *, grant: Grant | None = None, notices: Sequence[Notice] = ()
    ) -> bool:
        """See ApprovalStore."""
        predecessor = (APPROVALS.c.id == after.id, APPROVALS.c.version == after.version - 1)

        async def work(connection: AsyncConnection) -> bool:
            done = await connection.execute(
                update(APPROVALS).where(*predecessor).values(**rows.of_approval(after, changes[-1]))
            )
            if done.rowcount != 1:
                return False
            if grant is not None:
                await connection.execute(insert(GRANTS).values(id=grant.id, **rows.of_grant(grant)))
            await self._tell(connection, changes, notices)
            return True

        try:
            return await self._database.run(work, write=True, ahead=self._ahead)
        except Conflict:
            return False

    async def grant(self, id: str) -> Grant | None:
        """See ApprovalStore."""
        if not _ID.fullmatch(id):
            return None
        return next(iter(await self._grants(GRANTS.c.id == id)), None)

    async def grants(self, now: float, *, holder: Person | None = None) -> Sequence[Grant]:
        """See ApprovalStore."""
        tests = [GRANTS.c.begins <= now, GRANTS.c.until > now, GRANTS.c.revoked == 0.0]
        if holder is not None:
            tests.append(GRANTS.c.holder == documents.key(holder))
        return await self._grants(*tests)

    async def swap_grant(self, after: Grant, change: Change, *, notices: Sequence[Notice] = ()) -> bool:
        """See ApprovalStore."""
        predecessor = (GRANTS.c.id == after.id, GRANTS.c.version == after.version - 1)

        async def work(connection: AsyncConnection) -> bool:
            done = await connection.execute(update(GRANTS).where(*predecessor).values(**rows.of_grant(after)))
            if done.rowcount == 1:
                await self._tell(connection, [change], notices)
            return done.rowcount == 1

        return await self._write(work)

    async def history(self, subject: str) -> Sequence[Change]:
        """See ApprovalStore."""
        query = select(HISTORY.c.document).where(HISTORY.c.subject == subject).order_by(HISTORY.c.seq).limit(_MOST)
        return [documents.change(text) for text in await self._read(query)] if _ID.fullmatch(subject) else ()

    def changes(self) -> AsyncGenerator[str]:
        """See ApprovalStore."""
        path, url = self._database.path, self._database.url
        return sqlite_changes(path or Path()) if url is None else postgres_changes(url)

    async def beat(self, gateway: str, now: float) -> None:
        """See ApprovalStore."""

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(put(connection, GATEWAYS, {"name": gateway, "seen": now}, change=("seen",)))

        await self._write(work)

    async def lost(self, before: float) -> Sequence[Approval]:
        """See ApprovalStore."""
        alive = select(GATEWAYS.c.name).where(GATEWAYS.c.seen >= before)
        tests = (
            APPROVALS.c.state == ApprovalState.USED,
            APPROVALS.c.outcome.in_(RUNNING),
            APPROVALS.c.changed < before,
            APPROVALS.c.gateway.not_in(alive),
        )
        return await self._approvals(select(APPROVALS.c.document).where(*tests).limit(_MOST))

    async def notices(self, now: float, channels: Sequence[str], limit: int = 20) -> Sequence[Notice]:
        """See ApprovalStore."""
        return await self._write(lambda connection: outbox.lend(connection, now, channels, limit)) if channels else ()

    async def told(self, notice: Notice, *, again: float = 0.0) -> None:
        """See ApprovalStore."""
        await self._write(lambda connection: outbox.settle(connection, notice, again))

    async def forget(self, before: float) -> None:
        """See ApprovalStore."""

        async def work(connection: AsyncConnection) -> None:
            over = (APPROVALS.c.live.is_(None), APPROVALS.c.changed < before)
            await connection.execute(delete(APPROVALS).where(*over, APPROVALS.c.outcome.not_in(RUNNING)))
            await connection.execute(delete(APPROVALS).where(*over, APPROVALS.c.state != ApprovalState.USED))
            await connection.execute(delete(GRANTS).where(GRANTS.c.until < before))
            kept = union_all(*(select(table.c.id) for table in (APPROVALS, GRANTS, CAMPAIGNS, REVIEWS)))
            told = (HISTORY.c.at < before, HISTORY.c.event.is_(None), HISTORY.c.subject.not_in(kept))
            await connection.execute(delete(HISTORY).where(*told))
            await connection.execute(delete(GATEWAYS).where(GATEWAYS.c.seen < before))
            await outbox.forget(connection, before)

        await self._write(work)

    async def close(self) -> None:
        """See ApprovalStore."""
        await self._database.close()

    async def _write[T](self, work: Any) -> T:
        try:
            return await self._database.run(work, write=True, ahead=self._ahead)
        except Conflict:
            raise OSError("the store of approvals cannot be used: two changes at once") from None

    async def _read(self, query: Select[Any]) -> Sequence[str]:
        async def work(connection: AsyncConnection) -> Sequence[str]:
            return list((await connection.execute(query)).scalars())

        return await self._database.run(work, ahead=self._ahead)

    async def _approvals(self, query: Select[Any]) -> Sequence[Approval]:
        return [documents.approval(text) for text in await self._read(query)]

    async def _grants(self, *tests: ColumnElement[bool]) -> Sequence[Grant]:
        query = select(GRANTS.c.document).where(*tests).order_by(GRANTS.c.begins, GRANTS.c.id).limit(_MOST)
        return [documents.grant(text) for text in await self._read(query)]

    async def _tell(self, connection: AsyncConnection, changes: Iterable[Change], notices: Sequence[Notice]) -> None:
        """History, notices, and word to everybody who listens: PostgreSQL's goes out with the commit."""
        subjects = await write_down(connection, changes)
        await outbox.post(connection, notices)
        for subject in subjects if self._database.postgres else ():
            await connection.execute(select(func.pg_notify(CHANNEL, subject)))
