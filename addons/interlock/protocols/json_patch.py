"""JSON Patch (RFC 6902): a list of changes, each of which says where in the resource it writes.

A command may be written by a change as well as by a whole document: `resource` shows what the changes would write, so
that the places of `commands:` find it there. A change that moves or copies writes a value that nobody sees here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.paths import Location
from interlock.reasons import Reason

__all__ = ["PATCH", "Change", "is_patch", "read_patch"]

PATCH = "application/json-patch+json"
_MAX_CHANGES = 1000
_MAX_DEPTH = 100
_MAX_INDEX = 100
_MAX_LISTS = 3
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

    def resources(self) -> list[tuple[JSON, Location]]:
        """Documents in which the value stands where it would be written, each with the value's location.

        A number in the pointer may be a list's index or a member's name: both readings are shown. Beyond an index
        that a place could name, any index stands for all.
        """
        if self.op not in ("add", "replace", "test"):
            return []
        parts = [part.replace("~1", "/").replace("~0", "~") for part in self.pointer.split("/")[1:]]
        steps: list[str | int] = list(parts)
        numbers = [at for at, part in enumerate(parts) if _INDEX.match(part)]
        for count, at in enumerate(numbers):
            steps[at] = 0 if parts[at] == "-" or count >= _MAX_LISTS else min(int(parts[at]), _MAX_INDEX)
        readings = [tuple(parts), tuple(steps)] if numbers else [tuple(parts)]
        return [(self._written(location), location) for location in readings]

    def _written(self, location: Location) -> JSON:
        document = self.value
        for step in reversed(location):
            document = {step: document} if isinstance(step, str) else [*([None] * step), document]
        return document


def is_patch(kind: str, document: JSON) -> bool:
    """Whether a body is a patch, by its media type (lower case, without parameters) or by what it looks like."""
    if kind == PATCH:
        return True
    looks = type(document) is list and bool(document)
    return looks and all(type(item) is dict and {"op", "path"} <= _names(item) for item in document)  # type: ignore[union-attr]


def _names(item: dict[str, JSON]) -> set[str]:
    return {name.casefold() for name in item}  # some servers read members in any case


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
