"""Operations as an event keeps them (`packing`), read back: a list in which each names the one it is nested in.

    {"name": "sql.ddl", "access": "ddl", "place": "/query", "in": 0, "arguments": {"tables": ["customers"], ...}}

The flat lists of format 1 are read too.
"""

from __future__ import annotations

from collections.abc import Mapping

from interlock.model import JSON, Access, Operation
from interlock.recording.bounded import restore_numbers
from interlock.recording.format_1 import CARRIERS, is_old, old_operation

__all__ = ["detail", "is_whole", "unpack"]

_MAX_SAME = 8  # calls in calls that have the same arguments: a tool, and the MCP call that it is
_UNREAD = "(not kept)"
_ACCESS = {access.name.lower(): access for access in Access}


def unpack(items: JSON, *, agent: bool = False, covered: bool = False) -> tuple[Operation, ...]:
    """The operations of a list that `pack` made, or of one of format 1; what is no operation is passed over.

    Format 1 did not say whether the agent runs an operation, nor whether its connection covers a carrier: the caller
    tells it for all of them. There, everything is nested in the first operation where that one is a carrier. Never
    raises, whatever the list holds.
    """
    listed = items if isinstance(items, list) else []
    nested: list[list[Operation]] = [[] for _ in listed]
    roots: list[Operation] = []
    old = is_old(listed)
    for index in range(len(listed) - 1, -1, -1):
        item = listed[index]
        if not isinstance(item, dict) or not isinstance(item.get("name"), str):
            continue
        inner = tuple(reversed(nested[index]))
        operation = old_operation(item, inner, agent, covered) if old else _one(listed, index, item, inner)
        parent = _parent(listed, index, old)
        (roots if parent < 0 else nested[parent]).append(operation)
    return tuple(reversed(roots))


def _one(listed: list[JSON], index: int, item: dict[str, JSON], inner: tuple[Operation, ...]) -> Operation:
    protocol, _, action = _text(item, "name").partition(".")
    argued = _arguments(listed, index)
    return Operation(
        protocol,
        action,
        _text(item, "resource"),
        _ACCESS.get(_text(item, "access"), Access.UNKNOWN),
        argued,
        _UNREAD if item.get("said") is True else "",
        _text(item, "place"),
        inner,
        item.get("covered") is True,
        item.get("agent") is True,
    )


def _arguments(listed: list[JSON], index: int) -> Mapping[str, JSON]:
    for _ in range(_MAX_SAME):
        item = listed[index]
        if not isinstance(item, dict) or item.get("same") is not True:
            break
        index = _parent(listed, index, old=False)
        if index < 0:
            return {}
    else:
        return {}
    found = item.get("arguments") if isinstance(item, dict) else None
    if isinstance(item, dict) and found is None and "cut" not in item:
        name = _text(item, "name")
        return {"method": name[5:].upper(), "path": _text(item, "resource")} if name.startswith("http.") else {}
    if not isinstance(found, dict):
        return {}
    numbers = item.get("numbers") if isinstance(item, dict) else None
    return restore_numbers(found, numbers) if isinstance(numbers, list) else found


def _parent(listed: list[JSON], index: int, old: bool) -> int:
    """The index of the operation around one; it has to stand before it."""
    item = listed[index]
    if old:
        first = listed[0]
        return 0 if index and isinstance(first, dict) and _text(first, "name").partition(".")[0] in CARRIERS else -1
    found = item.get("in") if isinstance(item, dict) else None
    return found if type(found) is int and 0 <= found < index and isinstance(listed[found], dict) else -1


def is_whole(items: JSON) -> bool:
    """Whether a list holds all there was: what was cut, and what format 1 left out, is decided about only roughly."""
    listed = items if isinstance(items, list) else []
    return bool(listed) and not is_old(listed) and not any(
        isinstance(item, dict) and ("cut" in item or "more" in item) for item in listed
    )  # fmt: skip


def detail(item: Mapping[str, JSON], name: str) -> JSON:
    """An argument of a packed operation, or of one of format 1; None where it has none."""
    argued = item.get("arguments")
    return argued.get(name) if isinstance(argued, dict) else item.get(name)


def _text(item: Mapping[str, JSON], name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""
