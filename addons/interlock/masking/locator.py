"""Finds wanted places of a JSON text by reading all of its tokens once."""

from __future__ import annotations

import re

import msgspec

from interlock.errors import BodyRejected
from interlock.masking.edits import Splice, Want, deletions
from interlock.reasons import Reason

__all__ = ["Locator"]

_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\],]|[^\s{}\[\],:"]++', re.DOTALL)
_COMMA, _QUOTE = 0x2C, 0x22
_OPEN, _CLOSE = b"{[", b"}]"


class _Frame:
    """An object or array that the scanner is inside of and that holds a wanted place."""

    __slots__ = ("child", "index", "is_object", "key", "members", "start", "want")

    def __init__(self, start: int, is_object: bool, want: Want) -> None:
        self.start = start
        self.is_object = is_object
        self.want = want
        self.index = 0
        self.key: tuple[int, int] | None = None
        self.child: Want | None = None
        self.members: list[tuple[int, int, bool]] = []


class Locator:
    """One pass over the tokens; only the way to wanted places is kept, all else is counted over."""

    def __init__(self, body: bytes, root: Want) -> None:
        self._body = body
        self._root = root
        self._frames: list[_Frame] = []
        self._seen: list[set[str]] = []
        self._splices: list[Splice] = []

    def run(self) -> list[Splice]:
        """All splices, deletions among them."""
        skipping, skip_start = 0, 0
        for match in _TOKEN.finditer(self._body):
            start, end = match.span()
            byte = self._body[start]
            if skipping:
                skipping += (byte in _OPEN) - (byte in _CLOSE)
                if not skipping:
                    self._value(skip_start, end)
            elif byte in _OPEN:
                if not self._enter(start, byte == _OPEN[0]):
                    skipping, skip_start = 1, start
            elif byte in _CLOSE:
                self._leave(end)
            elif byte == _COMMA:
                self._next()
            elif byte == _QUOTE and self._awaits_key():
                self._name(start, end)
            else:
                self._value(start, end)
        return self._splices

    def _wanted(self) -> Want | None:
        """What is wanted of the value that begins now."""
        if not self._frames:
            return self._root
        frame = self._frames[-1]
        return frame.child if frame.is_object else frame.want.children.get(frame.index)

    def _awaits_key(self) -> bool:
        return bool(self._frames) and self._frames[-1].is_object and self._frames[-1].key is None

    def _enter(self, start: int, is_object: bool) -> bool:
        want = self._wanted()
        if want is None or not want.children:
            return False
        self._frames.append(_Frame(start, is_object, want))
        self._seen.append(set())
        return True

    def _name(self, start: int, end: int) -> None:
        frame = self._frames[-1]
        token = self._body[start:end]
        name = token[1:-1].decode("utf-8", "replace") if b"\\" not in token else _decoded(token)
        if name in self._seen[-1]:
            raise BodyRejected(Reason.BODY_AMBIGUOUS, "a member stands twice in one object")
        self._seen[-1].add(name)
        frame.key = (start, end)
        frame.child = frame.want.children.get(name)

    def _next(self) -> None:
        frame = self._frames[-1]
        frame.index += 1
        frame.key = frame.child = None

    def _value(self, start: int, end: int) -> None:
        """A whole value was passed."""
        want = self._wanted()
        edit = want.edit if want is not None else None
        frame = self._frames[-1] if self._frames else None
        key = frame.key if frame is not None else None
        if want is not None and edit is not None:
            want.found = True
            if frame is None and edit.drop:
                self._splices.append((start, end, b"null"))
            elif not edit.drop:
                if edit.value is not None:
                    self._splices.append((start, end, edit.value))
                if edit.key is not None and key is not None:
                    self._splices.append((*key, edit.key))
        if frame is not None:
            frame.members.append((key[0] if key else start, end, edit is not None and edit.drop))

    def _leave(self, end: int) -> None:
        frame = self._frames.pop()
        self._seen.pop()
        self._splices += deletions(frame.members)
        self._value(frame.start, end)


def _decoded(token: bytes) -> str:
    import json

    try:
        return msgspec.json.decode(token, type=str)
    except (msgspec.DecodeError, ValueError):
        # Half a surrogate pair: the standard library reads it as Python keeps it.
        return str(json.loads(token))
