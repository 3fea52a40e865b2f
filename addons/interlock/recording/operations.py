"""Operations as an event keeps them, and back: a list in which each names the one it is nested in by its index.

    {"name": "sql.ddl", "access": "ddl", "place": "/query", "in": 0, "arguments": {"tables": ["customers"], ...}}

Everything a decision looks at is kept but an operation's `text`, which is a command as it was written: that it had
one is said (`said`) where a decision asks for that. What comes from traffic was masked by a `Show`; what is too much is
left out and marked `cut`, and a list that is not whole ends in `{"more": n}`. The flat lists of format 1 are read too.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Protocol

from interlock.model import JSON, Access, Operation
from interlock.model.places import CALLERS
from interlock.recording.bounded import Bounded, restore_numbers
from interlock.recording.format_1 import CARRIERS, is_old, old_operation

__all__ = ["MAX_OPERATIONS", "Plain", "Show", "detail", "is_whole", "pack", "unpack"]

MAX_OPERATIONS = 400
"""Operations of one event; the rest is counted."""
_MAX_CHARACTERS = 100_000  # of the arguments of one event: an event has room for them, however they are escaped
_REMEMBERED, _MAX_KEPT = 2048, 4000  # arguments, and characters of each
_MAX_SAME = 8  # calls in calls that have the same arguments: a tool, and the MCP call that it is
_UNREAD = "(not kept)"
_WORDS = {access: access.name.lower() for access in Access}
_ACCESS = {word: access for access, word in _WORDS.items()}


class Show(Protocol):
    """What may be shown of operations that come from traffic. Nothing here raises; None is said where nothing may.

    `key` tells what is remembered under one mask from what is under another.
    """

    key: object

    def word(self, text: str) -> str:
        """A name or a path."""

    def told(self, operation: Operation) -> Mapping[str, JSON] | None:
        """The arguments of an operation of a language: what was read in a command, a path, a request to a model."""

    def given(self, operation: Operation) -> Mapping[str, JSON] | None:
        """The arguments of a call: its caller's own values."""


class Plain:
    """Shows everything as it is: for where nothing is masked."""

    key: object = None

    def word(self, text: str) -> str:
        """The text itself."""
        return text

    def told(self, operation: Operation) -> Mapping[str, JSON] | None:
        """The arguments themselves."""
        return operation.arguments

    given = told


_PLAIN = Plain()


def pack(operations: Sequence[Operation], show: Show = _PLAIN, *, ready: bool = False) -> list[JSON]:
    """The operations with all that they nest, outermost first, as JSON. Linear, and bounded whatever they hold.

    `ready` is for what is written at once: arguments that are remembered stand in it as the bytes that they become.
    """
    found: list[JSON] = []
    packed: list[Operation] = []
    left = _MAX_CHARACTERS
    todo = [(operation, -1) for operation in reversed(operations)]
    while todo:
        operation, parent = todo.pop()
        index = len(found)
        if index >= MAX_OPERATIONS:
            found.append({"more": sum(len(one.walk()) for one, _ in todo) + len(operation.walk())})
            break
        item = _item(operation, parent, show)
        if operation.arguments:
            if parent >= 0 and operation.protocol in CALLERS and operation.arguments == packed[parent].arguments:
                item["same"] = True
            elif operation.protocol != "http" or not _plain_http(operation):
                left -= _add(item, _argued(operation, show), left, ready)
        elif not index or operation.protocol == "http":
            item["arguments"] = {}
        found.append(item)
        packed.append(operation)
        todo.extend([(inner, index) for inner in reversed(operation.nested)])
    return found


def _item(operation: Operation, parent: int, show: Show) -> dict[str, JSON]:
    action = operation.action if ":" not in operation.action else show.word(operation.action)
    item: dict[str, JSON] = {
        "name": f"{operation.protocol}.{action}", "access": _WORDS[operation.access], "place": operation.place,
    }  # fmt: skip
    if parent >= 0:
        item["in"] = parent
    if operation.resource:
        item["resource"] = show.word(operation.resource)
    if operation.covered:
        item["covered"] = True
    if operation.agent:
        item["agent"] = True
    if operation.text and operation.access is Access.UNKNOWN:
        item["said"] = True
    return item


_kept: OrderedDict[tuple[int, object], tuple[Mapping[str, JSON], Bounded]] = OrderedDict()


def _argued(operation: Operation, show: Show) -> Bounded:
    """Its arguments, bounded. A text that is remembered has the same ones each time, so they are shown once."""
    if operation.protocol in CALLERS:
        return Bounded(show.given(operation))
    if not operation.text:
        return Bounded(show.told(operation))
    key = id(operation.arguments), show.key
    known = _kept.get(key)
    if known is not None and known[0] is operation.arguments:
        return known[1]
    bounded = Bounded(show.told(operation))
    if bounded.size > _MAX_KEPT:
        return bounded
    bounded.kept = True
    _kept[key] = operation.arguments, bounded
    if len(_kept) > _REMEMBERED:
        _kept.popitem(last=False)
    return bounded


def _plain_http(operation: Operation) -> bool:
    """Whether the arguments of a request say no more than its name and resource do."""
    told = operation.arguments
    return len(told) == 2 and told.get("path") == operation.resource and told.get("method") == operation.action.upper()


def _add(item: dict[str, JSON], bounded: Bounded, left: int, ready: bool) -> int:
    """Puts arguments into an item where there is room for them; how many characters they take."""
    if bounded.size > left:
        item["cut"] = True
        return 0
    item["arguments"] = bounded.written() if ready and bounded.kept else bounded.members  # type: ignore[assignment]
    if bounded.cut:
        item["cut"] = True
    if bounded.numbers:
        item["numbers"] = bounded.numbers
    return bounded.size


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
