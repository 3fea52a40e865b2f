"""The smallest policy that would have permitted what was used: drafted, tried on everything that was tried, narrowed.

Rules that ask and rules that forbid are taken over as they stand, and so is the blocklist: leaving one out could let
something pass that is asked about today. What rules permit is written anew. Whatever was forbidden, or asked about and
not approved, is then decided again by the draft; rules that would let it pass are narrowed step by step, and at last
left out: where the very same was used as well, that is said and not proposed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from interlock import commands
from interlock.access.drafting import EXACT, Draft, Drafting, Proposed, drafts_of
from interlock.access.facts import Fact
from interlock.access.merging import merged
from interlock.access.needs import Need, needs_of
from interlock.engine.rules import Rules
from interlock.errors import InterlockError
from interlock.model import JSON, Effect, Operation
from interlock.policy import Policy, decide, explain, read_policy
from interlock.policy.pattern import compile_pattern
from interlock.policy.reach import why_never
from interlock.reasons import Reason
from interlock.schema import Reader
from interlock.settings import Connection
from interlock.source import read_yaml_text

__all__ = ["Left", "Proposal", "compiled", "propose"]

_ROUNDS = 40
_FORBIDDEN = "the very same was forbidden in this time"
_UNSAYABLE = "no rule can say it"


@dataclass(frozen=True, slots=True)
class Left:
    """Something that was used and is not proposed, and why."""

    need: Need
    why: str


@dataclass(slots=True)
class Proposal:
    """`rules` replace everything that permits today; `kept` (ids) stay as they are, `dropped` (ids) go.

    `left` was used and is not proposed. `policy` is the whole as it would be in force.
    """

    rules: list[Proposed] = field(default_factory=list)
    kept: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    left: list[Left] = field(default_factory=list)
    policy: Policy = field(default_factory=Policy)
    used: int = 0
    forbidden: int = 0


def propose(
    rules: Rules,
    written: Mapping[str, Mapping[str, JSON]],
    facts: Sequence[Fact],
    *,
    siblings: int = 3,
    hours: bool = False,
) -> Proposal:
    """A policy for these facts. `written` are the rules of today as they stand in the files, by id.

    `siblings` is how many different ones make a pattern or a group. Raises InterlockError when no policy can be made.
    """
    policy = rules.policy
    found = Proposal(
        kept=tuple(rule.id for rule in policy.rules if rule.effect is not Effect.PERMIT),
        dropped=tuple(rule.id for rule in policy.rules if rule.effect is Effect.PERMIT),
    )
    used = [fact for fact in facts if fact.used]
    stopped = [fact for fact in facts if not fact.used and not _still_blocked(policy, fact)]
    found.used, found.forbidden = sum(fact.count for fact in used), sum(fact.count for fact in stopped)
    needs = _needs(rules, used, found)
    drafting = Drafting(policy, written, [fact.principal for fact in used], siblings=max(2, siblings), hours=hours)
    drafts = drafts_of(needs)
    for _ in range(_ROUNDS):
        made = [rule for draft in drafts for rule in drafting.rules(draft)]
        found.rules = _named(rules, made)
        _compile(rules, written, found)
        guilty = _guilty(policy, found, stopped)
        if not guilty:
            if any(rule.draft.level >= EXACT for rule in found.rules):
                found.rules = _named(rules, found.rules, everything=True)
                found.policy = compiled(rules, written, found)
            return found
        for rule, operations in guilty:
            _narrow(rule, operations, drafts, found)
    hint = "look at a shorter time: --since, --until"
    raise InterlockError("no policy was found that permits what was used and nothing that was forbidden", hint=hint)


def _compile(rules: Rules, written: Mapping[str, Mapping[str, JSON]], found: Proposal) -> None:
    """Puts the policy in; rules that cannot be read go, and what they serve is left, because no rule can say it."""
    try:
        found.policy = compiled(rules, written, found)
        return
    except InterlockError:
        made, found.rules = found.rules, []
    for rule in made:
        try:
            compiled(rules, {}, Proposal(rules=[rule]))
        except InterlockError:
            known = {id(one.need) for one in found.left}
            found.left += [Left(need, _UNSAYABLE) for need in rule.needs if id(need) not in known]
        else:
            found.rules.append(rule)
    found.policy = compiled(rules, written, found)


def compiled(rules: Rules, written: Mapping[str, Mapping[str, JSON]], found: Proposal) -> Policy:
    """The policy that a proposal would be. Raises InterlockError when its rules cannot be read."""
    entries = [dict(written[name]) for name in found.kept if name in written]
    entries += [{"id": rule.id, **rule.members} for rule in found.rules]
    reader = Reader()
    policy = read_policy(
        read_yaml_text(json.dumps(entries), "the proposal"),
        reader,
        connections=rules.connections,
        identities={entry.name: entry.issuer for entry in rules.identities},
        masks=[rule.id for rule in rules.masking],
        blocklist=rules.policy.blocklist,
        languages=commands.languages(),
    )
    reader.finish()
    return policy


def _needs(rules: Rules, used: Sequence[Fact], found: Proposal) -> list[Need]:
    """What takes a rule that permits; what none could name is left."""
    identities = {entry.name for entry in rules.identities}
    connections = {connection.name: connection for connection in rules.connections}
    needs: list[Need] = []
    for fact in used:
        for need in needs_of(rules.policy, fact):
            rule = rules.policy.named.get(need.rule)
            if rule is not None and rule.effect is Effect.REVIEW:
                continue  # who asks goes on asking
            why = need.why
            if rules.connection(fact.connection) is None:
                why = "the rules have no such connection"
            elif identities and fact.principal.identity not in identities:
                why = "the rules have no such identity"
            why = why or _never(need, connections)
            if why:
                found.left.append(Left(need, why))
            else:
                needs.append(need)
    return needs


def _never(need: Need, connections: Mapping[str, Connection]) -> str:
    """Why no rule could be about it; empty where one could."""
    try:
        pattern = compile_pattern(need.name, commands.languages())
    except InterlockError:
        return _UNSAYABLE
    return _UNSAYABLE if why_never(pattern, need.place, connections) else ""


def _still_blocked(policy: Policy, fact: Fact) -> bool:
    """Whether the blocklist stopped it, and still holds that entry: it is taken over as it stands."""
    entries = policy.blocklist.rules if policy.blocklist is not None else ()
    return fact.reason == Reason.BLOCKED and any(entry.id == fact.rule and not entry.report for entry in entries)


def _guilty(policy: Policy, found: Proposal, stopped: Sequence[Fact]) -> list[tuple[Proposed, list[Operation]]]:
    """The proposed rules by which something would pass that did not, and by which operations: those that no rule
    permits today. Where today's rules would permit all of it, it is all of them.
    """
    ours = {rule.id: rule for rule in found.rules}
    guilty: dict[str, list[Operation]] = {}
    for fact in stopped:
        if decide(found.policy, fact.context, fact.operations).effect is not Effect.PERMIT:
            continue
        now = [one.effect for one in explain(policy, fact.context, fact.operations)]
        then = explain(found.policy, fact.context, fact.operations)
        wrong = [one for one, effect in zip(then, now, strict=True) if effect is not Effect.PERMIT] or then
        for one in wrong:
            if one.rule in ours:
                guilty.setdefault(one.rule, []).append(one.operation)
    return [(ours[name], operations) for name, operations in guilty.items()]


def _narrow(rule: Proposed, operations: Sequence[Operation], drafts: list[Draft], found: Proposal) -> None:
    """One step narrower: what is like these operations apart from the rest, or all of it where nothing is.

    What is as narrow as can be is left out.
    """
    like = {(one.name, one.resource, repr(one.arguments.get("tables"))) for one in operations}
    served = {id(need) for need in rule.needs}
    concerned = [draft for draft in rule.drafts if any(_alike(need) in like for need in draft.needs)]
    for draft in concerned or rule.drafts:
        if draft.level >= EXACT:
            found.left += [Left(need, _FORBIDDEN) for need in draft.needs if id(need) in served]
            draft.needs = [need for need in draft.needs if id(need) not in served]
            continue
        same = [need for need in draft.needs if _alike(need) in like]
        if same and len(same) < len(draft.needs):
            apart = {id(need) for need in same}
            draft.needs = [need for need in draft.needs if id(need) not in apart]
            drafts.append(Draft(draft.base, draft.place, draft.protocol, draft.kind, same, draft.level + 1))
        else:
            draft.level += 1
    drafts[:] = [draft for draft in drafts if draft.needs]


def _alike(need: Need) -> tuple[str, str, str]:
    one = need.operation
    return one.name, one.resource, repr(one.arguments.get("tables"))


def _named(rules: Rules, made: list[Proposed], *, everything: bool = False) -> list[Proposed]:
    """Rules that say the same as one, each with a name of its own; one that is alone keeps the name it narrows.

    What may still have to be left out, one operation at a time, stays apart until `everything` is settled.
    """
    exact = [rule for rule in made if rule.draft.level >= EXACT and not everything]
    together = merged([rule for rule in made if rule.draft.level < EXACT or everything]) + exact
    taken = {rule.id for rule in rules.policy.rules if rule.effect is not Effect.PERMIT}
    blocklist = rules.policy.blocklist
    taken |= {entry.id for entry in blocklist.rules} if blocklist is not None else set()
    for rule in together:
        stem = rule.draft.base or f"proposed-{rule.draft.place}"
        name, number = stem, 1
        while name in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add(name)
        rule.id = name
    return together
