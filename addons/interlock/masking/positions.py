"""Changes chosen places of a JSON text and nothing else: every byte outside a changed value stays as it is.

The body has been parsed before, so its syntax is right; this scanner only finds where things stand. A name that
stands twice on the way to a chosen place makes the body ambiguous, and it is rejected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec

from interlock.errors import BodyRejected
from interlock.paths import Location
from interlock.reasons import Reason

__all__ = ["Edit", "splice"]

_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\],]|[^\s{}\[\],:"]++', re.DOTALL)
_COMMA, _QUOTE = 0x2C, 0x22
_FEW = 32
_OPEN, _CLOSE = b"{[", b"}]"

type _Splice = tuple[int, int, bytes]


@dataclass(frozen=True, slots=True)
class Edit:
    """What happens at one place: `value` is new JSON text, `key` the new name as JSON text, `drop` takes all away.

    `old` is the JSON text of the string that stood there, if it was one: where it stands once, it is found at once.
    """

    value: bytes | None = None
    key: bytes | None = None
    drop: bool = False
    old: bytes | None = None


class _Want:
    """One place on the way to, or at, an edit."""

    __slots__ = ("children", "edit", "found")

    def __init__(self) -> None:
        self.children: dict[str | int, _Want] = {}
        self.edit: Edit | None = None
        self.found = False


class _Frame:
    """An object or array that the scanner is inside of and that holds a wanted place."""

    __slots__ = ("child", "index", "is_object", "key", "members", "start", "want")

    def __init__(self, start: int, is_object: bool, want: _Want) -> None:
        self.start = start
        self.is_object = is_object
        self.want = want
        self.index = 0
        self.key: tuple[int, int] | None = None
        self.child: _Want | None = None
        self.members: list[tuple[int, int, bool]] = []


def splice(body: bytes, edits: Mapping[Location, Edit]) -> bytes:
    """The body with all edits made. Raises BodyRejected when a place is not there, or there twice."""
    splices = _at_once(body, edits)
    if splices is None:
        root = _tree(edits)
        splices = _Locator(body, root).run()
        if not _all_found(root):
            raise BodyRejected(Reason.BODY_UNPARSABLE, "the body does not hold what was read from it")
    pieces, position = [], 0
    for start, end, text in sorted(splices, key=lambda entry: (entry[0], -entry[1])):
        if start < position:
            raise BodyRejected(Reason.BODY_UNPARSABLE, "two changes of the body overlap")
        pieces += [body[position:start], text]
        position = end
    pieces.append(body[position:])
    return b"".join(pieces)


def _at_once(body: bytes, edits: Mapping[Location, Edit]) -> list[_Splice] | None:
    """Splices for strings that stand exactly once; None where that is not sure for all of them.

    Without a backslash every string of the body is spelled as its own text, so the only place where the text of one
    stands, quotes included, is that string.
    """
    if b"\\" in body or len(edits) > _FEW:
        return None
    found: list[_Splice] = []
    for edit in edits.values():
        if edit.old is None or edit.value is None or edit.drop or edit.key is not None:
            return None
        start = body.find(edit.old)
        if start < 0 or body.find(edit.old, start + 1) >= 0:
            return None
        found.append((start, start + len(edit.old), edit.value))
    return found


def _tree(edits: Mapping[Location, Edit]) -> _Want:
    root = _Want()
    for location, edit in sorted(edits.items(), key=lambda entry: len(entry[0])):
        want = root
        for part in location:
            if want.edit is not None and (want.edit.drop or want.edit.value is not None):
                break  # what stands above is replaced as a whole
            want = want.children.setdefault(part, _Want())
        else:
            want.edit = edit
    return root


def _all_found(root: _Want) -> bool:
    todo = [root]
    while todo:
        want = todo.pop()
        if want.edit is not None and not want.found:
            return False
        todo.extend(want.children.values())
    return True


class _Locator:
    """One pass over the tokens; only the way to wanted places is kept, all else is counted over."""

    def __init__(self, body: bytes, root: _Want) -> None:
        self._body = body
        self._root = root
        self._frames: list[_Frame] = []
        self._seen: list[set[str]] = []
        self._splices: list[_Splice] = []

    def run(self) -> list[_Splice]:
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

    def _wanted(self) -> _Want | None:
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
        self._splices += _deletions(frame.members)
        self._value(frame.start, end)


def _deletions(members: list[tuple[int, int, bool]]) -> Iterable[_Splice]:
    """Members that go, each with the comma after it; at the end of the object, with the comma before."""
    if not any(dropped for _, _, dropped in members):
        return []
    kept = max((index for index, (_, _, dropped) in enumerate(members) if not dropped), default=-1)
    found: list[_Splice] = []
    for index, (start, _, dropped) in enumerate(members[: kept + 1]):
        if dropped:
            found.append((start, members[index + 1][0], b""))
    if kept + 1 < len(members):
        found.append((members[kept][1] if kept >= 0 else members[0][0], members[-1][1], b""))
    return found


def _decoded(token: bytes) -> str:
    import json

    try:
        return msgspec.json.decode(token, type=str)
    except (msgspec.DecodeError, ValueError):
        # Half a surrogate pair: the standard library reads it as Python keeps it.
        return str(json.loads(token))
