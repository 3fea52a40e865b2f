"""Rows of approvals and grants: which of their members are columns, and what is asked of them before one is added."""

from __future__ import annotations

import math
import sys
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from interlock.errors import Refused
from interlock.model import Approval, ApprovalState, Change, Grant
from interlock.reasons import Reason
from interlock.store import documents
from interlock.store.tables import APPROVALS

__all__ = ["LIVE", "RUNNING", "may_ask", "of_approval", "of_grant"]

LIVE = (ApprovalState.PENDING, ApprovalState.APPROVED)
"""Something may still come of these."""

RUNNING = ("", "leased")
"""Outcomes of what was not heard of yet."""


async def may_ask(
    connection: AsyncConnection, fingerprint: str, requester: str, now: float, at_most: int, denied_since: float
) -> str | None:
    """The document of the one that stands already for the same fingerprint; `requester` is a person's key.

    Raises Refused where there is none, and its requester has too many open questions or was just denied one.
    """
    theirs = APPROVALS.c.requester == requester
    same = select(APPROVALS.c.document).where(APPROVALS.c.live == fingerprint)
    waiting = (theirs, APPROVALS.c.state == ApprovalState.PENDING, APPROVALS.c.expires > now)
    since = denied_since if math.isfinite(denied_since) else sys.float_info.max
    denied = (theirs, APPROVALS.c.state == ApprovalState.DENIED, APPROVALS.c.changed >= since)
    counts = [select(func.count()).select_from(APPROVALS).where(*tests) for tests in (waiting, denied)]
    query = select(*(part.scalar_subquery() for part in (same, *counts)))
    there, open_ones, noes = (await connection.execute(query)).one()
    if there is not None:
        return str(there)
    if open_ones >= at_most:
        raise Refused(Reason.APPROVALS_FULL)
    if noes:
        raise Refused(Reason.APPROVALS_COOLING)
    return None


def of_approval(approval: Approval, change: Change) -> dict[str, Any]:
    """An approval's row, but for its id, as a change leaves it."""
    return {
        "version": approval.version,
        "state": str(approval.state),
        "outcome": approval.outcome if approval.outcome in RUNNING else "known",
        "fingerprint": approval.fingerprint,
        "live": approval.fingerprint if approval.state in LIVE else None,
        "requester": documents.key(approval.requester),
        "gateway": approval.gateway,
        "created": approval.created,
        "expires": approval.expires,
        "changed": change.at,
        "document": documents.text(approval),
    }


def of_grant(grant: Grant) -> dict[str, Any]:
    """A grant's row, but for its id."""
    return {
        "version": grant.version,
        "holder": documents.key(grant.holder),
        "begins": grant.begins,
        "until": grant.until,
        "revoked": grant.revoked,
        "document": documents.text(grant),
    }
