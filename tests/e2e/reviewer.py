"""A reviewer beside the tests: another process's desk on the same store, who answers whatever is asked."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from interlock.approval.desk import Desk
from interlock.model import Approval, ApprovalState, Person, Secret
from interlock.store.opening import open_store

__all__ = ["Reviewer"]

_PATIENCE = 60.0


class _Clock:
    """The machine's clocks."""

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()


class Reviewer:
    """Answers in a thread of its own, until the end of the `with` block; `seen` is what was asked."""

    def __init__(
        self,
        store: str,
        issuer: str,
        *,
        approves: bool = True,
        after: float = 0.0,
        when: Callable[[], bool] | None = None,
    ) -> None:
        self.seen: list[Approval] = []
        self._url, self._approves, self._after = Secret(store), approves, after
        self._who = Person("demo", issuer, "rita", groups=("reviewer",))
        self._when = when or (lambda: True)
        self._stop, self._ready = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._work()), daemon=True)
        self._failed: BaseException | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(_PATIENCE)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(_PATIENCE)
        if self._failed is not None:
            raise self._failed

    async def _work(self) -> None:
        try:
            store = await open_store(self._url, base=Path("/"))
            desk = Desk(store, _Clock(), gateway="reviewer")
            await desk.start()
            self._ready.set()
            try:
                await self._answer(desk)
            finally:
                await desk.close()
                await store.close()
        except BaseException as error:
            self._failed = error
        finally:
            self._ready.set()

    async def _answer(self, desk: Desk) -> None:
        while not self._stop.is_set():
            for asked in await desk.queue([ApprovalState.PENDING]):
                if not self._when():
                    continue
                await asyncio.sleep(self._after)
                rules = [ask.rule for ask in asked.asks]
                self.seen.append(
                    await desk.vote(asked.id, self._who, approves=self._approves, reason="looked at", rules=rules)
                )
            await asyncio.sleep(0.02)
