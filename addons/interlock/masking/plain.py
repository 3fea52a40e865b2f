"""Small bodies without a backslash, searched as they came: a quote in them begins or ends a string and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from interlock.masking.leaves import Leaf
from interlock.masking.scan import Probe
from interlock.model import JSON
from interlock.paths import Location

__all__ = ["suspected_leaves"]

_MAX_BODY = 8192
"""In larger ones, walking to the strings costs more than joining all texts."""
_QUOTE = b'"'


def suspected_leaves(body: bytes, document: JSON, probes: Iterable[Probe]) -> list[Leaf] | None:
    """The names and strings in which a candidate of some probe begins, in their order.

    None where this cannot be said from the bytes: the body is large or has a backslash, a candidate could reach over
    a quote, or it begins outside of strings.
    """
    if len(body) > _MAX_BODY or b"\\" in body:
        return None
    wanted: set[int] = set()
    for probe in probes:
        if probe.until is not None or _QUOTE in probe.chars:
            return None
        at = 0
        while (match := probe.pattern.search(body, at)) is not None:
            start = match.start()
            quotes = body.count(_QUOTE, 0, start)
            if not quotes % 2:
                return None
            wanted.add(quotes // 2)
            at = body.find(_QUOTE, start)
    return list(_chosen(document, wanted)) if wanted else []


def _chosen(document: JSON, wanted: set[int]) -> Iterator[Leaf]:
    last = max(wanted)
    for number, (location, text, is_key) in enumerate(_strings(document)):
        if number in wanted:
            yield Leaf(location, text, is_key)
        if number == last:
            return


def _strings(document: JSON) -> Iterator[tuple[Location, str, bool]]:
    """Every name and string in the order of the text, which is that of dict and list."""
    if type(document) is str:
        yield (), document, False
        return
    stack: list[tuple[Location, Iterator[tuple[str | int, JSON]], bool]] = [_opened((), document)]
    while stack:
        location, members, named = stack[-1]
        for name, value in members:
            if named and type(name) is str:
                yield (*location, name), name, True
            kind = type(value)
            if kind is str:
                yield (*location, name), value, False  # type: ignore[misc]
            elif kind is dict or kind is list:
                stack.append(_opened((*location, name), value))
                break
        else:
            stack.pop()


def _opened(location: Location, value: JSON) -> tuple[Location, Iterator[tuple[str | int, JSON]], bool]:
    if type(value) is dict:
        return location, iter(value.items()), True
    return location, enumerate(value) if type(value) is list else iter(()), False
