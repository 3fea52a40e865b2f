"""Names and values, as forms, queries and multipart bodies hold them, made into one document.

`a=1` is a member; `a[]=1` an item of a list; `a[b]=1` a member below a member, as most frameworks read it. Whatever
two frameworks would read differently is refused: a name that stands twice, a name that is a value and an object, names
that differ only in case or in the signs that PHP writes as `_`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.reasons import Reason

__all__ = ["MAX_FIELDS", "ambiguous", "document_of_fields"]

MAX_FIELDS = 1000
_NAME = re.compile(r"(?P<head>[^\[\]\x00-\x20\x7f]{1,200})(?P<rest>(?:\[[^\[\]\x00-\x20\x7f]{0,200}\]){0,8})\Z")
_PART = re.compile(r"\[([^\]]*)\]")
_FOLD = str.maketrans(". -", "___")
_CHARSET = "_charset_"


def document_of_fields(fields: Iterable[tuple[str, JSON]]) -> dict[str, JSON]:
    """The object that these fields make. Raises BodyRejected (BODY_AMBIGUOUS) for what has two readings."""
    document: dict[str, JSON] = {}
    for count, (name, value) in enumerate(fields):
        match = _NAME.match(name)
        if match is None or count >= MAX_FIELDS or name.casefold() == _CHARSET:
            raise ambiguous("a field has a name that servers read differently, or there are too many")
        _put(document, [match["head"], *_PART.findall(match["rest"])], value)
    return _finished(document)


def ambiguous(what: str) -> BodyRejected:
    """The refusal of a body with two readings."""
    return BodyRejected(Reason.BODY_AMBIGUOUS, what)


class _Node(dict[str, JSON]):
    """What brackets made: an object or a list, as opposed to an object that is a field's value."""


def _put(document: dict[str, JSON], parts: list[str], value: JSON) -> None:
    current = document
    for at, part in enumerate(parts):
        last = at == len(parts) - 1
        if part == "" and not last:
            raise ambiguous("a field's name has empty brackets in the middle")
        name = part or f"[]{len(current)}"  # its place in a list: the order in which the items came
        if last:
            if name in current:
                raise ambiguous("a field stands twice")
            current[name] = value
            return
        found = current.setdefault(name, _Node())
        if type(found) is not _Node:
            raise ambiguous("a field is both a value and an object")
        current = found


def _finished(document: dict[str, JSON]) -> dict[str, JSON]:
    """Lists for what had empty brackets or the numbers 0, 1, 2 ...; as deep as a name has brackets."""
    if len({name.translate(_FOLD).casefold() for name in document}) != len(document):
        raise ambiguous("two fields differ only in case or in signs that some servers take for one")
    return {name: _branch(value) for name, value in document.items()}


def _branch(value: JSON) -> JSON:
    if type(value) is not _Node:
        return value
    unnamed = [name.startswith("[]") for name in value]
    if all(unnamed) or list(value) == [str(index) for index in range(len(value))]:
        return [_branch(item) for item in value.values()]
    if any(unnamed):
        raise ambiguous("a field is both a list and an object")
    return _finished(value)
