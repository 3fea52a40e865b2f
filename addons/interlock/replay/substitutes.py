"""Values in the place of what a recording masked: `$.customer.email=erika@example.com`, by JSONPath."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from interlock.errors import InterlockError
from interlock.model import JSON
from interlock.paths import Location, Path, compile_path
from interlock.paths.location import pointer
from interlock.replay.marks import MARKS

__all__ = ["Substitute", "masked_places", "read_substitute", "read_substitutes", "substituted"]


@dataclass(frozen=True, slots=True)
class Substitute:
    """Every value that `path` selects becomes `value`."""

    path: Path
    value: JSON


def read_substitutes(texts: Iterable[str]) -> tuple[list[Substitute], dict[str, str]]:
    """`JSONPATH=VALUE` for bodies, and `?NAME=VALUE` for members of queries, by name. Raises InterlockError."""
    found, query = list[Substitute](), dict[str, str]()
    for text in texts:
        name, equals, value = text.removeprefix("?").partition("=")
        if not text.startswith("?"):
            found.append(read_substitute(text))
        elif not equals or not name:
            raise InterlockError(f"{text!a} is no substitution", hint="as in '?customer=erika@example.com'")
        else:
            query[name] = value
    return found, query


def read_substitute(text: str) -> Substitute:
    """`JSONPATH=VALUE`; the value is JSON, or a text where it is none. Raises InterlockError."""
    path, equals, value = text.partition("=")
    if not equals or not path.startswith("$"):
        raise InterlockError(f"{text!a} is no substitution", hint="as in '$.customer.email=erika@example.com'")
    while True:
        try:
            found = compile_path(path)
            break
        except InterlockError:
            more, equals, rest = value.partition("=")  # a filter may hold a = of its own
            if not equals:
                raise
            path, value = f"{path}={more}", rest
    try:
        return Substitute(found, msgspec.json.decode(value))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return Substitute(found, value)


def substituted(body: bytes, substitutes: Sequence[Substitute]) -> tuple[bytes, frozenset[str]]:
    """The body with the values in it, and the places (JSON Pointers) that were replaced. Never raises."""
    if not substitutes or not body:
        return body, frozenset()
    try:
        document = msgspec.json.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return body, frozenset()
    done: set[str] = set()
    for one in substitutes:
        try:
            for place, _ in one.path.select(document):
                document = _put(document, place, one.value)
                done.add(pointer(place))
        except (InterlockError, KeyError, IndexError, TypeError):  # too deep; or it was put in the place of its parent
            continue
    return (msgspec.json.encode(document) if done else body), frozenset(done)


def masked_places(body: bytes) -> tuple[str, ...]:
    """Where in a body something was masked, as far as that can be seen: JSON Pointers, or `the body`."""
    if MARKS.search(body) is None:
        return ()
    try:
        todo: list[tuple[str, JSON]] = [("", msgspec.json.decode(body))]
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return ("the body",)
    found = []
    while todo:
        place, value = todo.pop()
        if isinstance(value, dict):
            todo.extend((place + pointer((name,)), member) for name, member in value.items())
            found += [place for name in value if MARKS.search(name.encode("utf-8", "surrogatepass"))]
        elif isinstance(value, list):
            todo.extend((f"{place}/{index}", item) for index, item in enumerate(value))
        elif isinstance(value, str) and MARKS.search(value.encode("utf-8", "surrogatepass")):
            found.append(place)
    return tuple(sorted(found))


def _put(document: JSON, place: Location, value: JSON) -> JSON:
    if not place:
        return value
    inner = document
    for step in place[:-1]:
        inner = inner[step]  # type: ignore[index]
    inner[place[-1]] = value  # type: ignore[index]
    return document
