"""Where questions are put to people and answered: the one service that gateways, consoles and the terminal use.

Everything raises OSError when the store cannot be used (nothing was promised then), and Refused when it may not be.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from interlock.approval import states, steps
from interlock.approval.board import Board, Cut
from interlock.approval.bringing import Bringing
from interlock.approval.evidence import Evidence
from interlock.approval.flood import Flood
from interlock.approval.ledger import Ledger, Told
from interlock.approval.notifier import Target
from interlock.approval.outbox import Outbox
from interlock.approval.people import is_same, person
from interlock.approval.questions import about_access, about_operation, new_id
from interlock.approval.sweeper import sweep
from interlock.errors import Refused
from interlock.model import JSON, Approval, ApprovalKind, ApprovalState, Ask, Change, Grant, Person, Principal, Vote
from interlock.ports import ApprovalStore, Clock
from interlock.reasons import Reason

__all__ = ["Desk"]

_LEASES = 20


class Desk:
    """One process's desk. `gateway` is its name; each run of it is told apart, so that what it left can be found.

    `targets` are told of what happens, with links to `console`; `evidence` keeps what people say, `bringing` the rest.
    """

    def __init__(
        self,
        store: ApprovalStore,
        clock: Clock,
        *,
        gateway: str,
        flood: Flood = Flood(),  # noqa: B008 - frozen
        targets: Sequence[Target] = (),
        console: str = "",
        evidence: Evidence | None = None,
        bringing: Bringing | None = None,
    ) -> None:
        self.gateway = f"{gateway}/{secrets.token_hex(4)}"
        self.board = Board(store, clock)
        self._store = store
        self._clock = clock
        told = Told(tuple(target.channel for target in targets), console, evidence)
        self._ledger = Ledger(store, clock, self.board, told, self.gateway, flood)
        self._outbox, self._bringing = Outbox(store, clock, targets), bringing
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Follow the store, sweep it, and tell people. Raises OSError when it cannot be used."""
        await self._store.beat(self.gateway, self._clock.now())
        await self.board.start()
        sweeping = sweep(self._store, self._ledger, self._clock, self.gateway, self._bringing)
        self._tasks = [asyncio.create_task(sweeping), asyncio.create_task(self._outbox.run())]

    async def close(self) -> None:
        """Stop following. The store stays open; what this run still had in hand is found by others."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.board.close()

    async def open(
        self,
        *,
        fingerprint: str,
        requester: Principal | Person,
        connection: str,
        operation: str,
        asks: Sequence[Ask],
        rules_digest: str,
        expires_in: float,
        shown: Mapping[str, JSON],
        operations: Sequence[str] = (),
        run: str = "",
        unseen: bool = False,
        because: str = "",
        reference: str = "",
        id: str = "",
    ) -> Approval:
        """The question about one operation: the one that stands already (it may be APPROVED), or a new one.

        `asks` are all rules that ask; `operations` the names that a grant would cover (default: `operation`);
        `expires_in` is in seconds; `id` (from `new_id`) is what a new one is called. Raises Refused: APPROVALS_FULL,
        APPROVALS_COOLING, MALFORMED_REQUEST (a reason that is too long), APPROVAL_UNAVAILABLE (nobody is asked, or for
        no time).
        """
        question = about_operation(
            requester, connection, operation, now=self._clock.now(), id=id or new_id("apr"), asks=tuple(asks),
            expires_in=expires_in, operations=operations,
        )  # fmt: skip
        return await self._ledger.ask(
            replace(
                question, fingerprint=fingerprint, rules_digest=rules_digest, shown=shown, run=run, unseen=unseen,
                because=because, reference=reference,
            )
        )  # fmt: skip

    async def standing(self, fingerprint: str, requester: Person) -> Approval | None:
        """What `open` would give that stands already; None where it would ask. Raises Refused as `open` would."""
        return await self._ledger.standing(fingerprint, requester)

    async def ask_grant(
        self,
        *,
        requester: Principal | Person,
        connection: str,
        operations: Sequence[str],
        seconds: float,
        asks: Sequence[Ask],
        rules_digest: str,
        expires_in: float,
        because: str = "",
        run: str = "",
        kind: ApprovalKind = ApprovalKind.GRANT,
    ) -> Approval:
        """The question for a grant of these operations (names, no patterns) on a connection, for so many seconds.

        BREAK_GLASS always wants two people. Raises Refused as `open`, and GRANT_REFUSED when no rule allows it.
        """
        question = about_access(
            requester, connection, operations, seconds, now=self._clock.now(), id=new_id("apr"), asks=tuple(asks),
            expires_in=expires_in, rules_digest=rules_digest, kind=kind,
        )  # fmt: skip
        return await self._ledger.ask(replace(question, because=because, run=run))

    async def get(self, id: str) -> Approval | None:
        """An approval as it stands now."""
        found = await self._store.approval(id)
        return found and states.at(found, self._clock.now())

    async def own(self, id: str, requester: Principal | Person) -> Approval | None:
        """An approval that this principal asked for; unknown and foreign ids are alike."""
        found = await self.get(id)
        return found if found and is_same(found.requester, requester) else None

    async def queue(
        self, wanted: Iterable[ApprovalState] = (), *, requester: Person | None = None, limit: int = 200
    ) -> Sequence[Approval]:
        """Approvals as they stand now, newest first; of these states only, where some are named."""
        names = tuple(wanted)
        now = self._clock.now()
        searched = {*names, *(states.LIVE if ApprovalState.EXPIRED in names else ())}
        found = await self._store.approvals(states=tuple(searched), requester=requester, limit=limit)
        seen = [states.at(approval, now) for approval in found]
        return [approval for approval in seen if not names or approval.state in names]

    async def history(self, id: str) -> Sequence[Change]:
        """What became of an approval or a grant, oldest first."""
        return await self._store.history(id)

    async def granted(self) -> Sequence[Grant]:
        """All grants in force, as the store has them."""
        return await self._store.grants(self._clock.now())

    def grants(self, holder: Principal | Person) -> tuple[Grant, ...]:
        """A principal's grants in force, at once; none when the store was not read for two seconds."""
        return self.board.grants(holder if isinstance(holder, Person) else person(holder))

    def hang(self, grants: Iterable[str], cut: Cut) -> Callable[[], None]:
        """Have `cut` called once when one of these grants ends; the result lets go of it."""
        return self.board.hang(grants, cut)

    async def vote(
        self,
        id: str,
        voter: Person,
        *,
        approves: bool,
        reason: str = "",
        rules: Sequence[str] = (),
        seconds: float = 0.0,
    ) -> Approval:
        """The approval after somebody's word. `rules` are the asking rules that name this person.

        `seconds` widens a yes to a grant. Raises Refused: VOTE_REFUSED, GRANT_REFUSED, NOT_FOUND or the state's reason.
        """
        return (await self._ledger.vote(id, Vote(voter, approves, 0.0, tuple(rules), reason, seconds)))[0]

    async def grant(
        self, id: str, voter: Person, *, seconds: float, reason: str = "", rules: Sequence[str] = ()
    ) -> tuple[Approval, Grant | None]:
        """Approve, and widen it for so long; the grant is None while more people have to say so."""
        return await self._ledger.vote(id, Vote(voter, True, 0.0, tuple(rules), reason, seconds))

    async def claim(self, id: str, fingerprint: str) -> Approval:
        """The approval, used: this caller and no other may let its operation run now."""
        return (await self._ledger.change(id, functools.partial(steps.claim, fingerprint, self.gateway, "")))[0]

    async def lease(self, requester: Principal | Person, connection: str) -> tuple[Approval, ...]:
        """Everything this principal may run once on this connection, claimed until given back or finished."""
        who = requester if isinstance(requester, Person) else person(requester)
        found = []
        for approval in self.board.approved(who, connection)[:_LEASES]:
            with contextlib.suppress(Refused):
                step = functools.partial(steps.claim, approval.fingerprint, self.gateway, states.LEASED)
                found.append((await self._ledger.change(approval.id, step))[0])
        return tuple(found)

    async def give_back(self, leased: Iterable[Approval]) -> None:
        """Leases that were not needed stand as before, where their time is not over. Raises OSError."""
        for approval in leased:
            with contextlib.suppress(Refused):
                try:
                    await self._ledger.change(approval.id, functools.partial(steps.give_back, self.gateway))
                except Refused:
                    await self.finish(approval.id, "not-needed")

    async def finish(self, id: str, outcome: str) -> Approval:
        """Keep what became of what ran. Raises Refused when that is known already."""
        step = functools.partial(steps.finish, outcome)
        return (await self._ledger.change(id, step))[0]

    async def withdraw(self, id: str, why: str) -> Approval:
        """Nobody waits for it any more: it cannot run. Raises Refused when it is over already."""
        step = functools.partial(steps.withdraw, why)
        return (await self._ledger.change(id, step))[0]

    async def revoke(self, id: str, by: Person, why: str) -> Grant:
        """End a grant, everywhere at once. Raises Refused (NOT_FOUND, GRANT_REFUSED)."""
        return await self._ledger.revoke(id, by, why)

    async def wait(self, id: str, timeout: float) -> Approval:  # noqa: ASYNC109 - what it gives then is no error
        """The approval once it is no longer pending, or as it stands after `timeout` seconds.

        Raises Refused (NOT_FOUND) for an unknown id, OSError when it cannot be read at first.
        """
        with self.board.expecting(id) as decided:
            found = await self.get(id)
            if found is None:
                raise Refused(Reason.NOT_FOUND, "there is no such approval")
            left = min(timeout, found.expires - self._clock.now())
            if found.state is ApprovalState.PENDING and left > 0:
                with contextlib.suppress(TimeoutError):
                    found = await asyncio.wait_for(decided, left)
            return states.at(found, self._clock.now())
