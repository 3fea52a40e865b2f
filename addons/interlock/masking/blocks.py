"""The blocks of a conversation: the objects in its long lists, each with its own bytes.

An agent sends its whole conversation again every turn; what was searched once need not be searched again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from interlock.masking.actions import Span
from interlock.paths import Location

__all__ = ["LARGE", "Block", "blocks_of", "inside", "without_blocks"]

LARGE = 8192
"""Smaller bodies are searched faster than they are taken apart."""
_LISTS = frozenset(("messages", "input", "contents", "system", "tools"))
"""Where model APIs hold what grows, and what stays the same."""
_KEY = re.compile(rb'[ \t\r\n]*[{,][ \t\r\n]*("(?:[^"\\]|\\.)*")[ \t\r\n]*:[ \t\r\n]*', re.DOTALL)
_BEFORE = re.compile(rb"[ \t\r\n]*[\[,][ \t\r\n]*")

_END = re.compile(rb"[ \t\r\n]*\}[ \t\r\n]*\Z")

_members = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_elements = msgspec.json.Decoder(list[msgspec.Raw]).decode


class Block(NamedTuple):
    """An object in a list of the document; `text` is its JSON text, `body[start:end]`."""

    name: str
    number: int
    start: int
    end: int
    text: bytes


def blocks_of(body: bytes) -> list[Block] | None:
    """The blocks in their order; None where there are none, or where the bytes and what they hold do not agree."""
    try:
        members = _members(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    if _LISTS.isdisjoint(members):
        return None
    found: list[Block] = []
    at = 0
    for name, raw in members.items():
        match = _KEY.match(body, at)
        value = bytes(raw)
        if match is None or not body.startswith(value, match.end()):
            return None  # a member that stands twice, say
        if name in _LISTS and value[:1] == b"[" and not _list(body, name, value, match.end(), found):
            return None
        at = match.end() + len(value)
    return found if _END.match(body, at) is not None else None


def _list(body: bytes, name: str, value: bytes, at: int, found: list[Block]) -> bool:
    for index, raw in enumerate(_elements(value)):
        element = bytes(raw)
        match = _BEFORE.match(body, at)
        start = match.end() if match is not None else -1
        if start < 0 or not body.startswith(element, start):
            return False
        at = start + len(element)
        if element[:1] == b"{":
            found.append(Block(name, index, start, at, element))
    return True


def without_blocks(body: bytes, blocks: list[Block]) -> bytes:
    """The body with an empty object in the place of each block."""
    pieces, at = [], 0
    for block in blocks:
        pieces += [body[at : block.start], b"{}"]
        at = block.end
    return b"".join([*pieces, body[at:]])


def inside(whole: Mapping[Location, Span], blocks: list[Block]) -> dict[Location, dict[Location, Span]] | None:
    """What was chosen inside of blocks, by block, in their own locations; () holds what stands outside of them all.

    None where a block itself was chosen, or what holds it.
    """
    known = {(block.name, block.number) for block in blocks}
    names = {block.name for block in blocks}
    found: dict[Location, dict[Location, Span]] = {}
    for location, span in whole.items():
        if location in known or not location or (len(location) == 1 and location[0] in names):
            return None
        held = location[:2] in known
        found.setdefault(location[:2] if held else (), {})[location[2:] if held else location] = span
    return found
