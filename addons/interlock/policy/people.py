"""Reads `to:` and `by:`: whom a rule speaks about. Lists are "any of", members are "and"."""

from __future__ import annotations

from collections.abc import Collection

from interlock.model import Effect
from interlock.policy.condition import all_of, known_members, read_tests
from interlock.policy.context import Context, Test
from interlock.policy.rule import Reviewers
from interlock.schema import Reader
from interlock.source import Node

__all__ = ["read_reviewers", "read_to"]

_ANYONE = "anyone"
_MOST_PEOPLE = 20


def read_to(node: Node, effect: Effect, reader: Reader, identities: Collection[str]) -> Test | None:
    """The test for `to:`; None where it says `anyone`."""
    if isinstance(node.value, str):
        if node.value != _ANYONE:
            reader.error(node, f"to cannot be {node.value!r}", "to: anyone, or to: {from: IDENTITY, groups: [...]}")
        return None
    return _people(node, "to", (), effect, reader, identities)[0]


def read_reviewers(node: Node, reader: Reader, identities: Collection[str]) -> Reviewers | None:
    """Who may approve, from `by:`; None after telling the reader what is wrong."""
    test, members = _people(node, "by", ("people",), Effect.PERMIT, reader, identities)
    if "claims" in members:
        hint = "only identity, subject, groups and whom they act for are kept with a vote: map the claim to a group"
        reader.error(members["claims"], "by cannot go by other claims", hint)
    people = reader.number(members.get("people"), "people", 1, low=1, high=_MOST_PEOPLE)
    words = (f"{name} {_words(entry.value)}" for name, entry in members.items() if name != "people")
    return Reviewers(test, people, ", ".join(words)) if test else None


def _words(value: object) -> str:
    """What stands in the rules, as words."""
    if isinstance(value, list):
        return " or ".join(_words(item.value) for item in value)
    if isinstance(value, dict):
        return " and ".join(f"{name} {_words(item.value)}" for name, item in value.items())
    return str(value)


def _people(
    node: Node, what: str, extra: Collection[str], effect: Effect, reader: Reader, identities: Collection[str]
) -> tuple[Test | None, dict[str, Node]]:
    members = reader.mapping(node, what, optional=("from", *known_members("to"), *extra))
    if isinstance(node.value, dict) and not set(members) - set(extra):
        reader.error(node, f"{what} names nobody", f"as in {what}: {{groups: [analyst]}}")
    tests = list(read_tests("to", members, effect, reader))
    if "from" in members:
        name = reader.text(members["from"], "from")
        if reader.known(members["from"], "identity", name, identities):
            tests.insert(0, _from(name))
    elif members and len(identities) > 1:
        hint = "add from: with one of " + ", ".join(identities)
        reader.error(node, f"{what} must say which identity it means, now that there are several", hint)
    return all_of(tuple(tests)), members


def _from(name: str) -> Test:
    def test(context: Context) -> bool:
        return context.principal.identity == name

    return test
