"""What an argument condition is: one file in `arguments/`, owning members that a rule has beside `to:` and `when:`.

`tables: [orders]`, `flags: {not: [opaque]}`, `where: {model: "claude-*"}` look at each operation that a rule's
patterns name. A rule that permits must be sure: everything has to fit, and what is missing or cannot be told does not.
A rule that asks or forbids must not be talked round: one thing that fits is enough, and what cannot be told fits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from interlock.model import JSON, Effect, Operation
from interlock.policy.pattern import ANY, Pattern
from interlock.registry import parts
from interlock.schema import Reader
from interlock.source import Node

__all__ = ["KNOWN", "About", "Argument", "argument_members", "read_about", "texts_of"]

_LISTS = (list, tuple)

type About = Callable[[Operation], bool]
type Read = Callable[[Mapping[str, Node], Effect, Sequence[Pattern], Reader], About | None]

_SQL = ("kinds", "objects", "tables", "reads", "writes", "columns", "functions", "flags")
_SHELL = ("command", "words", "options", "paths", "hosts", "flags")
_STOOD = {"at": "number", "how": "text", "in": "text"}
"""Where a nested operation stood (`interlock.model.places`)."""
KNOWN: Mapping[str, Mapping[str, str]] = {
    "sql": {**dict.fromkeys(_SQL, "text"), **_STOOD},
    "shell": {**dict.fromkeys(_SHELL, "text"), **_STOOD},
    "http": {**dict.fromkeys(("method", "host", "path", "url", "flags"), "text"), "query": "anything", **_STOOD},
    "model": {
        **dict.fromkeys(("model", "betas", "tools", "type", "host"), "text"),
        **dict.fromkeys(("max_tokens", "requests"), "number"),
        **dict.fromkeys(("stream", "system"), "flag"),
    },
}
"""The arguments of a protocol's operations and their kinds; any other protocol's are its callers' own."""


@dataclass(frozen=True, slots=True)
class Argument:
    """A kind of argument condition: `members` of a rule, and the protocols whose operations have such arguments.

    `read` gets those of its members that were written, the rule's effect and its patterns, and gives the compiled
    test, or None after telling the reader what is wrong. No protocols means any.
    """

    name: str
    members: tuple[str, ...]
    read: Read
    protocols: frozenset[str] = frozenset()


@cache
def _arguments() -> tuple[Argument, ...]:
    from interlock.policy import arguments

    return tuple(parts(arguments, Argument).values())


def argument_members() -> tuple[str, ...]:
    """Every member that some argument condition owns."""
    return tuple(member for part in _arguments() for member in part.members)


def read_about(
    members: Mapping[str, Node], effect: Effect, patterns: Sequence[Pattern], reader: Reader
) -> About | None:
    """The compiled test of a rule's argument conditions, all of which must hold; None where there is none."""
    tests: list[About] = []
    for part in _arguments():
        own = {name: members[name] for name in part.members if name in members}
        if own and _can_match(part, own, patterns, reader):
            test = part.read(own, effect, patterns, reader)
            if test is not None:
                tests.append(test)
    if len(tests) < 2:
        return tests[0] if tests else None
    every = tuple(tests)
    return lambda operation: all(test(operation) for test in every)


def texts_of(value: JSON) -> Sequence[str]:
    """The texts in an argument: one, or those of a list."""
    if isinstance(value, str):
        return (value,)
    return [item for item in value if isinstance(item, str)] if isinstance(value, _LISTS) else ()


def _can_match(part: Argument, own: Mapping[str, Node], patterns: Sequence[Pattern], reader: Reader) -> bool:
    strange = [entry for entry in patterns if part.protocols and entry.protocol not in (*part.protocols, ANY)]
    for pattern in strange:
        for name, node in own.items():
            reader.error(
                node,
                f"{pattern.text} has no {name}: with it the rule could never match",
                f"{name} belongs to {' and '.join(sorted(part.protocols))} operations; write a rule of its own",
            )
    return not strange
