"""What a process knows of access reviews without asking: fresh within two seconds, or it knows nothing.

Once a second the store's stamp says whether any change was missed, and then all records are read anew. While the store
cannot be read, nobody knows whether a permission was revoked: none counts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from itertools import count

from interlock.model import ReviewRecord, Scope
from interlock.policy.context import Reviewed
from interlock.ports import Clock
from interlock.ports_reviews import ReviewStore
from interlock.store.following import MISSED, Following

__all__ = ["Cut", "ReviewBoard", "Still"]

type Still = Callable[[], str]
"""Why something may not go on; empty while it may."""

type Cut = Callable[[str], None]
"""Told once why it may not."""

_KIND = "rev-"


class ReviewBoard(Following):
    """The records as they are seen here. `start` before use, `close` at the end; used from the event loop."""

    _what = "access reviews"

    def __init__(self, store: ReviewStore, clock: Clock) -> None:
        self._store = store.ahead()
        super().__init__(self._store.changes, clock)
        self._by_id: dict[str, ReviewRecord] = {}
        self._known: dict[str, dict[Scope, ReviewRecord]] = {}
        self._versions = 0
        self._hung: dict[int, tuple[Still, Cut]] = {}
        self._numbers = count()

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

    def _concerns(self, id: str) -> bool:
        return id.startswith(_KIND)

    async def _read(self, changed: set[str]) -> None:
        """What changed; where some may have been missed, the stamp tells."""
        if MISSED not in changed:
            self.saw(await self._store.records(sorted(changed)))

    async def _read_all(self) -> None:
        """Everything, where the store knows more than is known here."""
        began = self._clock.monotonic()
        if await self._store.stamp() != (len(self._by_id), self._versions):
            found = await self._store.records()
            if not {record.id for record in found} >= self._by_id.keys():
                self._by_id, self._known, self._versions = {}, {}, 0  # the store is another one
            self.saw(found)
        self._read_since(began)
