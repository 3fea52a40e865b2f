"""What a person is asked, and what they said: approvals of one operation, and grants for a time."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from interlock.model.values import JSON

__all__ = ["Approval", "ApprovalKind", "ApprovalState", "Ask", "Change", "Grant", "Person", "Vote"]

_NOTHING: Mapping[str, JSON] = MappingProxyType({})


class ApprovalState(enum.StrEnum):
    """Where an approval stands. Only APPROVED lets anything run, and only by becoming USED."""

    PENDING = "pending"
    APPROVED = "approved"
    DENIED = "denied"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    USED = "used"


class ApprovalKind(enum.StrEnum):
    """What is asked: to run one operation once, or to be granted operations for a time."""

    OPERATION = "operation"
    GRANT = "grant"
    BREAK_GLASS = "break-glass"


@dataclass(frozen=True, slots=True)
class Person:
    """Who asked or decided, as their verified token said then. People are compared as (issuer, subject)."""

    identity: str
    issuer: str
    subject: str
    acting_for: str = ""
    groups: tuple[str, ...] = ()
    claims: Mapping[str, JSON] = field(default=_NOTHING, hash=False, repr=False)

    @property
    def key(self) -> tuple[str, str]:
        """What tells people apart."""
        return self.issuer, self.subject


@dataclass(frozen=True, slots=True)
class Ask:
    """A review rule that wants this many distinct people; `grant` is the longest it lets them widen it, in seconds."""

    rule: str
    people: int = 1
    grant: float = 0.0


@dataclass(frozen=True, slots=True)
class Vote:
    """One person's word. `rules` are the asking rules for which they may speak; a denial needs a reason.

    `seconds` widens a yes to a grant for that long; 0 is this once, or, where a grant was asked for, as asked.
    """

    by: Person
    approves: bool
    at: float
    rules: tuple[str, ...] = ()
    reason: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Approval:
    """One question to people, and its answer.

    `fingerprint` (hex) binds requester, connection, canonical operation and rules digest. `shown` is the operation as
    it is shown: structured and masked. `unseen` says that it runs content nobody has seen. `because` is the agent's
    own reason, unverified. `gateway` has it in hand: the one that asked, then the one that uses it. `outcome` is what
    became of it once USED: "" while it runs, `leased` while a reply is read that may need it, `granted` where it became
    a grant, `unknown` after a crash between claim and answer. `wanted` is what a grant would cover (`operations`, names
    as rules write them) and, where one is asked for, for how long (`seconds`). Times are seconds since the epoch.
    `version` counts changes: a change is made to the version that was read, or not at all.
    """

    id: str
    kind: ApprovalKind
    fingerprint: str
    requester: Person
    connection: str
    operation: str
    rules_digest: str
    created: float
    expires: float
    asks: tuple[Ask, ...] = ()
    state: ApprovalState = ApprovalState.PENDING
    votes: tuple[Vote, ...] = ()
    shown: Mapping[str, JSON] = field(default=_NOTHING, hash=False, repr=False)
    wanted: Mapping[str, JSON] = field(default=_NOTHING, hash=False)
    unseen: bool = False
    because: str = ""
    run: str = ""
    gateway: str = ""
    reference: str = ""
    outcome: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """One line of an approval's or a grant's history: what became of it, by whom ("" is the gateway), when, why.

    `event` is what the evidence is to say of it, where nobody has written that yet: some gateway will.
    """

    subject: str
    state: str
    at: float
    by: str = ""
    why: str = ""
    event: Mapping[str, JSON] | None = field(default=None, hash=False, repr=False)


@dataclass(frozen=True, slots=True)
class Grant:
    """For a time its holder may do, without being asked again, what the named review rules would ask about.

    `operations` are names as rules write them, without patterns. `connection` may be `agent`. It never overrides what
    forbids. `since` is when the first of an unbroken row of such grants began: from there the longest term counts.
    `approval` is the question it answers. `revoked` is when it ended early (0: it did not).
    """

    id: str
    holder: Person
    connection: str
    operations: tuple[str, ...]
    rules: tuple[str, ...]
    begins: float
    until: float
    by: tuple[Person, ...] = ()
    because: str = ""
    rules_digest: str = ""
    approval: str = ""
    since: float = 0.0
    revoked: float = 0.0
    version: int = 0

    def holds(self, now: float) -> bool:
        """Whether it is in force."""
        return not self.revoked and self.begins <= now < self.until
