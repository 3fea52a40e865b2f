"""What an answer is made of, without what it says: which members there are and of which kinds, to compare two by."""

from __future__ import annotations

from typing import Final

import msgspec

from interlock.model import JSON

__all__ = ["Shape", "changes", "shape_of"]

type Shape = dict[str, frozenset[str]]
"""By JSON Pointer, with `*` for every item of a list, the kinds of values that stand there."""

_PLACES: Final = 20_000
_DEEPEST: Final = 100
_KINDS: Final = {str: "text", bool: "truth", int: "number", float: "number", type(None): "null", list: "list"}


def shape_of(body: bytes, kind: str) -> Shape:
    """The shape of a body of a media type. Never raises; what is no JSON and no stream of events is one `text`."""
    if not body:
        return {}
    if kind.startswith("text/event-stream"):
        lines = [line.removeprefix(b"data:") for line in body.split(b"\n") if line.startswith(b"data:")]
        return _shape([_named(document) for line in lines for document in _read(line)])
    documents = _read(body)
    return _shape(documents[0]) if documents else {"": frozenset(("text",))}


def changes(then: Shape, now: Shape) -> tuple[str, ...]:
    """In words, what is not as it was: `/rows/*/name gone`, `/total new`, `/id number, was text`. What is gone or new
    takes with it all that stood below it, and only itself is told.
    """
    found, whole = [], ""
    for place in sorted({*then, *now}, key=_steps):
        before, after = then.get(place), now.get(place)
        if whole and place.startswith(whole):
            continue
        whole = f"{place}/" if before is None or after is None else ""
        shown = place or "the body"
        if before is None:
            found.append(f"{shown} new")
        elif after is None:
            found.append(f"{shown} gone")
        elif before != after:
            found.append(f"{shown} {_words(after)}, was {_words(before)}")
    return tuple(found)


def _steps(place: str) -> list[str]:
    return place.split("/")  # so that what stands below a place follows it at once


def _words(kinds: frozenset[str]) -> str:
    return " or ".join(sorted(kinds))


def _read(body: bytes) -> list[JSON]:
    """The document, or nothing."""
    try:
        return [msgspec.json.decode(body)]
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return []


def _named(document: JSON) -> JSON:
    """An event of a stream under its own type, so that kinds of events are told apart."""
    kind = document.get("type") if isinstance(document, dict) else None
    return {str(kind): document} if isinstance(kind, str) else document


def _shape(document: JSON) -> Shape:
    found: dict[str, set[str]] = {}
    todo: list[tuple[str, JSON, int]] = [("", document, 0)]
    while todo and len(found) < _PLACES:
        place, value, depth = todo.pop()
        kind = "object" if isinstance(value, dict) else _KINDS.get(type(value), "text")
        found.setdefault(place, set()).add(kind)
        if depth >= _DEEPEST:
            continue
        if isinstance(value, dict):
            todo.extend((f"{place}/{name}", member, depth + 1) for name, member in value.items())
        elif isinstance(value, list):
            todo.extend((f"{place}/*", item, depth + 1) for item in value)
    return {place: frozenset(kinds) for place, kinds in found.items()}
