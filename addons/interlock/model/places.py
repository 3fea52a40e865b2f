"""Where operations stood: a JSON Pointer, and an offset in the text at that pointer.

`place` (RFC 6901) names a string in the body; where that string is a JSON document itself, the pointer goes on into the
document. `arguments["at"]` is an offset into this string as it reads once JSON is decoded, in Unicode code points, of
where the operation's own `text` begins. A text that does not stand there as it is, because it was decoded (then
`arguments["how"]` names the encodings) or put together, has the offset of what it came from: the encoded run, the word,
or the command. All that such a text holds has that same offset.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from interlock.model.operation import Operation
from interlock.model.values import JSON

__all__ = ["CALLERS", "changed", "filled", "moved", "offset", "renamed", "settled"]


CALLERS = frozenset(("tool", "mcp", "graphql"))
"""Protocols of whole values, whose arguments are their callers' own: what these call `at` is no offset."""


def offset(operation: Operation) -> int:
    """Where the operation's text begins; 0 where nothing is said of that."""
    found = operation.arguments.get("at")
    return found if type(found) is int and operation.protocol not in CALLERS else 0


def changed(operations: Iterable[Operation], change: Callable[[Operation], Operation]) -> tuple[Operation, ...]:
    """The operations with each of them, and each that they nest, as `change` gives it; outer ones are asked first."""
    found: list[Operation] = []
    for one in operations:
        told = change(one)
        found.append(_nesting(told, changed(told.nested, change)) if told.nested else told)
    return tuple(found)


def moved(operations: Iterable[Operation], by: int | Callable[[int], int]) -> tuple[Operation, ...]:
    """Operations of a text that begins `by` characters into the one around it; or what tells new offsets from old."""
    found = tuple(operations)
    if isinstance(by, int):
        return changed(found, lambda one: _with(one, {"at": offset(one) + by})) if by else found
    return changed(found, lambda one: _with(one, {"at": by(offset(one))}))


def settled(operations: Iterable[Operation], at: int, how: str = "") -> tuple[Operation, ...]:
    """Operations of a text that was decoded or put together from what stands at an offset."""
    where: dict[str, JSON] = {"at": at, "how": how} if how else {"at": at}
    return changed(operations, lambda one: _with(one, where))


def filled(operations: Iterable[Operation], at: int = 0) -> tuple[Operation, ...]:
    """Operations, each with an offset: where one says none, that of the operation it is nested in."""
    found: list[Operation] = []
    for one in operations:
        told = one if type(one.arguments.get("at")) is int else _with(one, {"at": at})
        inner = filled(told.nested, offset(told)) if told.nested else ()
        found.append(told if inner == told.nested else _nesting(told, inner))
    return tuple(found)


def renamed(operations: Iterable[Operation], known: str, place: str) -> tuple[Operation, ...]:
    """Operations that were looked for under another name: what stands at or below a pointer really does at `place`."""

    def found(one: Operation) -> Operation:
        if one.place != known and not one.place.startswith(known + "/"):
            return one
        return _made(one, one.arguments, one.nested, place + one.place[len(known) :])

    return changed(operations, found)


def _with(operation: Operation, where: Mapping[str, JSON]) -> Operation:
    return _made(operation, {**operation.arguments, **where}, operation.nested)


def _nesting(operation: Operation, nested: tuple[Operation, ...]) -> Operation:
    return _made(operation, operation.arguments, nested)


def _made(
    operation: Operation, arguments: Mapping[str, JSON], nested: tuple[Operation, ...], place: str | None = None
) -> Operation:
    return Operation(  # `dataclasses.replace` takes several times as long
        operation.protocol,
        operation.action,
        operation.resource,
        operation.access,
        arguments,
        operation.text,
        operation.place if place is None else place,
        nested,
        operation.covered,
        operation.agent,
    )
