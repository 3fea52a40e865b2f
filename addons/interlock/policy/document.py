"""Reads `policy:` into rules, strictly: what is ambiguous, refers to nothing or could never match is an
error.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from interlock.errors import InterlockError, Place
from interlock.model import Effect
from interlock.policy.argument import argument_members, read_about
from interlock.policy.attesting import meaning_of, read_attest
from interlock.policy.blocklist import Blocklist
from interlock.policy.condition import all_of, known_members, read_tests
from interlock.policy.context import Test
from interlock.policy.pattern import Pattern, compile_pattern
from interlock.policy.people import read_reviewers, read_to
from interlock.policy.reach import AGENT, MODELS, why_never
from interlock.policy.rule import EVERYWHERE, Policy, Reviewers, Rule, build_policy
from interlock.schema import Reader
from interlock.settings import Connection
from interlock.source import Node

__all__ = ["read_policy"]

_EFFECTS: Mapping[str, Effect] = {
    "permit": Effect.PERMIT,
    "review": Effect.REVIEW,
    "forbid": Effect.FORBID,
    "break-glass": Effect.REVIEW,
}
_MEMBERS = ("on", "to", "when", "mask", "mode", "message", "remedy")
_REVIEW_ONLY = ("by", "hold", "expires", "grant")
_ATTEST = "attest"
_HOLD = 50.0
_EXPIRES = 15 * 60.0
_GLASS = "break-glass"
_GLASS_MAX = 60 * 60.0
_GLASS_PEOPLE = 2


@dataclass(frozen=True, slots=True)
class _Known:
    connections: Mapping[str, Connection]
    identities: Collection[str]
    issuers: Mapping[str, str]
    masks: Collection[str]
    languages: Collection[str]
    taken: dict[str, Place]


def read_policy(
    node: Node | None,
    reader: Reader,
    *,
    connections: Sequence[Connection] = (),
    identities: Collection[str] = (),
    masks: Collection[str] = (),
    blocklist: Blocklist | None = None,
    languages: Collection[str] = (),
) -> Policy:
    """The `policy:` section together with the blocklist, compiled. Everything wrong goes to `reader`.

    `on: "*"` means every connection; a rule that forbids then holds for what the agent runs itself too, one that
    permits or reviews does so only where `agent` is written: silence never widens a permission.
    `identities` (or a mapping of them to their issuers) and `masks` are the names rules may refer to; `languages` are
    languages of commands beyond those this version knows.
    """
    taken = {rule.id: rule.place for rule in blocklist.rules} if blocklist else {}
    named = {connection.name: connection for connection in connections}
    issuers = identities if isinstance(identities, Mapping) else {}
    known = _Known(named, tuple(identities), issuers, tuple(masks), tuple(languages), taken)
    found = [_rule(item, reader, known) for item in reader.items(node, "policy")]
    # ids that stand twice are errors by now; the index wants each once
    rules = {rule.id: rule for rule in found if rule is not None}
    return build_policy(
        tuple(rules.values()),
        blocklist,
        named,
        [name for name, connection in named.items() if connection.protocol in MODELS],
    )


def _rule(item: Node, reader: Reader, known: _Known) -> Rule | None:
    members = reader.mapping(
        item,
        "a rule",
        required=("id",),
        optional=(*_EFFECTS, *_MEMBERS, *argument_members(), *_REVIEW_ONLY, _ATTEST),
    )
    get = members.get
    name = _name(item, get("id"), reader, known)
    word = _word(item, members, reader)
    if word is None:
        return None
    effect, glass = _EFFECTS[word], word == _GLASS
    _check_members(members, effect, word, reader)
    on = _on(item, get("on"), effect, reader, known)
    patterns = _patterns(members[word], on, reader, known)
    attest = read_attest(get(_ATTEST), get("to"), effect, reader, known.identities)
    asks = effect is Effect.REVIEW or (attest is not None and attest.overdue is Effect.REVIEW)
    return Rule(
        id=name,
        effect=effect,
        patterns=patterns,
        on=frozenset(on) - {AGENT, EVERYWHERE},
        everywhere=EVERYWHERE in on,
        agent=AGENT in on or (EVERYWHERE in on and effect is Effect.FORBID),
        test=_test(item, members, effect, reader, known),
        to=read_to(members["to"], effect, Reader(), known.identities) if "to" in members else None,
        about=read_about(members, effect, patterns, reader),
        masks=_masks(get("mask"), reader, known),
        report=reader.choice(get("mode"), "mode", ("enforce", "report"), "enforce") == "report",
        remedy=" ".join(reader.text(get(word), word) for word in ("message", "remedy") if word in members),
        by=_by(get("by"), glass, reader, known) if effect is Effect.REVIEW or not asks or attest is None else attest.by,
        hold=reader.duration(get("hold"), "hold", _HOLD) if asks else 0.0,
        expires=reader.duration(get("expires"), "expires", _EXPIRES) if asks else 0.0,
        grant=_grant(get("grant"), reader, _GLASS_MAX if glass else 0.0),
        glass=glass,
        attest=attest,
        meaning=meaning_of(item, known.connections, known.issuers) if effect is not Effect.FORBID else "",
        place=item.place,
    )


def _name(item: Node, node: Node | None, reader: Reader, known: _Known) -> str:
    name = reader.name(node, "id")
    first = known.taken.setdefault(name, item.place)
    if name and first is not item.place:
        reader.error(item, f"id {name!r} is taken", f"the first is at {first}; rename one of them")
    return name


def _by(node: Node | None, glass: bool, reader: Reader, known: _Known) -> Reviewers | None:
    found = read_reviewers(node, reader, known.identities) if node is not None else None
    if glass and node is not None and found is not None and found.people < _GLASS_PEOPLE:
        reader.error(node, "breaking glass takes two people", "add people: 2")
    return found


def _word(item: Node, members: Mapping[str, Node], reader: Reader) -> str | None:
    """What the rule says."""
    named = [word for word in _EFFECTS if word in members]
    if len(named) == 1:
        return named[0]
    if isinstance(item.value, dict):
        message = "a rule says one of permit, review and forbid"
        reader.error(item, message, "split it into one rule for each" if named else "as in permit: [sql.read]")
    return None


def _check_members(members: Mapping[str, Node], effect: Effect, word: str, reader: Reader) -> None:
    """What has no meaning with this effect, and what must be written out."""
    if word == _GLASS and "hold" in members:
        reader.error(members["hold"], "nothing waits for an emergency to be declared", "leave hold out")
    if _ATTEST in members and word not in ("permit", "review"):
        reader.error(members[_ATTEST], f"{word} gives nothing that could be attested", "leave attest out")
    if effect is not Effect.REVIEW:
        for name in _REVIEW_ONLY:
            if name in members:
                reader.error(members[name], f"{name} belongs to rules that review", "write review:, or leave it out")
    elif "by" not in members:
        reader.error(members[word], "a rule that reviews must say who approves", "as in by: {groups: [dba]}")
    if effect is Effect.FORBID:
        if "mask" in members:
            reader.error(members["mask"], "what is forbidden has nothing to mask", "leave mask out")
        return
    mode = members.get("mode")
    if mode is not None and mode.value == "report":
        reader.error(mode, "only a rule that forbids can be in mode: report", "a report never permits; leave mode out")
    if effect is Effect.PERMIT:
        for name in ("message", "remedy"):
            if name in members:
                reader.error(members[name], f"{name} is for what is stopped", "leave it out of a rule that permits")


def _on(item: Node, node: Node | None, effect: Effect, reader: Reader, known: _Known) -> tuple[str, ...]:
    """The places a rule speaks about. Not written, it is everywhere for a rule that forbids, an error
    otherwise.
    """
    if node is None:
        if effect is not Effect.FORBID:
            hint = 'on: [a-connection], on: agent for what the agent runs itself, or on: "*"'
            reader.error(item, "a rule must say on which connections", hint)
        return (EVERYWHERE,)
    names = reader.texts(node, "on")
    for name in names:
        if name == EVERYWHERE and len(names) > 1 and set(names) != {EVERYWHERE, AGENT}:
            reader.error(node, '"*" is every connection already', 'write on: "*" alone')
        elif name not in (EVERYWHERE, AGENT):
            reader.known(node, "connection", name, [*known.connections, AGENT])
    return names


def _patterns(node: Node, on: Sequence[str], reader: Reader, known: _Known) -> tuple[Pattern, ...]:
    found: list[Pattern] = []
    items = [node] if isinstance(node.value, str) else reader.items(node, "operations")
    if not items and isinstance(node.value, list):
        reader.error(node, "the list of operations is empty and would match nothing", "as in [sql.read]")
    for item in items:
        text = reader.text(item, "an operation")
        try:
            pattern = compile_pattern(text, known.languages)
        except InterlockError as error:
            if text:
                reader.error(item, str(error), error.hint)
            continue
        found.append(pattern)
        never = [why_never(pattern, place, known.connections) for place in on if place != EVERYWHERE]
        if never and all(never) and EVERYWHERE not in on:
            reader.error(item, f"{text} could never match: {'; '.join(never)}", "take it out, or widen on:")
    return tuple(found)


def _test(item: Node, members: Mapping[str, Node], effect: Effect, reader: Reader, known: _Known) -> Test | None:
    tests: list[Test] = []
    if "to" in members:
        to = read_to(members["to"], effect, reader, known.identities)
        if to is not None:
            tests.append(to)
    elif effect is not Effect.FORBID:
        reader.error(item, "a rule that permits or reviews must say to whom", "to: {groups: [...]}, or to: anyone")
    if "when" in members:
        when = reader.mapping(members["when"], "when", optional=known_members("when"))
        if not when and isinstance(members["when"].value, dict):
            reader.error(members["when"], "when says nothing", "leave it out, or name a condition")
        tests += read_tests("when", when, effect, reader)
    return all_of(tuple(tests))


def _masks(node: Node | None, reader: Reader, known: _Known) -> frozenset[str]:
    names = reader.texts(node, "mask")
    for name in names:
        if node is not None:
            reader.known(node, "masking rule", name, known.masks)
    return frozenset(names)


def _grant(node: Node | None, reader: Reader, default: float) -> float:
    if node is None:
        return default
    members = reader.mapping(node, "grant", required=("max",))
    return reader.duration(members.get("max"), "max", default)
