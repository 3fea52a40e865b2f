"""Who may do what, and did: each principal's and each group's permissions, used, refused, approved or never used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from interlock.access.tallies import Known, Row, Usage
from interlock.engine.rules import Rules
from interlock.model import JSON, Effect
from interlock.policy import Context, Rule

__all__ = ["GroupUse", "Report", "Use", "report_of"]

_OPERATIONS = 5
_MOST = 200_000


@dataclass(frozen=True, slots=True)
class Use:
    """One permission of one principal. `rule` is empty where none speaks about what was tried.

    `gives` says what the rule does in force (`permit`, `review`, empty: it is not there any more, or forbids), or
    `observed` where nothing but observing let it pass. `state`
    is `used`, `refused` (tried in vain) or `never-used`. The rest is counted; moments are RFC 3339.
    """

    issuer: str
    subject: str
    groups: tuple[str, ...]
    rule: str
    gives: str
    state: str
    row: Row = field(default_factory=Row)

    def document(self) -> dict[str, JSON]:
        """As JSON."""
        row = self.row
        return {
            "issuer": self.issuer, "subject": self.subject, "groups": [*self.groups], "rule": self.rule,
            "gives": self.gives, "state": self.state, "uses": row.uses, "refused": row.refused,
            "approved": row.approved, "denied": row.denied, "first": row.first, "last": row.last,
            "days": dict(sorted(row.days.items())), "operations": dict(row.operations.most_common()),
            "tried": dict(row.tried.most_common()),
            "reasons": dict(row.reasons.most_common()), "examples": [*row.examples],
        }  # fmt: skip

    @property
    def operations(self) -> str:
        """What it was, the most frequent first."""
        return _first(self.row.operations)

    @property
    def tried(self) -> str:
        """What was tried in vain, the most frequent first, and why it did not pass."""
        return ": ".join(filter(None, (_first(self.row.tried), _first(self.row.reasons))))


def _first(counts: Counter[str]) -> str:
    names = [name for name, _ in counts.most_common(_OPERATIONS) if name]
    return ", ".join(names) + (", ..." if len(counts) > _OPERATIONS else "")


@dataclass(slots=True)
class GroupUse:
    """One permission of a group: how many of its `members` are known, how many of them used it."""

    group: str
    rule: str
    members: int = 0
    users: int = 0
    uses: int = 0
    refused: int = 0
    last: str = ""

    def document(self) -> dict[str, JSON]:
        """As JSON."""
        return {name: getattr(self, name) for name in ("group", "rule", "members", "users", "uses", "refused", "last")}


@dataclass(slots=True)
class Report:
    """The whole: `uses` by principal and rule, `groups` by group and rule, and how much was read."""

    uses: list[Use] = field(default_factory=list)
    groups: list[GroupUse] = field(default_factory=list)
    sessions: int = 0
    decisions: int = 0
    damaged: int = 0
    uncounted: int = 0
    since: str = ""
    until: str = ""
    rules: str = ""

    def document(self) -> dict[str, JSON]:
        """As JSON."""
        names = ("sessions", "decisions", "damaged", "uncounted", "since", "until", "rules")
        return {
            **{name: getattr(self, name) for name in names},
            "permissions": [use.document() for use in self.uses],
            "groups": [one.document() for one in self.groups],
        }


def report_of(usage: Usage, rules: Rules, *, since: str = "", until: str = "") -> Report:
    """The report on what was counted, by the rules in force."""
    found = Report(
        sessions=usage.sessions, decisions=usage.decisions, damaged=usage.damaged, uncounted=usage.uncounted,
        since=since, until=until, rules=rules.digest,
    )  # fmt: skip
    named = rules.policy.named
    for (issuer, subject, name), row in usage.rows.items():
        known = usage.people.get((issuer, subject))
        groups = tuple(sorted(known.groups)) if known is not None else ()
        state = "used" if row.uses else "refused"
        gives = _gives(named.get(name)) if name else "observed" if row.uses else ""
        found.uses.append(Use(issuer, subject, groups, name, gives, state, row))
    for (issuer, subject), known in usage.people.items():
        for rule in _given(rules, known):
            row_there = usage.rows.get((issuer, subject, rule.id))
            if row_there is None or not row_there.uses:
                if len(found.uses) >= _MOST:
                    found.uncounted += 1
                    continue
                found.uses.append(
                    Use(issuer, subject, tuple(sorted(known.groups)), rule.id, _gives(rule), "never-used")
                )
    found.uses.sort(key=lambda use: (use.issuer, use.subject, use.state != "used", -use.row.uses, use.rule))
    found.groups = _by_group(found.uses, usage.people)
    return found


def _given(rules: Rules, known: Known) -> Iterable[Rule]:
    """The rules that name this principal; what cannot be told is not claimed."""
    context = Context(known.principal, "")
    for rule in rules.policy.rules:
        if rule.effect is Effect.FORBID or rule.glass:
            continue
        try:
            holds = rule.to is None or bool(rule.to(context))
        except Exception:
            holds = False
        if holds:
            yield rule


def _by_group(uses: Iterable[Use], people: Mapping[tuple[str, str], Known]) -> list[GroupUse]:
    members: dict[str, int] = {}
    for known in people.values():
        for group in known.groups:
            members[group] = members.get(group, 0) + 1
    found: dict[tuple[str, str], GroupUse] = {}
    for use in uses:
        for group in use.groups:
            one = found.setdefault((group, use.rule), GroupUse(group, use.rule, members[group]))
            one.users += use.row.uses > 0
            one.uses += use.row.uses
            one.refused += use.row.refused
            one.last = max(one.last, use.row.last)
    return sorted(found.values(), key=lambda one: (one.group, -one.uses, one.rule))


def _gives(rule: Rule | None) -> str:
    if rule is None or rule.effect is Effect.FORBID:
        return ""
    return "permit" if rule.effect is Effect.PERMIT else "review"
