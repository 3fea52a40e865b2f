"""Finds wanted places of a JSON text by taking apart only the objects and arrays on the way to them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from itertools import accumulate
from typing import NamedTuple

import msgspec

__all__ = ["Member", "members_of"]

_BLANK = rb"[ \t\r\n]*"
_KEY = re.compile(_BLANK + rb"[{,]" + _BLANK + rb'("[^"\\]*+(?:\\.[^"\\]*+)*+")' + _BLANK + b":" + _BLANK, re.DOTALL)
_BEFORE = re.compile(_BLANK + rb"[\[,]" + _BLANK)
_OBJECT = ord("{")
_FEW = 2
_LAST = {_OBJECT: re.compile(_BLANK + rb"\}"), ord("["): re.compile(_BLANK + rb"\]")}
_EMPTY = {_OBJECT: re.compile(rb"\{" + _BLANK + rb"\}"), ord("["): re.compile(rb"\[" + _BLANK + rb"\]")}

_objects = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_arrays = msgspec.json.Decoder(list[msgspec.Raw]).decode


class Member(NamedTuple):
    """One member or element: its name or index, where its name stands (both 0 in arrays), where its value does."""

    name: str | int
    key_start: int
    key_end: int
    start: int
    end: int


def members_of(body: bytes, start: int, end: int, names: Collection[str | int] | None = None) -> list[Member] | None:
    """What an object or array, `body[start:end]`, holds, in its order; with `names`, at least those of them.

    None where that cannot be said for sure, as where a name stands twice.
    """
    view = memoryview(body)[start:end]
    try:
        if body[start] != _OBJECT:
            elements = _arrays(view)
            alike = _alike(body, start, end, elements, names) if names is not None else None
            if alike is not None:
                return alike
        items: Iterable[tuple[str | int, msgspec.Raw]]
        items = _objects(view).items() if body[start] == _OBJECT else enumerate(elements)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    found = _found(body, start, items)
    if found is None:
        return None
    at = found[-1].end if found else start
    last = (_LAST if found else _EMPTY)[body[start]].match(body, at, end)
    return found if last is not None and last.end() == end else None


def _alike(
    body: bytes, start: int, end: int, elements: list[msgspec.Raw], names: Collection[str | int]
) -> list[Member] | None:
    """Some elements of an array with the same bytes between any two of them, as programs write it."""
    if len(elements) < _FEW:
        return None
    first = _BEFORE.match(body, start)
    at = first.end() if first is not None else start
    second = _BEFORE.match(body, at + len(memoryview(elements[0])))
    between = second.group() if second is not None else b""
    whole = between.join(map(memoryview, elements))
    last = _LAST[body[start]].match(body, at + len(whole), end)
    if not between or not body.startswith(whole, at) or last is None or last.end() != end:
        return None
    ends = list(accumulate(len(memoryview(element)) + len(between) for element in elements))
    found = []
    for index in sorted(name for name in names if isinstance(name, int) and 0 <= name < len(elements)):
        begins = at + (ends[index - 1] if index else 0)
        found.append(Member(index, 0, 0, begins, at + ends[index] - len(between)))
    return found


def _found(body: bytes, at: int, items: Iterable[tuple[str | int, msgspec.Raw]]) -> list[Member] | None:
    """Members, if the bytes are those that were read."""
    found = []
    for name, raw in items:
        named = type(name) is str
        match = (_KEY if named else _BEFORE).match(body, at)
        if match is None or (named and _text(match[1]) != name):
            return None
        value, start = bytes(raw), match.end()  # bytes are compared at once, views byte by byte
        if not body.startswith(value, start):
            return None
        at = start + len(value)
        key_start, key_end = match.span(1) if named else (0, 0)
        found.append(Member(name, key_start, key_end, start, at))
    return found


def _text(token: bytes) -> str:
    if b"\\" not in token:
        return token[1:-1].decode()
    return msgspec.json.decode(token, type=str)
