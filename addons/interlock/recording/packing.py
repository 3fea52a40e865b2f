"""Operations -> what an event keeps of them (`operations` reads it back): each names the one it is nested in.

Everything a decision looks at is kept but an operation's `text`, which is a command as it was written: that it had
one is said (`said`) where a decision asks for that. What comes from traffic was masked by a `Show`; what is too much is
left out and marked `cut`, and a list that is not whole ends in `{"more": n}`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec
from msgspec import UNSET, UnsetType, field

from interlock.model import JSON, Access, Operation
from interlock.model.places import CALLERS
from interlock.recording.bounded import Bounded
from interlock.recording.canonical import Written, canonical, members

__all__ = ["MAX_OPERATIONS", "UNREMEMBERED", "Plain", "Show", "pack", "write"]

MAX_OPERATIONS = 400
"""Operations of one event; the rest is counted."""
UNREMEMBERED = object()
"""The key of a mask under which nothing is remembered: what it shows depends on more than the mask."""
_MAX_CHARACTERS = 100_000  # of the arguments of one event: an event has room for them, however they are escaped
_REMEMBERED, _MAX_KEPT = 2048, 4000  # arguments, and characters of each
_FEW, _SHORT, _MOST = 4, 8192, 256  # operations in one that is remembered, characters of each, and of these as many
_WORDS = {access: access.name.lower() for access in Access}


class Show(Protocol):
    """What may be shown of operations that come from traffic. Nothing here raises; None is said where nothing may.

    `key` tells what is remembered under one mask from what is under another (UNREMEMBERED: nothing is).
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


class _Item(Written, kw_only=True):
    """One operation of the list."""

    access: str
    agent: bool | UnsetType = UNSET
    arguments: msgspec.Raw | Mapping[str, JSON] | UnsetType = UNSET
    covered: bool | UnsetType = UNSET
    cut: bool | UnsetType = UNSET
    inside: int | UnsetType = field(default=UNSET, name="in")
    name: str
    numbers: msgspec.Raw | Sequence[JSON] | UnsetType = UNSET
    place: str
    resource: str | UnsetType = UNSET
    said: bool | UnsetType = UNSET
    same: bool | UnsetType = UNSET


class _More(Written, kw_only=True):
    """How many operations were left out."""

    more: int


def pack(operations: Sequence[Operation], show: Show = _PLAIN) -> list[JSON]:
    """The operations with all that they nest, outermost first, as JSON. Linear, and bounded whatever they hold."""
    return [members(item) for item in _packed(operations, show, written=False)]


def write(operations: Sequence[Operation], show: Show) -> msgspec.Raw:
    """The same as the bytes that they become in an event."""
    first = operations[0] if len(operations) == 1 else None
    known = _known.get((id(first), show.key))
    if known is not None and known[0] is first:
        return known[1]
    written = msgspec.Raw(canonical(_packed(operations, show, written=True)))
    if first is not None and show.key is not UNREMEMBERED and _comes_again(first):
        if len(_known) >= _MOST:
            _known.clear()
        _known[id(first), show.key] = first, written
    return written


_known: dict[tuple[int, object], tuple[Operation, msgspec.Raw]] = {}


def _comes_again(operation: Operation) -> bool:
    """Whether it is a request with few and short commands: its adapter gives the same operation for the same ones."""
    nested = operation.nested
    if operation.protocol != "http" or len(nested) > _FEW or not _plain_http(operation):
        return False
    return all(len(one.text) <= _SHORT for one in nested)


def _packed(operations: Sequence[Operation], show: Show, *, written: bool) -> list[_Item | _More]:
    found: list[_Item | _More] = []
    packed: list[Operation] = []
    left = _MAX_CHARACTERS
    todo = [(operation, -1) for operation in reversed(operations)]
    while todo:
        operation, parent = todo.pop()
        index = len(found)
        if index >= MAX_OPERATIONS:
            found.append(_More(more=sum(len(one.walk()) for one, _ in todo) + len(operation.walk())))
            break
        item = _item(operation, parent, show)
        if operation.arguments:
            if parent >= 0 and operation.protocol in CALLERS and operation.arguments == packed[parent].arguments:
                item.same = True
            elif operation.protocol != "http" or not _plain_http(operation):
                left -= _add(item, _argued(operation, show), left, written)
        elif not index or operation.protocol == "http":
            item.arguments = {}
        found.append(item)
        packed.append(operation)
        if operation.nested:
            todo.extend([(inner, index) for inner in reversed(operation.nested)])
    return found


def _item(operation: Operation, parent: int, show: Show) -> _Item:
    action = operation.action if ":" not in operation.action else show.word(operation.action)
    item = _Item(name=f"{operation.protocol}.{action}", access=_WORDS[operation.access], place=operation.place)
    if parent >= 0:
        item.inside = parent
    if operation.resource:
        item.resource = show.word(operation.resource)
    if operation.covered:
        item.covered = True
    if operation.agent:
        item.agent = True
    if operation.text and operation.access is Access.UNKNOWN:
        item.said = True
    return item


_kept: OrderedDict[tuple[int, object], tuple[Mapping[str, JSON], Bounded]] = OrderedDict()


def _argued(operation: Operation, show: Show) -> Bounded:
    """Its arguments, bounded. A text that is remembered has the same ones each time, so they are shown once."""
    if operation.protocol in CALLERS:
        return Bounded(show.given(operation))
    if not operation.text or show.key is UNREMEMBERED:
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


def _add(item: _Item, bounded: Bounded, left: int, written: bool) -> int:
    """Puts arguments into an item where there is room for them; how many characters they take."""
    if bounded.size > left:
        item.cut = True
        return 0
    item.arguments = bounded.written() if written else bounded.members
    if bounded.cut:
        item.cut = True
    if bounded.numbers:
        item.numbers = msgspec.Raw(canonical(bounded.numbers)) if written else bounded.numbers
    return bounded.size
