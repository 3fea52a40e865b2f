"""Has what was recorded vouched for every so often, and when the gateway ends: the timer of the Merkle tree.

What becomes of recordings later (shipped, deleted) is the keeper's, which leaves its tombstones in that tree.
The event loop only hands over what advanced; entries, signature and anchors are seen to in a worker thread.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from typing import TYPE_CHECKING

from interlock.engine.anchoring import open_anchoring
from interlock.engine.keeper import Keeper
from interlock.engine.recording_keys import gateway_keys
from interlock.model import JSON
from interlock.settings import Gateway

if TYPE_CHECKING:
    from interlock.mitm.services import Services
    from interlock.recording.anchoring import Anchoring

__all__ = ["Anchors"]

_log = logging.getLogger("interlock")
_STOPPING = 5.0


class Anchors:
    """The tree of this gateway, while it runs."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._anchoring: Anchoring | None = None
        self._keeper: Keeper | None = None

    async def start(self) -> None:
        """Opens the tree, which every session from now on is in. Raises InterlockError when that cannot be."""
        services, rules = self._services, self._services.rules
        recordings = services.recorder()
        name = _name(rules.gateway)
        self._anchoring = anchoring = await asyncio.to_thread(open_anchoring, rules, name, services.clock)
        recordings.tree = anchoring.ledger.name
        if not rules.recording.anchors:
            _log.warning(
                "Tree heads are kept nowhere but among the recordings: recording: {anchors: [...]} in the rules"
            )
        services.keep(self._keep(anchoring, rules.recording.anchor_every))
        keys = gateway_keys(rules)
        self._keeper = Keeper(lambda: services.rules, anchoring.ledger, services.clock, keys=keys)
        self._keeper.start()

    async def stop(self) -> None:
        """Vouches for everything, when the recordings are closed; anchors get some seconds to keep the last head."""
        anchoring, self._anchoring = self._anchoring, None
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            await asyncio.to_thread(keeper.stop, _STOPPING)
        if anchoring is not None and self._services.recordings is not None:
            await asyncio.to_thread(anchoring.close, self._services.recordings.tips.take())

    def health(self) -> JSON:
        """How long ago the tree and its anchors were seen to; None before there is one."""
        return self._anchoring.health() if self._anchoring is not None else None

    async def _keep(self, anchoring: Anchoring, every: float) -> None:
        while self._services.recordings is not None:
            tips = self._services.recordings.tips
            if not await asyncio.to_thread(anchoring.advance, tips.take()):
                tips.failed()
            await asyncio.sleep(every)


def _name(gateway: Gateway) -> str:
    """What the rules call the gateway, or the machine and where it listens."""
    listen = gateway.forward or gateway.reverse
    where = f":{listen.port}" if listen is not None and listen.port else ""
    return gateway.name or socket.gethostname() + where
