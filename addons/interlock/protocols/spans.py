"""Where values stand in the bytes of a JSON document, so that a change leaves every other byte as it is.

Only for bytes that `body.read_json` has accepted: no syntax is checked again here.
"""

from __future__ import annotations

import re

import msgspec

__all__ = ["Span", "item_spans", "member_spans", "splice"]

type Span = tuple[int, int]
"""First byte and the one after the last."""

_SPACE = re.compile(rb"[ \t\n\r]*")
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_SCALAR = re.compile(rb"[^\s,\]}]+")
_MARK = re.compile(rb'["\[\]{}]')
_OPEN = (ord("["), ord("{"))
_QUOTE = ord('"')


def member_spans(body: bytes, start: int = 0) -> dict[str, Span]:
    """The values of the object that begins at or after `start`, by name; empty if there is no object."""
    at = _skip(body, start)
    found: dict[str, Span] = {}
    if body[at : at + 1] != b"{":
        return found
    at = _skip(body, at + 1)
    while body[at : at + 1] == b'"':
        end = _value_end(body, at)
        name: str = msgspec.json.decode(body[at:end], type=str)
        first = _skip(body, _skip(body, end) + 1)
        last = _value_end(body, first)
        found[name] = (first, last)
        at = _next(body, last)
    return found


def item_spans(body: bytes, start: int = 0) -> list[Span]:
    """The items of the array that begins at or after `start`; empty if there is no array."""
    at = _skip(body, start)
    found: list[Span] = []
    if body[at : at + 1] != b"[":
        return found
    at = _skip(body, at + 1)
    while at < len(body) and body[at : at + 1] != b"]":
        last = _value_end(body, at)
        found.append((at, last))
        at = _next(body, last)
    return found


def splice(body: bytes, changes: dict[Span, bytes]) -> bytes:
    """`body` with the bytes of each span replaced; spans must not overlap."""
    parts: list[bytes] = []
    at = 0
    for (first, last), text in sorted(changes.items()):
        parts += (body[at:first], text)
        at = last
    return b"".join((*parts, body[at:]))


def _skip(body: bytes, at: int) -> int:
    match = _SPACE.match(body, at)
    return match.end() if match else at


def _next(body: bytes, at: int) -> int:
    at = _skip(body, at)
    return _skip(body, at + 1) if body[at : at + 1] == b"," else at


def _value_end(body: bytes, at: int) -> int:
    """The byte after the value that begins at `at`."""
    first = body[at]
    if first not in _OPEN:
        match = (_STRING if first == _QUOTE else _SCALAR).match(body, at)
        return match.end() if match else len(body)
    depth = 0
    while match := _MARK.search(body, at):
        mark, at = body[match.start()], match.end()
        if mark == _QUOTE:
            text = _STRING.match(body, match.start())
            at = text.end() if text else len(body)
        else:
            depth += 1 if mark in _OPEN else -1
            if depth == 0:
                return at
    return len(body)
