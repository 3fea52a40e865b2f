"""A proposal as YAML that people read: each rule below its evidence, and what it does not give.

Everything in it that comes from traffic is escaped: in a comment it stays on its line, and in a value it is quoted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from interlock.access.drafting import Proposed
from interlock.access.facts import Fact
from interlock.access.needs import Need
from interlock.access.proposing import Left, Proposal
from interlock.approval.shown import escaped
from interlock.model import JSON
from interlock.replay.marks import MASKED

__all__ = ["flow", "left_rows", "patch_text"]

_ORDER = ("permit", "on", "to", "when", "tables", "columns", "flags", "where", "mask", "attest")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*")
_WORDS = frozenset(("true", "false", "null"))
_WIDE = 100
_NAMED = 3
_MOST_LEFT = 50


def patch_text(found: Proposal, *, since: str = "", until: str = "", proof: Sequence[str] = ()) -> str:
    """The file: a head that says what it is, then the rules. It replaces every rule that permits today."""
    head = [
        "Proposed by interlock access propose: the least that permits what was used and approved"
        + _window(since, until) + ".",
        "It takes the place of every rule that permits today; rules that ask or forbid, and the blocklist, stay:",
        f"  out: {', '.join(found.dropped) or 'none'}",
        f"  stay: {', '.join(found.kept) or 'none'}",
        f"Based on {found.used} uses, and {found.forbidden} refusals that none of these rules would let pass.",
        *proof,
    ]  # fmt: skip
    lines = [*(f"# {line}" for line in head), *_left_lines(found.left), "version: 1"]
    lines += ["", "policy:"] if found.rules else []
    for rule in found.rules:
        lines += ["", *(f"  # {line}" for line in _evidence(rule)), f"  - id: {rule.id}"]
        lines += [line for name in _ORDER if name in rule.members for line in _member(name, rule.members[name])]
    return "\n".join(lines) + "\n"


def left_rows(left: Sequence[Left]) -> list[tuple[str, str, str, int, str]]:
    """What was used and is not proposed, counted: who, where, what, how often, why."""
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for one in left:
        need = one.need
        what = f"{need.name} {need.resource}".strip()
        counts[escaped(need.fact.principal.subject), escaped(need.place), escaped(what), one.why] += need.fact.count
    return [(who, place, what, count, why) for (who, place, what, why), count in counts.most_common()]


def flow(value: JSON) -> str:
    """A value in one line of YAML. Texts stand plainly where no reader could take them for anything else."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(name)}: {flow(member)}" for name, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) and value.lower() not in _WORDS else _quoted(value)
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    return str(value)


def _quoted(text: str) -> str:
    found = []
    for char in text:
        code = ord(char)
        if char in '"\\':
            found.append("\\" + char)
        elif 0x20 <= code < 0x7F:
            found.append(char)
        else:
            found.append(f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}")
    return '"' + "".join(found) + '"'


def _member(name: str, value: JSON) -> Iterator[str]:
    line = f"    {name}: {flow(value)}"
    if len(line) <= _WIDE or not isinstance(value, list):
        yield line
        return
    yield f"    {name}:"
    yield from (f"      - {flow(item)}" for item in value)


def _evidence(rule: Proposed) -> Iterator[str]:
    facts = list({id(need.fact): need.fact for need in rule.needs}.values())
    people = Counter[str]()
    for fact in facts:
        people[escaped(fact.principal.subject)] += fact.count
    first, last = min(fact.first for fact in facts), max(fact.last for fact in facts)
    named = ", ".join(name for name, _ in people.most_common(_NAMED)) + (", ..." if len(people) > _NAMED else "")
    often = f"used {sum(people.values())} times by {len(people)} ({named})"
    yield f"{often}, {first[:16]}Z to {last[:16]}Z"
    yield f"e.g. {_examples(facts)}"
    if rule.draft.base:
        yield f"narrows {rule.draft.base}"
    else:
        yield "observed: no rule gives this today"
    yield from _warnings(rule.needs)


def _warnings(needs: Iterable[Need]) -> Iterator[str]:
    kinds = {need.kind.partition("-")[0] for need in needs}
    if "flags" in kinds:
        yield "look twice: these statements reach more than can be seen in them"
    if any(need.protocol == "http" and MASKED.search(need.resource) for need in needs):
        yield "look twice: a name in these paths is masked, so any name there is permitted"
    if any("unknown" in need.name for need in needs):
        yield "look twice: what these commands do could not be told"


def _examples(facts: Sequence[Fact]) -> str:
    return ", ".join(fact.examples[0] for fact in facts[:_NAMED] if fact.examples)


def _left_lines(left: Sequence[Left]) -> Iterator[str]:
    rows = left_rows(left)
    if rows:
        yield "# Used, and not proposed:"
    for who, place, what, count, why in rows[:_MOST_LEFT]:
        yield f"#   {count} x {what} on {place} by {who}: {why}"
    if len(rows) > _MOST_LEFT:
        yield f"#   ... and {len(rows) - _MOST_LEFT} more"


def _window(since: str, until: str) -> str:
    return (f" since {escaped(since)}" if since else "") + (f" until {escaped(until)}" if until else "")
