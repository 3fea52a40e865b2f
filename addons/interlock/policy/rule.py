"""Rules as the decision uses them, compiled once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

from interlock.errors import InterlockError, Place
from interlock.model import Effect
from interlock.policy.argument import About
from interlock.policy.context import Test
from interlock.policy.pattern import ANY, Pattern

if TYPE_CHECKING:
    from interlock.policy.blocklist import Blocklist

__all__ = ["EVERYWHERE", "Attest", "Policy", "Reviewers", "Rule", "build_policy"]

EVERYWHERE = "*"


@dataclass(frozen=True, slots=True)
class Reviewers:
    """Who may approve what a review rule asks about: this many distinct people for whom the test holds.

    That a requester never approves for themself is not a setting and stands with the approvals. `says` is what the
    rules say, for people.
    """

    test: Test = field(repr=False, compare=False)
    people: int = 1
    says: str = ""


@dataclass(frozen=True, slots=True)
class Attest:
    """How a permission is attested: at least `every` so many seconds, by whom, and what it says while that is overdue.

    `to` is the rule's own test of people: whom it holds for has the access, and does not attest it.
    """

    every: float
    by: Reviewers
    overdue: Effect = Effect.FORBID
    to: Test | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the policy. The default is one that forbids everything to everyone, everywhere.

    `on` names connections; `everywhere` stands for all of them, `agent` for what the agent itself will run.
    `test` (None: always) is everything under `to:` and `when:`, `to` that under `to:` alone; `about` (None: whatever it
    is) looks at the operation's own arguments (`tables:`, `where:`, ...). Times are in seconds; `grant` 0 means none.
    `glass` marks a rule for emergencies, which asks nobody and permits nothing until somebody was granted it. `attest`
    says that it counts only while somebody stands by it; `meaning` is the digest of what they then stand by.
    """

    id: str
    effect: Effect = Effect.FORBID
    patterns: tuple[Pattern, ...] = ()
    on: frozenset[str] = frozenset()
    everywhere: bool = False
    agent: bool = False
    test: Test | None = field(default=None, repr=False, compare=False)
    to: Test | None = field(default=None, repr=False, compare=False)
    about: About | None = field(default=None, repr=False, compare=False)
    masks: frozenset[str] = frozenset()
    report: bool = False
    remedy: str = ""
    by: Reviewers | None = None
    hold: float = 0.0
    expires: float = 0.0
    grant: float = 0.0
    glass: bool = False
    attest: Attest | None = None
    meaning: str = field(default="", compare=False, repr=False)
    place: Place = field(default=Place(""), compare=False, repr=False)


type ByProtocol = Mapping[str, tuple[tuple[Rule, tuple[Pattern, ...]], ...]]
"""For a protocol, the rules that may speak about it, each with only its patterns of that protocol, ordered by
id.
"""

_NONE: ByProtocol = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything the decision needs, indexed by where an operation happens. The empty policy permits nothing."""

    rules: tuple[Rule, ...] = ()
    blocklist: Blocklist | None = None
    models: frozenset[str] = frozenset()
    named: Mapping[str, Rule] = field(default=MappingProxyType({}), repr=False, compare=False)
    by_connection: Mapping[str, ByProtocol] = field(default=MappingProxyType({}), repr=False)
    elsewhere: ByProtocol = field(default=_NONE, repr=False)
    on_agent: ByProtocol = field(default=_NONE, repr=False)


def build_policy(
    rules: Sequence[Rule] = (),
    blocklist: Blocklist | None = None,
    connections: Iterable[str] = (),
    models: Iterable[str] = (),
) -> Policy:
    """A policy, indexed. `connections` are all names; `models` those whose protocol is a model API's.

    Rules are kept in order of id, so that the order in which they were written decides nothing. Raises
    InterlockError when two rules share an id.
    """
    ordered = tuple(sorted(rules, key=lambda rule: rule.id))
    for one, other in pairwise(ordered):
        if one.id == other.id:
            raise InterlockError(f"two rules are named {one.id!r}", hint="rename one of them")
    names = {*connections, *(name for rule in ordered for name in rule.on)}
    return Policy(
        rules=ordered,
        blocklist=blocklist,
        models=frozenset(models),
        named=MappingProxyType({rule.id: rule for rule in ordered}),
        by_connection={name: _index(rule for rule in ordered if rule.everywhere or name in rule.on) for name in names},
        elsewhere=_index(rule for rule in ordered if rule.everywhere),
        on_agent=_index(rule for rule in ordered if rule.agent),
    )


def _index(rules: Iterable[Rule]) -> ByProtocol:
    """By protocol; the entry `*` serves protocols that no pattern names."""
    chosen = tuple(rules)
    protocols = {ANY, *(pattern.protocol for rule in chosen for pattern in rule.patterns)}
    found: dict[str, tuple[tuple[Rule, tuple[Pattern, ...]], ...]] = {}
    for protocol in protocols:
        entries = (
            (rule, tuple(pattern for pattern in rule.patterns if pattern.protocol in (protocol, ANY)))
            for rule in chosen
        )
        found[protocol] = tuple((rule, patterns) for rule, patterns in entries if patterns)
    return found
