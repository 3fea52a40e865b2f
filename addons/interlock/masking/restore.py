"""Gives values back in JSON: everywhere in a tool's input, or at named places of a request and only as a whole there.

Only the tokens' characters change. A token that a session's vault does not know (invented, of another session, first
seen elsewhere) stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from interlock.errors import BodyRejected
from interlock.masking.positions import Edit, splice
from interlock.masking.rewrite import quoted
from interlock.masking.token import TOKEN, TOKEN_BYTES
from interlock.model import JSON
from interlock.paths import Location, PathSet, pointer
from interlock.reasons import Reason

__all__ = ["Restored", "has_tokens", "restore_all", "restore_at", "tokens_in"]

type Lookup = Callable[[str, Location], str | None]
"""What a token at a place stands for, or None."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A body with values in the place of tokens, the same object where there are none.

    `tokens` are those that were restored, `places` where (JSON Pointers), in pairs.
    """

    body: bytes = field(repr=False)
    tokens: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


def has_tokens(body: bytes) -> bool:
    """Whether a token could stand in the bytes of a JSON body, however its brackets are written."""
    return TOKEN_BYTES.search(body) is not None


def tokens_in(text: str) -> set[str]:
    """All tokens in a text."""
    return {match[0] for match in TOKEN.finditer(text)}


def restore_all(body: bytes, document: JSON, lookup: Lookup) -> Restored:
    """Every token in every string and name. Raises BodyRejected for a body that cannot be rewritten."""
    work = _Work(lookup)
    for location, text, is_key in _strings(document):
        new = TOKEN.sub(lambda match: work.value(match[0], location), text)  # noqa: B023 - called at once
        if new == text:
            continue
        if not is_key:
            work.edit(location, Edit(value=quoted(new), old=b'"' + text.encode("utf-8", "surrogatepass") + b'"'))
        elif not _taken(document, location, new):
            work.edit(location, Edit(key=quoted(new)))
    return work.done(body)


def restore_at(body: bytes, document: JSON, paths: PathSet, lookup: Lookup) -> Restored:
    """The tokens at these places, where the string there is a token and nothing else. Raises BodyRejected."""
    work = _Work(lookup)
    for _, location, value in paths.select(document):
        if isinstance(value, str) and TOKEN.fullmatch(value):
            new = work.value(value, location)
            if new != value:
                work.edit(location, Edit(value=quoted(new), old=b'"' + value.encode() + b'"'))
    return work.done(body)


class _Work:
    """The edits of one body."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._edits: dict[Location, Edit] = {}
        self._found: list[tuple[str, Location]] = []

    def value(self, token: str, location: Location) -> str:
        """The value, or the token where there is none."""
        value = self._lookup(token, location)
        if value is None:
            return token
        self._found.append((token, location))
        return value

    def edit(self, location: Location, edit: Edit) -> None:
        """Note a change; a member's name and its value may both change."""
        known = self._edits.get(location)
        if known is not None:
            edit = replace(known, key=edit.key or known.key, value=edit.value or known.value, old=edit.old or known.old)
        self._edits[location] = edit

    def done(self, body: bytes) -> Restored:
        """The body rewritten."""
        if not self._edits:
            return Restored(body)
        try:
            changed = splice(body, self._edits)
        except (RecursionError, ValueError, msgspec.MsgspecError):
            raise BodyRejected(Reason.BODY_UNPARSABLE, "the body cannot be rewritten") from None
        tokens, places = zip(*((token, pointer(location)) for token, location in self._found), strict=True)
        return Restored(changed, tokens, places)


def _strings(document: JSON) -> Iterator[tuple[Location, str, bool]]:
    """Every string and every name that could hold a token, with its location."""
    stack: list[tuple[Location, Any]] = [((), document)]
    while stack:
        location, node = stack.pop()
        kind = type(node)
        if kind is str:
            if "<" in node:
                yield location, node, False
        elif kind is list:
            stack += [((*location, index), item) for index, item in enumerate(node)]
        elif kind is dict:
            for name, value in node.items():
                if "<" in name:
                    yield (*location, name), name, True
                stack.append(((*location, name), value))


def _taken(document: JSON, location: Location, name: str) -> bool:
    """Whether the object has a member of that name already: then the token stays."""
    for part in location[:-1]:
        document = document[part]  # type: ignore[index]
    return isinstance(document, dict) and name in document
