"""Edits of a JSON text, and the tree of places that they are made at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from interlock.model.quick import quick
from interlock.paths import Location

__all__ = ["Edit", "Splice", "Want", "all_found", "deletions", "joined", "tree_of"]

type Splice = tuple[int, int, bytes]
"""Where a text begins and ends that is replaced, and by what."""


@quick
@dataclass(frozen=True, slots=True)
class Edit:
    """What happens at one place: `value` is new JSON text, `key` the new name as JSON text, `drop` takes all away.

    `old` is the JSON text of the string that stood there, `number` the number that did: with them the place is found
    sooner. `at` is where what is replaced stands, if known.
    """

    value: bytes | None = None
    key: bytes | None = None
    drop: bool = False
    old: bytes | None = None
    number: int | float | None = None
    at: tuple[int, int] | None = None


class Want:
    """One place on the way to, or at, an edit."""

    __slots__ = ("children", "edit", "found")

    def __init__(self) -> None:
        self.children: dict[str | int, Want] = {}
        self.edit: Edit | None = None
        self.found = False


def tree_of(edits: Mapping[Location, Edit]) -> Want:
    """The edits as a tree; what lies inside of a value that is replaced or dropped is left out."""
    root = Want()
    for location, edit in sorted(edits.items(), key=lambda entry: len(entry[0])):
        want = root
        for part in location:
            if want.edit is not None and (want.edit.drop or want.edit.value is not None):
                break  # what stands above is replaced as a whole
            want = want.children.setdefault(part, Want())
        else:
            want.edit = edit
    return root


def all_found(root: Want) -> bool:
    """Whether every edit found its place."""
    todo = [root]
    while todo:
        want = todo.pop()
        if want.edit is not None and not want.found:
            return False
        todo.extend(want.children.values())
    return True


def deletions(members: list[tuple[int, int, bool]]) -> Iterable[Splice]:
    """Members that go, each with the comma after it; at the end of the object, with the comma before."""
    if not any(dropped for _, _, dropped in members):
        return []
    kept = max((index for index, (_, _, dropped) in enumerate(members) if not dropped), default=-1)
    found: list[Splice] = []
    for index, (start, _, dropped) in enumerate(members[: kept + 1]):
        if dropped:
            found.append((start, members[index + 1][0], b""))
    if kept + 1 < len(members):
        found.append((members[kept][1] if kept >= 0 else members[0][0], members[-1][1], b""))
    return found


def joined(body: bytes, splices: Iterable[Splice]) -> bytes | None:
    """The body with other texts in the places of some of its own; None where places overlap."""
    pieces, position = [], 0
    for start, end, text in sorted(splices):
        if start < position:
            return None
        pieces += [body[position:start], text]
        position = end
    pieces.append(body[position:])
    return b"".join(pieces)
