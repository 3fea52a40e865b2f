"""What a process knows of access reviews without asking: fresh within two seconds, or it knows nothing.

Changes are heard as the store tells them; once a second the store's stamp says whether any was missed, and then all
records are read anew. When that fails for two seconds, nobody knows whether a permission was revoked: none counts.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
from collections.abc import Callable, Iterable
from itertools import count

from interlock.model import ReviewRecord, Scope
from interlock.policy.context import Reviewed
from interlock.ports import Clock
from interlock.ports_reviews import ReviewStore

__all__ = ["STALE", "Cut", "ReviewBoard", "Still"]

STALE = 2.0
"""Seconds after which what was read is no longer believed."""

type Still = Callable[[], str]
"""Why something may not go on; empty while it may."""

type Cut = Callable[[str], None]
"""Told once why it may not."""

_REFRESH = 1.0
_MOST = 200
_MISSED = ""
_KIND = "rev-"

_log = logging.getLogger("interlock")


class ReviewBoard:
    """The records as they are seen here. `start` before use, `close` at the end; used from the event loop."""

    def __init__(self, store: ReviewStore, clock: Clock) -> None:
        self._store = store.ahead()
        self._clock = clock
        self._read_at = -math.inf
        self._by_id: dict[str, ReviewRecord] = {}
        self._known: dict[str, dict[Scope, ReviewRecord]] = {}
        self._versions = 0
        self._changed: set[str] = set()
        self._woken = asyncio.Event()
        self._hung: dict[int, tuple[Still, Cut]] = {}
        self._numbers = count()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Read once and go on. Raises OSError when the store cannot be read at all."""
        await self._read({_MISSED})
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._follow())]

    async def close(self) -> None:
        """Nothing is known any more."""
        self._read_at = -math.inf
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        self._look()

    @property
    def fresh(self) -> bool:
        """Whether what is known here may still be believed."""
        return self._clock.monotonic() - self._read_at <= STALE

    def known(self) -> Reviewed | None:
        """How permissions stand; None while that cannot be told."""
        return self._known if self.fresh else None

    def hang(self, still: Still, cut: Cut) -> Callable[[], None]:
        """Have `cut` called once, as soon as `still` says why something may not go on; the result lets go of it."""
        number = next(self._numbers)
        self._hung[number] = still, cut
        if still():
            asyncio.get_running_loop().call_soon(self._look)
        return lambda: self._hung.pop(number, None) and None

    def saw(self, records: Iterable[ReviewRecord]) -> None:
        """This is how they stand: what was seen in a later version stays."""
        for record in records:
            before = self._by_id.get(record.id)
            if before is not None and before.version >= record.version:
                continue
            self._by_id[record.id] = record
            self._versions += record.version - (before.version if before is not None else 0)
            self._known.setdefault(record.permission.rule, {})[record.permission.scope] = record

    def _look(self) -> None:
        """End what may not go on."""
        for number, (still, cut) in list(self._hung.items()):
            try:
                why = still()
            except Exception as error:  # whoever cannot be asked may not
                why = type(error).__name__
            if why and number in self._hung:
                del self._hung[number]
                cut(why)

    async def _listen(self) -> None:
        while True:
            try:
                async with contextlib.aclosing(self._store.changes()) as feed:
                    async for id in feed:
                        if id == _MISSED or id.startswith(_KIND):
                            self._changed.add(id if len(self._changed) < _MOST else _MISSED)
                            self._woken.set()
            except Exception as error:  # whatever it was: it begins anew, with what was missed
                _log.warning("changes of access reviews cannot be heard: %s", type(error).__name__)
            await asyncio.sleep(_REFRESH)

    async def _follow(self) -> None:
        failed = False
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), _REFRESH)
            self._woken.clear()
            changed, self._changed = self._changed, set()
            try:
                async with asyncio.timeout(_REFRESH):
                    await self._read(changed)
                failed = False
            except Exception as error:  # whatever it is: what is known here grows stale, and is then void
                self._changed |= changed
                if not failed:
                    _log.warning("access reviews cannot be followed: %s", type(error).__name__)
                failed = True
            self._look()

    async def _read(self, changed: set[str]) -> None:
        """What changed; and everything, where the store then still knows more."""
        began = self._clock.monotonic()
        if changed and _MISSED not in changed:
            self.saw(await self._store.records(sorted(changed)))
        if await self._store.stamp() != (len(self._by_id), self._versions):
            found = await self._store.records()
            if not {record.id for record in found} >= self._by_id.keys():
                self._by_id, self._known, self._versions = {}, {}, 0  # the store is another one
            self.saw(found)
        self._read_at = began
