"""What nobody comes back for: questions whose time is over, and what a dead gateway had in hand."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence

from interlock.approval import steps
from interlock.approval.bringing import Bringing
from interlock.approval.ledger import Ledger
from interlock.approval.steps import Step
from interlock.errors import Refused
from interlock.model import Approval
from interlock.ports import ApprovalStore, Clock

__all__ = ["BEAT", "KEPT", "LOST", "sweep", "sweep_once"]

BEAT = 5.0
"""Seconds between a gateway's signs of life, and between two sweeps."""

LOST = 30.0
"""Seconds without a sign of life after which what a gateway had in hand is not known any more."""

KEPT = 90 * 86400.0
"""Seconds for which what is over is kept in the store; the recordings keep theirs."""

_log = logging.getLogger("interlock")


async def sweep(
    store: ApprovalStore, ledger: Ledger, clock: Clock, gateway: str, bringing: Bringing | None = None
) -> None:
    """Sweeps until it is cancelled, and brings what nobody wrote into the evidence. Any number of processes may."""
    while True:
        try:
            await sweep_once(store, ledger, clock, gateway)
            if bringing is not None:
                await bringing.once()
        except Exception as error:  # the next round may do better; expiry does not depend on it
            _log.warning("approvals cannot be swept: %s", type(error).__name__)
        await asyncio.sleep(BEAT)


async def sweep_once(store: ApprovalStore, ledger: Ledger, clock: Clock, gateway: str) -> None:
    """Gives a sign of life, writes down what has expired and what is lost, and drops what is old. Raises OSError."""
    now = clock.now()
    await store.ahead().beat(gateway, now)
    await _each(ledger, await store.due(now), steps.expire)
    await _each(ledger, await store.lost(now - LOST), steps.lose)
    await store.forget(now - KEPT)


async def _each(ledger: Ledger, found: Sequence[Approval], step: Callable[[Approval, float], Step]) -> None:
    for approval in found:
        with contextlib.suppress(Refused):  # somebody else was first
            await ledger.change(approval.id, step)
