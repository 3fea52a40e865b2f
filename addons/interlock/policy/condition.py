"""What a condition is: one file in `conditions/`, owning some members of `to:`, `by:` or `when:`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from interlock.model import JSON, Effect
from interlock.policy.context import Context, Test
from interlock.registry import parts
from interlock.schema import Reader
from interlock.source import Node

__all__ = ["Condition", "all_of", "known_members", "read_tests", "typed"]

type Read = Callable[[Mapping[str, Node], Effect, Reader], Test | None]


@dataclass(frozen=True, slots=True)
class Condition:
    """A kind of condition: `members` it owns in a `section` (`to` for people, `when` for circumstances).

    `read` gets those of its members that were written (at least one) and the rule's effect, and gives the
    compiled test, or None after telling the reader what is wrong.
    """

    name: str
    section: str
    members: tuple[str, ...]
    read: Read


@cache
def _conditions() -> tuple[Condition, ...]:
    from interlock.policy import conditions

    return tuple(parts(conditions, Condition).values())


def known_members(section: str) -> tuple[str, ...]:
    """Every member that some condition owns in a section."""
    return tuple(member for part in _conditions() if part.section == section for member in part.members)


def read_tests(section: str, members: Mapping[str, Node], effect: Effect, reader: Reader) -> tuple[Test, ...]:
    """The compiled tests of one `to:`, `by:` or `when:`; all of them must hold."""
    found: list[Test] = []
    for part in _conditions():
        own = {name: members[name] for name in part.members if name in members}
        if part.section == section and own:
            test = part.read(own, effect, reader)
            if test is not None:
                found.append(test)
    return tuple(found)


def all_of(tests: tuple[Test, ...]) -> Test | None:
    """One test that holds when all hold; None when there is nothing to test."""
    if not tests:
        return None
    if len(tests) == 1:
        return tests[0]

    if len(tests) == 2:
        first, second = tests
        return lambda context: first(context) and second(context)

    def every(context: Context) -> bool:
        return all(test(context) for test in tests)

    return every


def typed(value: JSON) -> tuple[str, JSON]:
    """A key under which scalars of different JSON types never meet (`true`, `1` and `"1"` are three values)."""
    if isinstance(value, bool):
        return "boolean", value
    if isinstance(value, int | float):
        return "number", value
    if isinstance(value, str):
        return "text", value
    return ("null", None) if value is None else ("other", id(value))
