"""JSON Patch (RFC 6902): a list of changes, each of which says where in the resource it writes.

A command may be written by a change as well as by a whole document: `resource` shows what the changes would write, so
that the places of `commands:` find it there. A change that moves or copies writes a value that nobody sees here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.reasons import Reason

__all__ = ["PATCH", "Change", "is_patch", "read_patch"]

PATCH = "application/json-patch+json"
_MAX_CHANGES = 1000
_MAX_DEPTH = 100
_MAX_INDEX = 1000
_MEMBERS = {
    "add": ("value",), "replace": ("value",), "test": ("value",), "remove": (), "move": ("from",), "copy": ("from",),
}  # fmt: skip
_BAD_ESCAPE = re.compile(r"~(?![01])")
_INDEX = re.compile(r"(?:0|[1-9][0-9]{0,8})\Z|-\Z")


@dataclass(frozen=True, slots=True)
class Change:
    """One operation of a patch. `pointer` (RFC 6901) is where it writes or removes; `source` where it takes from."""

    op: str
    pointer: str
    value: JSON = None
    source: str = ""

    @property
    def unseen(self) -> bool:
        """Whether it writes a value that does not stand in the patch."""
        return self.op in ("move", "copy")

    def resources(self) -> list[tuple[JSON, int]]:
        """Documents in which the value stands where it would be written, each with how deep that is.

        A number in the pointer may be a list's index or a member's name: both readings are shown.
        """
        if self.op not in ("add", "replace", "test"):
            return []
        parts = [part.replace("~1", "/").replace("~0", "~") for part in self.pointer.split("/")[1:]]
        lists: JSON = self.value
        names: JSON = self.value
        for part in reversed(parts):
            names = {part: names}
            index = (0 if part == "-" else min(int(part), _MAX_INDEX)) if _INDEX.match(part) else None
            before: list[JSON] = [None] * (index or 0)
            lists = {part: lists} if index is None else [*before, lists]
        return [(names, len(parts))] if lists == names else [(names, len(parts)), (lists, len(parts))]


def is_patch(kind: str, document: JSON) -> bool:
    """Whether a body is a patch, by its media type (lower case, without parameters) or by what it looks like."""
    if kind == PATCH:
        return True
    looks = type(document) is list and bool(document)
    return looks and all(type(item) is dict and {"op", "path"} <= item.keys() for item in document)  # type: ignore[union-attr]


def read_patch(document: JSON) -> list[Change]:
    """The changes in their order. Raises BodyRejected (BODY_UNPARSABLE) for what is no patch."""
    if type(document) is not list or len(document) > _MAX_CHANGES:
        raise _wrong(f"a patch is a list of at most {_MAX_CHANGES} changes")
    return [_change(item) for item in document]


def _change(item: JSON) -> Change:
    if type(item) is not dict:
        raise _wrong("a change is not an object")
    op, path, source = item.get("op"), item.get("path"), item.get("from", "")
    if type(op) is not str or op not in _MEMBERS or type(path) is not str or type(source) is not str:
        raise _wrong("a change has no known op, or no path")
    if not {"op", "path", *_MEMBERS[op]} <= item.keys():
        raise _wrong(f"a change lacks what {op} needs")
    for pointer in (path, source):
        if (pointer and not pointer.startswith("/")) or _BAD_ESCAPE.search(pointer) or pointer.count("/") > _MAX_DEPTH:
            raise _wrong("a change's path is no JSON Pointer")
    return Change(op, path, item.get("value"), source)


def _wrong(what: str) -> BodyRejected:
    return BodyRejected(Reason.BODY_UNPARSABLE, what)
