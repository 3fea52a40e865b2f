"""What a process knows of approvals and grants without asking: fresh within two seconds, or it knows nothing.

While the store cannot be read, grants are void: a revocation could not be seen.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Iterator
from itertools import count

from interlock.approval.people import is_same
from interlock.approval.states import at, denied, is_leased
from interlock.model import Approval, ApprovalState, Grant, Person
from interlock.ports import ApprovalStore, Clock
from interlock.store.following import MISSED, Following

__all__ = ["Board", "Cut"]

type Cut = Callable[[str], None]
"""Told once why a grant ended: `revoked`, `expired`, or `unavailable` when nobody can say that it was not."""

_MOST = 1000


class Board(Following):
    """The store as it is seen here. `start` before use, `close` at the end; who waits then is no longer woken."""

    _what = "approvals"

    def __init__(self, store: ApprovalStore, clock: Clock) -> None:
        self._store = store.ahead()
        super().__init__(self._store.changes, clock)
        self._grants: dict[str, Grant] = {}
        self._ended: dict[str, float] = {}
        self._approved: dict[str, Approval] = {}
        self._taken_back: dict[str, Approval] = {}
        self._seen: dict[str, tuple[int, float]] = {}
        self._waiting: dict[str, set[asyncio.Future[Approval]]] = {}
        self._hung: dict[int, tuple[frozenset[str], Cut]] = {}
        self._numbers = count()

    @property
    def any_grants(self) -> bool:
        """Whether anybody is known to have been granted anything: asked for each request."""
        return bool(self._grants)

    @property
    def waiting(self) -> int:
        """How many wait here."""
        return sum(map(len, self._waiting.values()))

    def grants(self, holder: Person) -> tuple[Grant, ...]:
        """A principal's grants in force; none when nobody can say whether they still are."""
        if not self._grants or not self.fresh:
            return ()
        now = self._clock.now()
        return tuple(grant for grant in self._grants.values() if is_same(grant.holder, holder) and grant.holds(now))

    def approved(self, requester: Person, connection: str) -> tuple[Approval, ...]:
        """What this principal may run once on this connection; a claim has the last word."""
        if not self._approved or not self.fresh:
            return ()
        now = self._clock.now()
        return tuple(
            found
            for found in self._approved.values()
            if is_same(found.requester, requester) and found.connection == connection and now < found.expires
        )

    def taken_back(self, id: str) -> Approval | None:
        """A lease as it was last seen, where somebody said no to it meanwhile."""
        return self._taken_back.get(id)

    def saw(self, approval: Approval, grant: Grant | None = None) -> None:
        """This is how it stood when it was read: keep it unless a later version is known, and wake who waits for it."""
        if grant is not None:
            self.saw_grant(grant)
        if approval.version < self._seen.get(approval.id, (0, 0.0))[0]:
            return
        self._seen[approval.id] = approval.version, approval.expires
        if approval.state is ApprovalState.APPROVED:
            self._approved[approval.id] = approval
        else:
            self._approved.pop(approval.id, None)
        if is_leased(approval) and denied(approval):
            self._taken_back[approval.id] = approval
        if approval.state is ApprovalState.PENDING:
            return
        for future in self._waiting.pop(approval.id, ()):
            if not future.done():
                future.set_result(approval)

    def saw_grant(self, grant: Grant) -> None:
        """A grant was given or revoked; a revocation is final, whatever was read before it."""
        if grant.revoked:
            self._ended[grant.id] = grant.until
            self._grants.pop(grant.id, None)
            self._look()
        elif grant.id not in self._ended:
            self._grants[grant.id] = grant

    @contextlib.contextmanager
    def expecting(self, id: str) -> Iterator[asyncio.Future[Approval]]:
        """A future of the approval as it is once it is no longer pending."""
        future: asyncio.Future[Approval] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(id, set()).add(future)
        try:
            yield future
        finally:
            others = self._waiting.get(id)
            if others is not None:
                others.discard(future)
                if not others:
                    del self._waiting[id]

    def hang(self, grants: Iterable[str], cut: Cut) -> Callable[[], None]:
        """Have `cut` called once when one of these grants ends; the result lets go of it."""
        number = next(self._numbers)
        self._hung[number] = frozenset(grants), cut
        asyncio.get_running_loop().call_soon(self._look)
        return lambda: self._hung.pop(number, None) and None

    def _look(self) -> None:
        """End what hangs on grants that are no longer in force."""
        now, fresh = self._clock.now(), self.fresh
        for number, (ids, cut) in list(self._hung.items()):
            why = next(filter(None, (self._void(id, now, fresh) for id in ids)), "")
            if why:
                self._hung.pop(number, None)
                cut(why)

    def _void(self, id: str, now: float, fresh: bool) -> str:
        if not fresh:
            return "unavailable"
        grant = self._grants.get(id)
        if grant is None:
            return "revoked" if self._ended.get(id, 0.0) > now else "expired"
        return "" if grant.holds(now) else "expired"

    async def _read_all(self) -> None:
        """Everything that is in force. What was, and still would be, and is not there any more, was revoked."""
        began, now = self._clock.monotonic(), self._clock.now()
        known, seen = dict(self._grants), dict(self._seen)
        found = {grant.id: grant for grant in await self._store.grants(now)}
        approved = await self._store.approvals(states=[ApprovalState.APPROVED], limit=_MOST)
        gone = {id: one.until for id, one in known.items() if id not in found and one.holds(now)}
        self._ended = {id: until for id, until in (self._ended | gone).items() if until > now}
        newer = {id: one for id, one in self._grants.items() if id not in known or one.begins > now}
        self._grants = {id: one for id, one in (found | newer).items() if id not in self._ended}
        later = {id for id, version in self._seen.items() if seen.get(id) != version}
        kept = {id: one for id, one in self._approved.items() if id in later}
        self._approved = {one.id: one for one in approved if one.expires > now and one.id not in later} | kept
        self._seen = {id: version for id, version in self._seen.items() if version[1] > now}
        self._taken_back = {id: one for id, one in self._taken_back.items() if one.expires > now}
        self._read_since(began)

    async def _read(self, changed: set[str]) -> None:
        """Approvals that changed; where some may have been missed, also those that somebody waits for."""
        ids = sorted(id for id in changed | set(self._waiting if MISSED in changed else ()) if not _is_grant(id))
        if ids:
            for approval in await self._store.several(ids):
                self.saw(at(approval, self._clock.now()))

    def _concerns_all(self, id: str) -> bool:
        return _is_grant(id)


def _is_grant(id: str) -> bool:
    return id == MISSED or id.startswith("grt-")
