"""Campaigns, attestations and review records in the database that gateways and consoles share.

A change is made to the versions that were read, whole, with its history and word to everybody who listens, or not at
all: what stands is locked, compared and replaced in one transaction.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Select, Table, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from interlock.model import Attestation, Campaign, Change, ReviewRecord
from interlock.store import documents, review_documents
from interlock.store.changes import postgres_changes, sqlite_changes
from interlock.store.engine import Conflict, Database
from interlock.store.following import MISSED
from interlock.store.journal import write_down
from interlock.store.tables import ATTESTATIONS, CAMPAIGNS, CHANNEL, HISTORY, REVIEWS

__all__ = ["Reviews"]

_PART = 200
_MOST = 20_000
_TOLD = 20
"""Above so many changes at once, who listens reads everything anew instead."""


class Reviews:
    """A ReviewStore (interlock.ports), on either database."""

    def __init__(self, database: Database, *, ahead: bool = False) -> None:
        self._database = database
        self._ahead = ahead

    def ahead(self) -> Reviews:
        """See ReviewStore."""
        return Reviews(self._database, ahead=True)

    async def campaign(self, id: str) -> Campaign | None:
        """See ReviewStore."""
        found = await self._read(select(CAMPAIGNS.c.document).where(CAMPAIGNS.c.id == _clean(id)))
        return review_documents.campaign(found[0]) if found else None

    async def campaigns(self, *, limit: int = 200) -> Sequence[Campaign]:
        """See ReviewStore."""
        query = select(CAMPAIGNS.c.document).order_by(CAMPAIGNS.c.opened.desc(), CAMPAIGNS.c.id.desc())
        return [review_documents.campaign(text) for text in await self._read(query.limit(max(1, min(limit, _MOST))))]

    async def records(self, ids: Sequence[str] | None = None) -> Sequence[ReviewRecord]:
        """See ReviewStore."""
        query = select(REVIEWS.c.document).order_by(REVIEWS.c.id).limit(_MOST + 1)
        if ids is None:
            found = list(await self._read(query))
            if len(found) > _MOST:
                raise OSError("the store of access reviews holds more than can be read")
        else:
            known = [_clean(id) for id in ids]
            parts = [known[start : start + _PART] for start in range(0, len(known), _PART)]
            found = [text for part in parts for text in await self._read(query.where(REVIEWS.c.id.in_(part)))]
        return [review_documents.record(text) for text in found]

    async def stamp(self) -> tuple[int, int]:
        """See ReviewStore."""

        async def work(connection: AsyncConnection) -> tuple[int, int]:
            query = select(func.count(), func.coalesce(func.sum(REVIEWS.c.version), 0)).select_from(REVIEWS)
            count, versions = (await connection.execute(query)).one()
            return int(count), int(versions)

        return await self._database.run(work, ahead=self._ahead)

    async def write(
        self,
        changes: Sequence[Change],
        *,
        campaign: Campaign | None = None,
        records: Sequence[ReviewRecord] = (),
        attestations: Sequence[Attestation] = (),
        stands: Campaign | None = None,
    ) -> bool:
        """See ReviewStore."""
        said = [{"campaign": one.campaign, "document": review_documents.text(one)} for one in attestations]
        kept = [{"id": one.id, "version": one.version, "document": review_documents.text(one)} for one in records]
        rows = [
            {"id": one.id, "version": one.version, "opened": one.opened, "document": review_documents.text(one)}
            for one in (campaign,)
            if one is not None
        ]

        async def work(connection: AsyncConnection) -> bool:
            if stands is not None and not await _stands(connection, stands):
                return False
            if not await _is_next(connection, CAMPAIGNS, rows) or not await _is_next(connection, REVIEWS, kept):
                return False
            await _replace(connection, CAMPAIGNS, rows)
            await _replace(connection, REVIEWS, kept)
            if said:
                await connection.execute(insert(ATTESTATIONS), said)
            await self._tell(connection, changes)
            return True

        try:
            return await self._database.run(work, write=True, ahead=self._ahead)
        except Conflict:
            return False

    async def attestations(self, campaign: str) -> Sequence[Attestation]:
        """See ReviewStore."""
        query = select(ATTESTATIONS.c.document).where(ATTESTATIONS.c.campaign == _clean(campaign))
        found = await self._read(query.order_by(ATTESTATIONS.c.seq).limit(_MOST))
        return [review_documents.attestation(text) for text in found]

    async def history(self, subject: str) -> Sequence[Change]:
        """See ReviewStore."""
        query = select(HISTORY.c.document).where(HISTORY.c.subject == _clean(subject)).order_by(HISTORY.c.seq)
        return [documents.change(text) for text in await self._read(query.limit(_MOST))]

    def changes(self) -> AsyncGenerator[str]:
        """See ReviewStore."""
        path, url = self._database.path, self._database.url
        return sqlite_changes(path or Path()) if url is None else postgres_changes(url)

    async def close(self) -> None:
        """See ReviewStore."""
        await self._database.close()

    async def _read(self, query: Select[Any]) -> Sequence[str]:
        async def work(connection: AsyncConnection) -> Sequence[str]:
            return list((await connection.execute(query)).scalars())

        return await self._database.run(work, ahead=self._ahead)

    async def _tell(self, connection: AsyncConnection, changes: Sequence[Change]) -> None:
        if not changes:
            return
        subjects = await write_down(connection, changes)
        if self._database.postgres:
            for subject in subjects if len(subjects) <= _TOLD else [MISSED]:
                await connection.execute(select(func.pg_notify(CHANNEL, subject)))


async def _is_next(connection: AsyncConnection, table: Table, rows: Sequence[dict[str, Any]]) -> bool:
    """Whether each row is one version further than what stands, which is locked until this transaction ends."""
    stands: dict[str, int] = {}
    for start in range(0, len(rows), _PART):
        ids = [row["id"] for row in rows[start : start + _PART]]
        query = select(table.c.id, table.c.version).where(table.c.id.in_(ids)).order_by(table.c.id).with_for_update()
        stands |= {str(id): int(version) for id, version in (await connection.execute(query)).all()}
    return all(row["version"] == stands.get(row["id"], 0) + 1 for row in rows)


async def _stands(connection: AsyncConnection, campaign: Campaign) -> bool:
    """Whether a campaign is still as it was read; nobody changes it until this transaction ends."""
    query = select(CAMPAIGNS.c.version).where(CAMPAIGNS.c.id == campaign.id).with_for_update(read=True)
    return (await connection.execute(query)).scalar() == campaign.version


async def _replace(connection: AsyncConnection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(rows), _PART):
        part = rows[start : start + _PART]
        await connection.execute(delete(table).where(table.c.id.in_([row["id"] for row in part])))
        await connection.execute(insert(table), part)


def _clean(id: str) -> str:
    """An id that can be asked for; any other is nobody's."""
    return id if id.isascii() and id.isprintable() and len(id) <= 64 else ""
