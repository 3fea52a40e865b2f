"""`where: {model: "claude-*", max_tokens: {at_most: 8192}}`: the operation's own arguments, by name or JSONPath.

A text (`*` for any characters), a number, true or false, or a list of these: one of them must be there. A mapping
compares: equals, in, matches, less_than, at_most, more_than, at_least, `not` (none of these), exists. A list is judged
item by item, a path with `..` in it also as the path it means. To permit, something must be there and every item fit; a
rule that asks or forbids takes one item that fits, or that cannot be compared. Arguments of tools (`mcp.call`,
`tool.use`) are whatever their callers write.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from interlock.errors import InterlockError
from interlock.model import JSON, Effect, Operation
from interlock.policy.argument import KNOWN, About, Argument
from interlock.policy.compare import COMPARISONS, ORDER, Fits, read_fits
from interlock.policy.condition import typed
from interlock.policy.dot_segments import spellings
from interlock.policy.flag_words import check_flag
from interlock.policy.pattern import ANY, Pattern
from interlock.schema import Reader
from interlock.settings_glob import star
from interlock.source import Node

__all__ = ["PART"]

type _Select = Callable[[Mapping[str, JSON]], Sequence[JSON]]


class _Rule(NamedTuple):
    """How the texts of one argument are compared."""

    wide: bool
    fold: bool
    kind: str


def _read(members: Mapping[str, Node], effect: Effect, patterns: Sequence[Pattern], reader: Reader) -> About | None:
    node = members["where"]
    if not isinstance(node.value, dict) or not node.value:
        reader.error(node, "where must be a mapping of arguments to values", 'as in where: {model: "claude-*"}')
        return None
    tests: list[About] = []
    for name, value in node.value.items():
        select, kind = _select(name, node, reader), _kind(name, node, patterns, reader)
        if name == "flags" and kind:
            _check_flags(value, reader)
        rule = _Rule(effect is not Effect.PERMIT, {entry.protocol for entry in patterns} == {"sql"}, kind)
        if select is not None:
            tests.append(_compared(select, value, rule, reader))
    return lambda operation: all(test(operation) for test in tests)


def _check_flags(node: Node, reader: Reader) -> None:
    """A misspelt flag is an error here too: a rule that forbids by it would forbid nothing."""
    inner = node.value.values() if isinstance(node.value, dict) else node.value
    if isinstance(inner, str):
        check_flag(node, inner, reader)
    elif not isinstance(inner, bool | int | float | None):
        for item in inner:
            _check_flags(item, reader)


def _kind(name: str, node: Node, patterns: Sequence[Pattern], reader: Reader) -> str:
    """The kind of an argument; empty where callers name their own. One that an operation never has is an error."""
    kinds = set()
    for pattern in patterns:
        known = KNOWN.get(pattern.protocol)
        if known is None or pattern.protocol == ANY or name.startswith("$"):
            kinds.add("")
        elif name in known:
            kinds.add(known[name])
        else:
            reader.known(Node(None, node.keys[name]), f"{pattern.text}: argument", name, known)
    return kinds.pop() if len(kinds) == 1 else ""


def _select(name: str, node: Node, reader: Reader) -> _Select | None:
    if not name.startswith("$"):
        return lambda arguments: _flat(arguments.get(name))
    from interlock.paths import compile_path

    try:
        path = compile_path(name)
    except InterlockError as error:
        reader.error(node.keys[name], str(error), error.hint)
        return None
    return lambda arguments: [item for _, found in path.select(dict(arguments)) for item in _flat(found)]


def _flat(value: JSON) -> Sequence[JSON]:
    if value is None:
        return ()
    return value if isinstance(value, list) else (value,)


def _compared(select: _Select, node: Node, rule: _Rule, reader: Reader) -> About:
    if not isinstance(node.value, dict):
        return _judged(select, [_any_of(node, rule, reader)], rule.wide)
    members = reader.mapping(node, "a comparison", optional=(*COMPARISONS, "not", "exists"))
    if not members:
        reader.error(node, "the comparison says nothing", "as in {at_most: 8192}")
    if "exists" in members:
        wanted = reader.flag(members["exists"], "exists")
        if len(members) > 1:
            reader.error(members["exists"], "exists stands alone", "the other comparisons need something there anyway")
        return lambda operation: bool(select(operation.arguments)) is wanted
    fits = [_comparison(name, value, rule, reader) for name, value in members.items()]
    # that nothing is there is sure only where the gateway itself says what is
    absent = list(members) == ["not"] and rule.kind != ""
    return _judged(select, fits, rule.wide, absent)


def _judged(select: _Select, fits: list[Fits], wide: bool, absent: bool = False) -> About:
    def told(operation: Operation) -> list[JSON]:
        return [spelled for value in select(operation.arguments) for spelled in spellings(value, wide)]

    def every(operation: Operation) -> bool:
        found = told(operation)
        return all(fit(value) for value in found for fit in fits) if found else absent

    def some(operation: Operation) -> bool:
        return any(all(fit(value) for fit in fits) for value in told(operation))

    return some if wide else every


def _comparison(name: str, node: Node, rule: _Rule, reader: Reader) -> Fits:
    if name == "not":
        unwanted = _any_of(node, rule._replace(wide=not rule.wide), reader)
        return lambda value: not unwanted(value)
    if (name in ORDER and rule.kind in ("text", "flag")) or (name == "matches" and rule.kind in ("number", "flag")):
        reader.error(node, f"{name} could never match: the argument is a {rule.kind}", "leave it out")
    return read_fits(name, node, rule.wide, reader)


def _any_of(node: Node, rule: _Rule, reader: Reader) -> Fits:
    """One of several values; texts are patterns. A value of another kind than the argument's own never matches."""
    items = node.value if isinstance(node.value, list) else [node]
    if not items:
        reader.error(node, "an empty list would match nothing", "leave it out or name a value")
    fits: list[Callable[[str], bool]] = []
    scalars = set()
    for item in items:
        kind = _kind_of(item.value)
        if not kind or (rule.kind in ("text", "number", "flag") and kind != rule.kind):
            needs = (
                f"the argument is a {rule.kind}" if kind and rule.kind else "compare with text, a number, true or false"
            )
            reader.error(item, f"this value could never match: {needs}", "put it in quotes if it is text")
        elif isinstance(item.value, str):
            fits.append(star(item.value.casefold() if rule.fold else item.value))
        else:
            scalars.add(typed(item.plain()))

    def fit(value: JSON) -> bool:
        if isinstance(value, str):
            word = value.casefold() if rule.fold else value
            return any(matches(word) for matches in fits)
        return typed(value) in scalars or (rule.wide and isinstance(value, dict | list))

    return fit


def _kind_of(value: object) -> str:
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, int | float):
        return "number"
    return "text" if isinstance(value, str) and value else ""


PART = Argument("where", ("where",), _read)
