"""What waits or touches the world, as Protocols: pure code gets them handed in (invariant 9)."""

from __future__ import annotations

import math
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from interlock.model import (
    JSON,
    Approval,
    ApprovalState,
    Change,
    Grant,
    Operation,
    Person,
    Secret,
)

__all__ = [
    "Analyse",
    "ApprovalStore",
    "Clock",
    "Fetch",
    "Notice",
    "SecretSource",
    "TextStream",
    "VaultRow",
    "VaultStore",
]


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> float:
        """Seconds since the epoch (UTC)."""
        ...

    def monotonic(self) -> float:
        """Seconds on a clock that never goes back; only differences mean something."""
        ...


class Fetch(Protocol):
    """Gets a small JSON document over HTTPS without blocking the event loop."""

    async def __call__(self, url: str) -> bytes:
        """The document's bytes (bounded by the implementation). Raises OSError when it cannot be had."""
        ...


@runtime_checkable
class SecretSource(Protocol):
    """Reads a secret from where the operator keeps it."""

    def read(self) -> Secret:
        """The secret as it is now. Raises interlock.errors.Refused (SECRET_UNAVAILABLE) when it cannot be had."""
        ...

    def reference(self) -> str:
        """How the rules name it, for logs and evidence: `env:NAME`, `file:/run/secrets/x`."""
        ...


class Analyse(Protocol):
    """Turns the text of a command into operations; handed to protocol adapters by the engine. Never raises."""

    def __call__(
        self, text: str, language: str, dialect: str = "", *, place: str = "", agent: bool = False
    ) -> tuple[Operation, ...]:
        """Operations found in `text`; what is not understood comes back as one of access UNKNOWN, never as nothing."""
        ...


class TextStream(Protocol):
    """Masks text that arrives in pieces: any chunking gives the same result as the whole text at once."""

    def feed(self, text: str) -> str:
        """What may go on now; the rest is held. Raises BodyRejected when a limit is passed."""
        ...

    def close(self) -> str:
        """Everything still held, masked."""
        ...


@dataclass(frozen=True, slots=True)
class VaultRow:
    """A token and what it stands for, sealed. `origin` is where the value was first seen; `echoes` says that it is
    looked for exactly in everything that follows.
    """

    token: str
    origin: str
    sealed: bytes = field(repr=False)
    echoes: bool = False


class VaultStore(Protocol):
    """Keeps vaults beyond a process, for all gateways that share it. Everything raises OSError when it cannot be done,
    and may block: it is called in a worker thread.
    """

    def read(self, session: str) -> Sequence[VaultRow]:
        """All rows of a session."""
        ...

    def write(self, session: str, rows: Sequence[VaultRow]) -> Sequence[VaultRow]:
        """Keeps rows; of two with one token the first stays, but for `echoes`, which is never taken back.

        Gives the rows of these tokens as they stand in the store now.
        """
        ...

    def forget(self, before: float) -> None:
        """Drops sessions that nobody wrote to since `before` (seconds since the epoch)."""
        ...

    def close(self) -> None:
        """Nothing follows."""
        ...


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to people, kept in the store until it is sent: it holds no secret and only masked text.

    `key` (approval id and what happened) is unique: the same thing is told once. `channel` names the notifier.
    """

    key: str
    channel: str
    body: JSON
    due: float = 0.0
    tries: int = 0


class ApprovalStore(Protocol):
    """Keeps approvals, grants and what is to be told, for all gateways and consoles that share it.

    It knows no rules: what may follow what is decided by `interlock.approval`; here a change is made to the very
    version that was read, whole, with its history line and its notices, or not at all. Everything raises OSError when
    the store cannot be used; then nothing was promised.
    """

    def ahead(self) -> ApprovalStore:
        """The same store, for what must not wait behind others: what keeps a process's knowledge fresh."""
        ...

    async def add(
        self,
        approval: Approval,
        change: Change,
        *,
        at_most: int,
        denied_since: float = math.inf,
        notices: Sequence[Notice] = (),
    ) -> Approval:
        """Keep a new approval. Where one with this fingerprint is pending or approved already, that one is given and
        nothing is kept. Raises Refused: APPROVALS_FULL when its requester has `at_most` pending that are still in
        time, APPROVALS_COOLING when one of its requester's was denied at or after `denied_since`.
        """
        ...

    async def standing(
        self, fingerprint: str, requester: Person, now: float, *, at_most: int, denied_since: float = math.inf
    ) -> Approval | None:
        """What `add` would give instead of a new one, None where it would keep one; raises Refused where it would."""
        ...

    async def approval(self, id: str) -> Approval | None:
        """The approval as it is now."""
        ...

    async def current(self, fingerprint: str) -> Approval | None:
        """The one pending or approved approval with this fingerprint."""
        ...

    async def several(self, ids: Sequence[str]) -> Sequence[Approval]:
        """Those of these approvals that exist."""
        ...

    async def approvals(
        self, *, states: Sequence[ApprovalState] = (), requester: Person | None = None, limit: int = 200
    ) -> Sequence[Approval]:
        """Newest first."""
        ...

    async def due(self, now: float) -> Sequence[Approval]:
        """Those pending or approved whose time is over."""
        ...

    async def swap(
        self, after: Approval, changes: Sequence[Change], *, grant: Grant | None = None, notices: Sequence[Notice] = ()
    ) -> bool:
        """Put `after` (one version further) in place of its predecessor; False when that is no longer the latest, or
        when another approval with its fingerprint took its place. `grant` is what it gives, kept in the same step.
        """
        ...

    async def grant(self, id: str) -> Grant | None:
        """The grant as it is now."""
        ...

    async def grants(self, now: float, *, holder: Person | None = None) -> Sequence[Grant]:
        """Those in force."""
        ...

    async def swap_grant(self, after: Grant, change: Change, *, notices: Sequence[Notice] = ()) -> bool:
        """As `swap`, for a grant."""
        ...

    async def history(self, subject: str) -> Sequence[Change]:
        """What became of an approval or a grant, oldest first."""
        ...

    def changes(self) -> AsyncGenerator[str]:
        """Ids of approvals and grants as they change, by whatever process; "" when some may have been missed."""
        ...

    async def beat(self, gateway: str, now: float) -> None:
        """This gateway (one run of one process) is alive."""
        ...

    async def lost(self, before: float) -> Sequence[Approval]:
        """Those USED without an outcome whose gateway was not heard of since `before`."""
        ...

    async def notices(self, now: float, channels: Sequence[str], limit: int = 20) -> Sequence[Notice]:
        """Notices for these channels that are due; each is lent to one caller for a minute."""
        ...

    async def told(self, notice: Notice, *, again: float = 0.0) -> None:
        """The notice was sent, or given up, or is to be tried `again` at that time."""
        ...

    async def forget(self, before: float) -> None:
        """Drop what ended before that, with its history and what was told of it."""
        ...

    async def close(self) -> None:
        """Nothing follows."""
        ...
