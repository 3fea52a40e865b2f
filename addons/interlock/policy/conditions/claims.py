"""`claims: {department: [finance], "$.realm.roles[*]": auditor}`: claims of the verified token, by name or
JSONPath.

Members are "and", lists are "any of". A claim that is itself a list holds when any of its items does. Types
count: `true` is not `1` and `"1"` is not `1`. A claim that is absent never holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from interlock.errors import InterlockError
from interlock.model import JSON, Effect
from interlock.policy.condition import Condition, all_of, typed
from interlock.policy.context import Context, Test
from interlock.schema import Reader
from interlock.source import Node

__all__ = ["PART"]

type Claims = Mapping[str, JSON]


def _read(members: Mapping[str, Node], effect: Effect, reader: Reader) -> Test | None:
    node = members["claims"]
    if not isinstance(node.value, dict) or not node.value:
        reader.error(node, "claims must be a mapping of claims to values", "as in claims: {department: [finance]}")
        return None
    tests = [_claim(name, value, node, reader) for name, value in node.value.items()]
    return all_of(tuple(test for test in tests if test is not None))


def _claim(name: str, value: Node, node: Node, reader: Reader) -> Test | None:
    wanted = frozenset(typed(item.plain()) for item in _wanted(value, reader))
    select = _selector(name, node, reader)
    if select is None or not wanted:
        return None

    def test(context: Context) -> bool:
        return any(typed(found) in wanted for found in select(context.principal.claims))

    return test


def _wanted(value: Node, reader: Reader) -> list[Node]:
    items = value.value if isinstance(value.value, list) else [value]
    if not items:
        reader.error(value, "an empty list would match nothing", "leave the claim out or name a value")
    for item in items:
        if isinstance(item.value, dict | list) or item.value is None:
            reader.error(item, "a claim is compared with text, a number, true or false")
    return [item for item in items if not isinstance(item.value, dict | list)]


def _selector(name: str, node: Node, reader: Reader) -> Callable[[Claims], Iterable[JSON]] | None:
    if not name.startswith("$"):
        return lambda claims: _flat(claims[name]) if name in claims else ()
    from interlock.paths import compile_path

    try:
        path = compile_path(name)
    except InterlockError as error:
        reader.error(node.keys[name], str(error), error.hint)
        return None
    return lambda claims: [item for _, found in path.select(dict(claims)) for item in _flat(found)]


def _flat(value: JSON) -> Iterable[JSON]:
    return value if isinstance(value, list) else (value,)


PART = Condition("claims", "to", ("claims",), _read)
