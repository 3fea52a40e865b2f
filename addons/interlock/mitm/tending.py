"""What is done about recordings beside the requests: what a dead gateway left, idle sessions, how much they take."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from interlock.model import JSON

if TYPE_CHECKING:
    from interlock.mitm.services import Services

__all__ = ["condition", "tend"]

_log = logging.getLogger("interlock")
_SECONDS = 30.0


async def tend(services: Services) -> None:
    """Until it is cancelled. Files are read in a thread; what is found is taken over here."""
    while True:
        recordings = services.recordings
        if recordings is not None:
            if found := await asyncio.to_thread(recordings.recover):
                _log.warning("Interlock closed %d sessions that another gateway left open when it died", len(found))
            recordings.sweep(await asyncio.to_thread(recordings.measure))
            for who in recordings.quotas.alarms():
                _log.error("Interlock refuses %a: recordings take all the room of their quota", who)
        await asyncio.sleep(_SECONDS)


def condition(services: Services) -> dict[str, JSON]:
    """For health: whether it can be recorded (`written`), and how many principals have no room left (`over_quota`)."""
    recordings = services.recordings
    if recordings is None:
        return {"written": False, "over_quota": 0}
    return {"written": recordings.healthy(), "over_quota": recordings.quotas.over()}
