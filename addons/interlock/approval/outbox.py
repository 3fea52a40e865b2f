"""Sends what the store keeps to be told: at least once, with the same key each time, later when it fails.

A notice is lent to one sender for a minute; who dies with it leaves it to the next. Nothing here decides anything: a
webhook that is told twice, late or never leaves an approval as it is.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence

from interlock.approval import states
from interlock.approval.notifier import Message, Target
from interlock.errors import InterlockError
from interlock.model import ApprovalState
from interlock.ports import ApprovalStore, Clock, Notice

__all__ = ["WAITS", "Outbox"]

WAITS = (5.0, 30.0, 120.0, 600.0, 1800.0, 3600.0, 3600.0, 7200.0, 7200.0)
"""Seconds until a notice that failed is tried again; after the last it is given up, and the log says so."""

_IDLE = 1.0
_AT_ONCE = 10
_LONGEST = 45.0
_ONLY_PENDING = ("pending", "reminder")

_log = logging.getLogger("interlock")


class Outbox:
    """Tells people what is due. `run` until cancelled, or `once`."""

    def __init__(self, store: ApprovalStore, clock: Clock, targets: Sequence[Target]) -> None:
        self._store = store
        self._clock = clock
        self._targets: Mapping[str, Target] = {target.channel.name: target for target in targets}

    async def run(self) -> None:
        """Sends until it is cancelled; any number of processes may do so at once."""
        while self._targets:
            sent = 0
            try:
                sent = await self.once()
            except Exception as error:  # the store may be back in a moment
                _log.debug("nothing can be told: %s", type(error).__name__)
            await asyncio.sleep(0 if sent else _IDLE)

    async def once(self) -> int:
        """Send what is due now; how many there were. Raises OSError when the store cannot be used."""
        notices = await self._store.notices(self._clock.now(), list(self._targets), _AT_ONCE)
        await asyncio.gather(*(self._tell(notice) for notice in notices))
        return len(notices)

    async def _tell(self, notice: Notice) -> None:
        again = 0.0
        if await self._is_news(notice):
            try:
                async with asyncio.timeout(_LONGEST):
                    await self._send(notice)
            except Exception as error:  # what a service's library raises is its own affair
                again = self._again(notice, error)
        await self._store.told(notice, again=again)

    async def _is_news(self, notice: Notice) -> bool:
        """Whether it still says something: nobody is asked to decide what is decided."""
        id, _, event = notice.key.partition(":")
        if event not in _ONLY_PENDING:
            return True
        approval = await self._store.approval(id)
        return approval is not None and states.at(approval, self._clock.now()).state is ApprovalState.PENDING

    async def _send(self, notice: Notice) -> None:
        target = self._targets[notice.channel]
        url = await asyncio.to_thread(target.url.read)
        secret = (await asyncio.to_thread(target.secret.read)).reveal() if target.secret else ""
        body = notice.body if isinstance(notice.body, dict) else {}
        await target.notifier.send(Message(notice.key, body, self._clock.now()), url.reveal(), secret)

    def _again(self, notice: Notice, error: Exception) -> float:
        why = str(error) if isinstance(error, InterlockError) or type(error) is OSError else type(error).__name__
        if notice.tries >= len(WAITS):
            _log.error("%s was not told of %s, and is not tried again: %s", notice.channel, notice.key, why)
            return 0.0
        wait = WAITS[notice.tries]
        _log.warning("%s was not told of %s, next try in %gs: %s", notice.channel, notice.key, wait, why)
        return self._clock.now() + wait
