"""Text in an operation -> the operations it would carry out.

`analyse` reads SQL and shell text the way its receiver would and never raises: what is not understood comes back as
an operation of access UNKNOWN. Nothing heavy is imported before the first text arrives.
"""

from __future__ import annotations

import functools
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

import interlock.commands.languages  # noqa: F401 - before the function of that name below, or the import would replace it
from interlock.commands.cache import MAX_TEXT, Cache
from interlock.commands.language import Language, NotUnderstood, not_understood
from interlock.commands.nested import Nested
from interlock.model import Operation
from interlock.model.places import filled

__all__ = ["analyse", "heavy", "languages", "stopping"]

_MAX_DEPTH = 8
_MAX_PLACE = 256
_CACHE, _PLACED = Cache(), Cache()
_NESTING = threading.local()


@functools.cache
def _parts() -> dict[str, Language]:
    from interlock.registry import parts

    return parts(sys.modules["interlock.commands.languages"], Language)


@functools.cache
def languages() -> Mapping[str, tuple[str, ...]]:
    """The languages that can be analysed, sorted by name, and the dialects of each that rules may name."""
    return MappingProxyType({name: part.dialects for name, part in _parts().items()})


def heavy(text: str, language: str) -> bool:
    """Whether analysing `text` is slow enough to belong in a worker thread; False for what is remembered anyway."""
    part = _parts().get(language)
    if part is None or len(text) <= part.heavy_above:
        return False
    return len(text) > MAX_TEXT or _CACHE.get((text, language, "", "", False)) is None


@contextmanager
def stopping(asked: Callable[[], bool]) -> Iterator[None]:
    """While it lasts, no text is read in this thread any more once `asked` says that the answer is not waited for.

    Such a text is not understood (`unfinished`), and nothing of that is remembered: whoever stopped has refused.
    """
    before = getattr(_NESTING, "asked", None)
    _NESTING.asked = asked
    try:
        yield
    finally:
        _NESTING.asked = before


def _stopped() -> bool:
    asked = getattr(_NESTING, "asked", None)
    return asked is not None and asked()


def analyse(
    text: str, language: str, dialect: str = "", *, place: str = "", agent: bool = False
) -> tuple[Operation, ...]:
    """The operations in `text`, at least one; never raises (see `interlock.ports.Analyse`).

    `language` is one of `languages()`; anything else is not understood. `dialect` narrows SQL (`postgres`, `mysql`,
    ...); without one that is known a text is read in several and all readings count.
    `place` (JSON Pointer) and `agent` are stamped on every operation, nested ones too; the `at` of each (see
    `interlock.model.places`) counts from the beginning of `text`.
    """
    depth: int = getattr(_NESTING, "depth", 0)
    if depth:
        found = _inside(text, language, dialect, depth)
        return tuple(_stamped(operation, place, agent) for operation in found) if place or agent else found
    if not place and not agent:
        return _outermost(text, language, dialect)
    key = (text, language, dialect, place, agent)
    known = _PLACED.get(key)
    if known is None:
        known = tuple(_stamped(operation, place, agent) for operation in _outermost(text, language, dialect))
        if len(place) <= _MAX_PLACE and not _stopped():
            _PLACED.put(key, known)
    return known


def _outermost(text: str, language: str, dialect: str) -> tuple[Operation, ...]:
    key = (text, language, dialect, "", False)
    found = _CACHE.get(key)
    if found is None:
        _NESTING.depth, _NESTING.inside = 1, Nested()
        try:
            found = filled(_fresh(text, language, dialect, 0))
        finally:
            _NESTING.depth, _NESTING.inside = 0, None
        if not _stopped():
            _CACHE.put(key, found)
    return found


def _inside(text: str, language: str, dialect: str, depth: int) -> tuple[Operation, ...]:
    """What a text inside another holds; not remembered, as it may be refused for its depth, or its number, alone."""
    nested: Nested = _NESTING.inside
    part = _parts().get(language)
    if nested.is_spent and part is not None:
        return filled((not_understood(part.name, part.unknown_action, text, "too-many-commands"),))
    key = (text, language, dialect)
    found = _CACHE.get((*key, "", False)) or nested.known(key, depth)
    if found is None:
        _NESTING.depth = depth + 1
        try:
            found = filled(_fresh(text, language, dialect, depth))
        finally:
            _NESTING.depth = depth
        nested.read(key, depth, found)
    nested.took(found)
    return found


def _fresh(text: str, language: str, dialect: str, depth: int) -> tuple[Operation, ...]:
    part = _parts().get(language)
    if part is None:
        return (not_understood("command", "unknown", text, "unknown-language"),)
    if _stopped():
        return (not_understood(part.name, part.unknown_action, text, "unfinished"),)
    if depth > _MAX_DEPTH:
        return (not_understood(part.name, part.unknown_action, text, "nested-too-deeply"),)
    try:
        found = part.analyse(text, dialect, analyse)
    except NotUnderstood as error:
        return (not_understood(part.name, part.unknown_action, text, str(error)),)
    except Exception:  # RecursionError too: whatever went wrong, the text was not understood
        return (not_understood(part.name, part.unknown_action, text, "analysis-failed"),)
    return found or (not_understood(part.name, part.unknown_action, text, "nothing-found"),)


def _stamped(operation: Operation, place: str, agent: bool) -> Operation:
    nested = tuple([_stamped(inner, place, agent) for inner in operation.nested]) if operation.nested else ()
    return Operation(
        operation.protocol,
        operation.action,
        operation.resource,
        operation.access,
        operation.arguments,
        operation.text,
        place,
        nested,
        operation.covered,
        agent,
    )
