"""Access reviews: what somebody is asked to attest, what they said, and how a permission stands by it."""

from __future__ import annotations

import enum
import hashlib
import json
from dataclasses import dataclass

from interlock.model.approval import Person
from interlock.model.exchange import Principal

__all__ = ["Attestation", "Campaign", "CampaignState", "Permission", "ReviewRecord", "Scope", "Word"]


class Word(enum.StrEnum):
    """What a reviewer says of a permission."""

    KEEP = "keep"
    NARROW = "narrow"
    REVOKE = "revoke"


class CampaignState(enum.StrEnum):
    """Whether a campaign still asks."""

    OPEN = "open"
    CLOSED = "closed"


_AHEAD = 300.0
"""Seconds that the clocks of two machines may differ."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a word about a rule is about: one principal (issuer and subject), one group, or everyone it speaks of."""

    issuer: str = ""
    subject: str = ""
    group: str = ""

    def covers(self, principal: Principal) -> bool:
        """Whether this principal is meant."""
        if self.group:
            return self.group in principal.groups
        return not self.subject or (self.issuer, self.subject) == (principal.issuer, principal.subject)

    @property
    def everyone(self) -> bool:
        """Whether everyone the rule speaks of is meant."""
        return not (self.issuer or self.subject or self.group)

    def __str__(self) -> str:
        if self.group:
            return f"group {self.group}"
        return f"{self.subject} <{self.issuer}>" if self.subject else "everyone it names"


@dataclass(frozen=True, slots=True)
class Permission:
    """What is attested: a rule, by the digest of what it means, for a scope. `id` names it, whatever it means."""

    rule: str
    meaning: str = ""
    scope: Scope = Scope()

    @property
    def id(self) -> str:
        """`rev-` and 40 hex digits of SHA-256 over rule and scope."""
        bound = json.dumps([self.rule, self.scope.issuer, self.scope.subject, self.scope.group])
        return "rev-" + hashlib.sha256(bound.encode()).hexdigest()[:40]


@dataclass(frozen=True, slots=True)
class Attestation:
    """One person's word about a permission in a campaign, and why. Times are seconds since the epoch.

    `only` are the operations that are left, as rules write them; with NARROW alone, and then at least one.
    """

    campaign: str
    permission: Permission
    word: Word
    by: Person
    at: float
    reason: str = ""
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """How a permission stands: the last word about it (None: nobody said one yet), and since when it is asked about.

    Where the rule's meaning changed since, a word that takes something away stays, and `at` is 0: nobody spoke about
    what it means now. `due` is until when an open campaign wants a word (0: none does). `version` counts changes: a
    change is made to the version that was read, or not at all.
    """

    permission: Permission
    word: Word | None = None
    by: Person | None = None
    at: float = 0.0
    reason: str = ""
    only: tuple[str, ...] = ()
    campaign: str = ""
    asked: float = 0.0
    due: float = 0.0
    version: int = 0

    @property
    def id(self) -> str:
        """The permission's."""
        return self.permission.id

    def until(self, every: float) -> float:
        """Until when it stands, for a rule to be attested `every` so many seconds."""
        since = self.at or self.asked
        return min(since + every, self.due) if self.due else since + every

    def in_time(self, meaning: str, every: float, now: float) -> bool:
        """Whether it is about the rule as it is now, and its next word is not overdue. What it says, `word` says.

        What was said or asked in the future was dated by a wrong clock, and would stand for as long as that was ahead.
        """
        since = self.at or self.asked
        return bool(meaning) and self.permission.meaning == meaning and since - _AHEAD <= now < self.until(every)


@dataclass(frozen=True, slots=True)
class Campaign:
    """A review: which permissions, by whom, until when, and how often anew.

    Who may attest the rules say (`attest: by:`); `groups` narrows that to members of one of these. `cadence` (seconds;
    0: once) is after how long the next one is opened. `follows` is the campaign before it.
    """

    id: str
    title: str
    opened: float
    due: float
    by: Person
    items: tuple[Permission, ...] = ()
    groups: tuple[str, ...] = ()
    cadence: float = 0.0
    follows: str = ""
    state: CampaignState = CampaignState.OPEN
    closed: float = 0.0
    why: str = ""
    version: int = 1

    def item(self, id: str) -> Permission | None:
        """The permission of that id, if it is asked about here."""
        return next((one for one in self.items if one.id == id), None)
