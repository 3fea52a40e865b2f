"""Changes chosen places of a JSON text and nothing else: every byte outside a changed value stays as it is.

The body has been parsed before, so its syntax is right; this scanner only finds where things stand. A name that
stands twice on the way to a chosen place makes the body ambiguous, and it is rejected.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from interlock.errors import BodyRejected
from interlock.masking.edits import Edit, Splice, Want, all_found, deletions, joined, tree_of
from interlock.masking.locate import members_of
from interlock.masking.locator import Locator
from interlock.masking.spot import Spots
from interlock.model import JSON
from interlock.paths import Location
from interlock.reasons import Reason

__all__ = ["Edit", "splice"]

_FEW, _MANY = 32, 256
_SHORT = 16 * 1024
"""So many places are asked for one by one in a body up to this length, and fewer in a longer one."""
_OPEN = b"{["
_BLANKS = b" \t\r\n"
_LONG_WAY = 24
"""Every level on a way is read once more; where there are more levels, all of the text is read once."""


def splice(body: bytes, edits: Mapping[Location, Edit], document: JSON = None, known: Iterable[Splice] = ()) -> bytes:
    """The body with all edits made. Raises BodyRejected when a place is not there, or there twice.

    `document` is what the body was read as: with it more places are told at once. `known` is made besides.
    """
    splices, left = _at_once(body, edits, document) if edits else ([], edits)
    splices += known
    if left:
        root = tree_of(left)
        by_way = _by_way(body, root)
        if by_way is None:
            root = tree_of(left)
            by_way = Locator(body, root).run()
        if not all_found(root):
            raise BodyRejected(Reason.BODY_UNPARSABLE, "the body does not hold what was read from it")
        splices += by_way
    made = joined(body, splices)
    if made is None:
        raise BodyRejected(Reason.BODY_UNPARSABLE, "two changes of the body overlap")
    return made


def _at_once(
    body: bytes, edits: Mapping[Location, Edit], document: JSON
) -> tuple[list[Splice], Mapping[Location, Edit]]:
    """Splices for what is known to stand somewhere and for the strings and numbers that are told without reading all
    of the body; and the other edits.
    """
    known, found = list[Splice](), list[Splice]()
    rest, left = edits, dict[Location, Edit]()
    if any([edit.at for edit in edits.values()]):  # noqa: C419 - a generator costs more
        rest = {}
        for location, edit in edits.items():
            new = edit.value if edit.key is None else edit.key
            if edit.at is not None and new is not None:
                known.append((*edit.at, new))
            else:
                rest[location] = edit
    if len(rest) > (_FEW if len(body) > _SHORT else _MANY) or b"\\" in body:
        return known, rest
    spots = Spots(body, document)
    for location, edit in rest.items():
        new = edit.value
        if new is None or edit.drop or edit.key is not None or (edit.number is None and edit.old is None):
            return known, rest  # it may hold others
        place = spots.find(location, edit)
        if place is None:
            left[location] = edit
        else:
            found.append((*place, new))
    return known + found, left


def _by_way(body: bytes, root: Want) -> list[Splice] | None:
    """Splices found by the way to each edit; None where the ways are long, or the text has to be read to be sure."""
    start = len(body) - len(body.lstrip(_BLANKS))
    todo, found = [(root, start, len(body.rstrip(_BLANKS)), 0)], list[Splice]()
    if root.edit is not None:
        return None
    while todo:
        want, start, end, depth = todo.pop()
        # Where nothing goes, only those on the way are asked for.
        kept = not any(child.edit is not None and child.edit.drop for child in want.children.values())
        names = want.children if kept else None
        members = members_of(body, start, end, names) if depth < _LONG_WAY and body[start] in _OPEN else None
        if members is None:
            return None
        spans: list[tuple[int, int, bool]] = []
        for member in members:
            child = want.children.get(member.name)
            edit = child.edit if child is not None else None
            dropped = edit is not None and edit.drop
            spans.append((member.key_start or member.start, member.end, dropped))
            if child is None or dropped:
                if child is not None:
                    child.found = True
                continue
            if edit is not None:
                child.found = True
                if edit.value is not None:
                    found.append((member.start, member.end, edit.value))
                if edit.key is not None:
                    found.append((member.key_start, member.key_end, edit.key))
            if child.children:
                todo.append((child, member.start, member.end, depth + 1))
        found += deletions(spans)
    return found
