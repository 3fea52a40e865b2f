"""The gateway's side of the desk: opened where rules ask, closed with the gateway, not in the way of what is permitted.

Whatever the store does, what no rule asks about goes on. While it cannot be used, what would have to be asked is
refused (APPROVAL_UNAVAILABLE) and no grant counts.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from mitmproxy import connection

from interlock.approval.desk import Desk
from interlock.approval.people import person
from interlock.engine.question import Question
from interlock.errors import InterlockError, Refused
from interlock.mitm.approval_event import approval_event, session_of
from interlock.mitm.call import Call
from interlock.mitm.desks import open_desk, unavailable
from interlock.mitm.waiting import Waiting
from interlock.model import Approval, ApprovalState, Effect, Grant, Person, Principal
from interlock.policy import counts
from interlock.reasons import Reason

if TYPE_CHECKING:
    from interlock.mitm.services import Services
    from interlock.ports import ApprovalStore

__all__ = ["Approvals"]

_log = logging.getLogger("interlock")
_RETRY_SECONDS = 1.0
_OPEN_SECONDS = 10.0
_LAST_WORDS = 2.0
_FINISHING = 600
_NAMES = 10_000


class Approvals:
    """Used from the event loop."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._desk: Desk | None = None
        self._store: ApprovalStore | None = None
        self._waiting = Waiting()
        self._names: OrderedDict[str, tuple[Person, str, Refused | None]] = OrderedDict()
        self._opener: asyncio.Task[None] | None = None
        self._tried = asyncio.Event()
        self._last: set[asyncio.Task[Any]] = set()
        self._complained = ""

    # -- life

    def start(self) -> None:
        """Open the store beside the requests, if any rule asks; what cannot be opened is tried again."""
        self._opener = asyncio.get_running_loop().create_task(self._keep_open())

    async def stop(self) -> None:
        """Write what still has to be written, then close."""
        if self._opener is not None:
            self._opener.cancel()
            await asyncio.gather(self._opener, return_exceptions=True)
        if self._last:
            for task in (await asyncio.wait(self._last, timeout=_LAST_WORDS))[1]:
                task.cancel()
        desk, store, self._desk, self._store = self._desk, self._store, None, None
        for each in (desk, store):
            if each is not None:
                with contextlib.suppress(Exception):
                    await asyncio.wait_for(each.close(), _LAST_WORDS)

    @property
    def wanted(self) -> bool:
        """Whether any rule asks, or a store is named."""
        rules = self._services.rules
        return bool(rules.gateway.store) or any(
            rule.effect is Effect.REVIEW or rule.attest is not None for rule in rules.policy.rules
        )

    @property
    def usable(self) -> bool:
        """Whether people can be asked right now, as far as is known."""
        return self._desk is not None and self._desk.board.fresh

    @property
    def desk(self) -> Desk:
        """The desk. Raises Refused (APPROVAL_UNAVAILABLE)."""
        if self._desk is None:
            raise Refused(Reason.APPROVAL_UNAVAILABLE)
        return self._desk

    async def opened(self) -> Desk:
        """The desk, once it was tried to open it. Raises Refused (APPROVAL_UNAVAILABLE)."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._tried.wait(), _OPEN_SECONDS)
        return self.desk

    async def _keep_open(self) -> None:
        while True:
            if self._desk is None and self.wanted:
                await self._open()
                self._tried.set()
            await asyncio.sleep(_RETRY_SECONDS)

    async def _open(self) -> None:
        try:
            self._desk, self._store = await open_desk(self._services.rules, self._services.clock)
        except Exception as error:
            self._complain(error)
        else:
            self._complained = ""

    def _complain(self, error: Exception) -> None:
        said = str(error) if isinstance(error, OSError | InterlockError) else type(error).__name__
        if said != self._complained:
            self._complained = said
            _log.warning("Nobody can be asked, so what rules want reviewed is refused: %s", said)

    # -- grants

    def grants(self, principal: Principal) -> tuple[Grant, ...]:
        """What was granted to a principal and counts by the rules in force; nothing while that cannot be told."""
        if self._desk is None or not self._desk.board.any_grants:
            return ()
        policy = self._services.rules.policy
        return tuple(
            grant
            for grant in self._desk.grants(person(principal))
            if grant.holder.acting_for == principal.acting_for and counts(policy, grant)
        )

    # -- questions

    async def is_new(self, principal: Principal, question: Question) -> bool:
        """Whether people would be asked anew. Raises Refused where this principal asks too much already."""
        desk = await self.opened()
        with unavailable():
            return await desk.standing(question.fingerprint, person(principal)) is None

    async def open(self, call: Call, principal: Principal, run: str, question: Question, *, id: str = "") -> Approval:
        """The question as it stands, or a new one; written down. Raises Refused."""
        desk = await self.opened()
        session_of(self._services, call)  # nobody is asked on behalf of a run that is somebody else's
        with unavailable():
            found = await desk.open(
                id=id,
                fingerprint=question.fingerprint,
                requester=person(principal),
                connection=question.connection,
                operation=question.operation,
                operations=question.operations,
                asks=question.asks,
                rules_digest=question.rules_digest,
                expires_in=question.expires,
                shown=question.shown,
                unseen=question.unseen,
                run=run,
                reference=call.reference,
            )
        if found.state is ApprovalState.PENDING:
            self.note(call, found)
        return found

    async def wait(self, id: str, seconds: float, client: connection.Client) -> Approval:
        """The approval once somebody decided, or as it stands after so long.

        Raises Refused: APPROVAL_WITHDRAWN when the client has left meanwhile (nobody else waits for it: then it is
        withdrawn), APPROVAL_UNAVAILABLE.
        """
        with unavailable():
            found = await self._waiting.until(client, id, self.desk.wait(id, seconds))
        if found is not None:
            return found
        if not self._waiting.on(id):
            await self.withdraw(id, "its client left")
        raise Refused(Reason.APPROVAL_WITHDRAWN, "the client left while a person was asked")

    @property
    def held(self) -> int:
        """How many requests wait for people."""
        return len(self._waiting)

    def waiting_for(self, id: str) -> int:
        """How many requests wait for this approval."""
        return self._waiting.on(id)

    def left(self, client: connection.Client) -> None:
        """A client connection has ended: whoever waits on it need not wait."""
        self._waiting.left(client)

    async def withdraw(self, id: str, why: str) -> None:
        """Nobody waits for it any more. Never raises."""
        with contextlib.suppress(Refused, OSError):
            await self.desk.withdraw(id, why)

    def finish(self, id: str, outcome: str) -> None:
        """What became of what ran, written beside the requests; while the store is away, it is tried again."""

        async def work() -> None:
            for _ in range(_FINISHING):
                with contextlib.suppress(OSError):
                    with contextlib.suppress(Refused):  # it is known already
                        await self.desk.finish(id, outcome)
                    return
                await asyncio.sleep(_RETRY_SECONDS)

        self.later(work())

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it beside the requests, and before the gateway ends."""
        task = asyncio.get_running_loop().create_task(work)
        self._last.add(task)
        task.add_done_callback(self._last.discard)

    def named(self, id: str, approval: Approval, refused: Refused | None) -> None:
        """An agent was told an id; this is what it stands for: another question, or one that could not be asked."""
        if id == approval.id and refused is None:
            return
        self._names[id] = (approval.requester, approval.id, refused)
        if len(self._names) > _NAMES:
            self._names.popitem(last=False)

    async def own(self, id: str, who: Person) -> Approval | None:
        """An approval that this very principal asked for; unknown and foreign ids are alike.

        Raises Refused: why it could not be asked, or APPROVAL_UNAVAILABLE.
        """
        known = self._names.get(id)
        if known is not None and _is(known[0], who):
            if known[2] is not None:
                raise known[2]
            id = known[1]
        desk = await self.opened()
        with unavailable():
            found = await desk.own(id, who)
        return found if found is not None and _is(found.requester, who) else None

    def note(self, call: Call, approval: Approval, state: str = "", why: str = "") -> None:
        """One line of evidence about an approval. Raises Refused (RECORDING_UNAVAILABLE)."""
        session_of(self._services, call).append("approval", approval_event(approval, state, why))


def _is(one: Person, other: Person) -> bool:
    return (*one.key, one.acting_for) == (*other.key, other.acting_for)
