"""The gateway's side of access reviews: opened where a rule is attested, not in the way of what needs no review.

While the store cannot be used nobody knows who stands by what: what has to be attested counts as overdue then.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from interlock.access.board import ReviewBoard
from interlock.access.campaigns import Campaigns
from interlock.engine.stores import store_url
from interlock.errors import InterlockError
from interlock.mitm.products import Decided
from interlock.model import Operation, Principal
from interlock.policy import Context, Rule
from interlock.policy.context import Reviewed
from interlock.policy.pattern import ANY
from interlock.policy.standing import lapse
from interlock.recording.review_log import ReviewLog

if TYPE_CHECKING:
    from interlock.mitm.services import Services
    from interlock.ports_reviews import ReviewStore

__all__ = ["Reviewing"]

_log = logging.getLogger("interlock")
_STORE = "interlock.store.opening"
_RETRY_SECONDS = 1.0
_FIRST_SECONDS = 5.0
_RENEW_SECONDS = 60.0
_LAST_WORDS = 2.0


class Reviewing:
    """Used from the event loop."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._board: ReviewBoard | None = None
        self._store: ReviewStore | None = None
        self._opener: asyncio.Task[None] | None = None
        self._tried = asyncio.Event()
        self._complained = ""

    async def start(self) -> None:
        """Open the store if any rule is attested, and wait a moment for that; what fails is tried again."""
        self._opener = asyncio.get_running_loop().create_task(self._keep_open())
        if self.wanted:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._tried.wait(), _FIRST_SECONDS)

    async def stop(self) -> None:
        """Nothing is known any more."""
        if self._opener is not None:
            self._opener.cancel()
            await asyncio.gather(self._opener, return_exceptions=True)
        board, self._board = self._board, None
        store, self._store = self._store, None
        for each in (board, store):
            if each is not None:
                with contextlib.suppress(Exception):
                    await asyncio.wait_for(each.close(), _LAST_WORDS)

    @property
    def wanted(self) -> bool:
        """Whether any rule is attested."""
        return any(rule.attest is not None for rule in self._services.rules.policy.rules)

    def known(self) -> Reviewed | None:
        """How permissions stand; None where nothing is attested, or while it cannot be told."""
        board = self._board
        return board.known() if board is not None else None

    def hang(self, decided: Decided, cut: Callable[[str], None]) -> Callable[[], None]:
        """Have `cut` called once, when nobody stands any more by what lets this request run; the result lets go."""
        principal = decided.authenticated.principal
        connection, attested = decided.authenticated.contained.connection.name, decided.decision.attested
        operations = tuple(node for one in decided.operations for node in one.walk())

        def still() -> str:
            policy = self._services.rules.policy
            rules = [policy.named[name] for name in attested if name in policy.named]
            return next(filter(None, (self._why(rule, principal, connection, operations) for rule in rules)), "")

        board = self._board
        return board.hang(still, cut) if board is not None else _nothing

    def _why(self, rule: Rule, principal: Principal, connection: str, operations: tuple[Operation, ...]) -> str:
        context = Context(principal, connection, now=self._services.clock.now(), reviews=self.known())
        for operation in (None, *(one for one in operations if _speaks(rule, one))):
            found = lapse(rule, context, operation)
            if found is not None:
                return str(found[0])
        return ""

    async def _keep_open(self) -> None:
        while True:
            if self.wanted and self._board is None:
                await self._open()
                self._tried.set()
            elif self.wanted:
                await self._renew()
            await asyncio.sleep(_RETRY_SECONDS if self._board is None else _RENEW_SECONDS)

    async def _open(self) -> None:
        store: ReviewStore | None = None
        try:
            opening = await asyncio.to_thread(importlib.import_module, _STORE)
            store = await opening.open_reviews(store_url(self._services.rules))
            board = ReviewBoard(store, self._services.clock)
            await board.start()
        except Exception as error:
            if store is not None:
                with contextlib.suppress(Exception):
                    await store.close()
            self._complain(error)
        else:
            self._board, self._store, self._complained = board, store, ""

    async def _renew(self) -> None:
        """Campaigns come again by themselves; whichever gateway looks first opens them."""
        services, store = self._services, self._store
        if store is None:
            return
        log = ReviewLog(services.rules.gateway.recordings, services.clock)
        try:
            opened = await Campaigns(store, services.clock, log.add).renew(services.rules)
        except Exception as error:
            self._complain(error)
        else:
            for campaign in opened:
                _log.warning("Interlock opened the access review %s by its cadence", campaign.id)

    def _complain(self, error: Exception) -> None:
        said = str(error) if isinstance(error, OSError | InterlockError) else type(error).__name__
        if said != self._complained:
            self._complained = said
            _log.warning("Access reviews cannot be read, so what has to be attested counts as overdue: %s", said)


def _speaks(rule: Rule, operation: Operation) -> bool:
    return any(
        pattern.protocol in (operation.protocol, ANY) and pattern.matches(operation.action, operation.resource)
        for pattern in rule.patterns
    )


def _nothing() -> None:
    """Nothing hangs."""
