"""What has drifted: secrets past their age, rules and connections that serve nobody, people who are gone, hasty yeses.

Each finding has its evidence and what to do about it. Nothing here changes anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from interlock.access.tallies import Usage
from interlock.access.usage import HASTY
from interlock.engine.risks import find_risks
from interlock.engine.rules import Rules
from interlock.model import JSON, Effect
from interlock.recording.event import seconds

__all__ = ["KINDS", "Finding", "drift"]

KINDS = (
    "rotation-due", "rotation-unknown", "connection-without-rules", "connection-unused", "rule-never-hit",
    "principal-not-seen", "rubber-stamped", "review-missing",
)  # fmt: skip
"""Every kind of finding."""

_DAY = 86400.0
_LEAST_VOTES = 3
_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing: what kind, about whom or what, what shows it, and what to do."""

    kind: str
    subject: str
    evidence: str
    remedy: str

    def document(self) -> dict[str, JSON]:
        """As JSON."""
        return {name: getattr(self, name) for name in ("kind", "subject", "evidence", "remedy")}


def drift(rules: Rules, usage: Usage, *, now: float, unseen: float = 30 * _DAY) -> list[Finding]:
    """Everything that has drifted, by kind. `unseen` is after how many seconds somebody counts as gone."""
    window = f"{usage.decisions} decisions of {usage.sessions} sessions"
    found = [
        *_rotation(rules, now),
        *_connections(rules, usage, window),
        *_rules(rules, usage, window),
        *_people(usage, now, unseen),
        *_deciders(usage),
    ]
    return sorted(found, key=lambda one: (KINDS.index(one.kind), one.subject))


def _rotation(rules: Rules, now: float) -> Iterator[Finding]:
    due = {risk.place.line: risk for risk in find_risks(rules) if risk.kind == "rotation-due"}
    for risk in due.values():
        yield Finding("rotation-due", str(risk.place), f"{risk.message}; {risk.hint}", "replace the secret")
    for connection in rules.connections:
        spec = connection.credential
        if spec is not None and spec.rotate_every and not spec.source.startswith("file:"):
            yield Finding(
                "rotation-unknown", connection.name,
                f"to be replaced every {spec.rotate_every / _DAY:g} days, and {spec.source} does not tell its age",
                "look where it was issued, or keep it in a file, whose age is told",
            )  # fmt: skip


def _connections(rules: Rules, usage: Usage, window: str) -> Iterator[Finding]:
    for connection in rules.connections:
        ruled = any(
            rule.effect is not Effect.FORBID and (rule.everywhere or connection.name in rule.on)
            for rule in rules.policy.rules
        )
        if not ruled:
            yield Finding(
                "connection-without-rules", connection.name, "no rule permits anything on it",
                "add a rule, or take the connection out: its secret is there for nothing",
            )  # fmt: skip
        elif not usage.connections.get(connection.name):
            yield Finding(
                "connection-unused", connection.name, f"nothing passed to it in {window}",
                "take it out, with its rules and its secret, if nobody needs it",
            )  # fmt: skip


def _rules(rules: Rules, usage: Usage, window: str) -> Iterator[Finding]:
    hit = {rule for (_, _, rule), row in usage.rows.items() if row.uses or row.refused}
    for rule in rules.policy.rules:
        if rule.id not in hit and not rule.report and rule.effect is not Effect.FORBID:
            yield Finding(
                "rule-never-hit", rule.id, f"it decided nothing in {window}",
                "take it out, or narrow it: interlock access propose",
            )  # fmt: skip
        if rule.attest is None and rule.effect is Effect.PERMIT and not rule.glass:
            yield Finding("review-missing", rule.id, "nobody has to stand by it", "write attest: into it")


def _people(usage: Usage, now: float, unseen: float) -> Iterator[Finding]:
    for (issuer, subject), known in usage.people.items():
        last = seconds(known.last) if known.last else 0.0
        if now - last >= unseen:
            when = known.last[:10] or "never in this window"
            yield Finding(
                "principal-not-seen", f"{subject} <{issuer}>",
                f"last seen {when}; in {', '.join(sorted(known.groups)) or 'no group'}",
                "take them out of these groups where the identity provider keeps them",
            )  # fmt: skip


def _deciders(usage: Usage) -> Iterator[Finding]:
    for (issuer, name), decider in usage.deciders.items():
        if decider.hasty >= _LEAST_VOTES and decider.hasty >= decider.votes * _SHARE:
            yield Finding(
                "rubber-stamped", f"{name} <{issuer}>",
                f"{decider.hasty} of {decider.votes} approvals within {HASTY:g} seconds of the question: "
                + ", ".join(decider.examples),
                "ask them how they decide; narrow what they are asked about, or ask two people: by: {people: 2}",
            )  # fmt: skip
