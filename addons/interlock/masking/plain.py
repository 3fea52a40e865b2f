"""Bodies without a backslash, searched as they came: a quote in them begins or ends a string and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from interlock.masking.budget import begin as now
from interlock.masking.budget import check
from interlock.masking.leaves import Leaf, has_text, number_text
from interlock.masking.scan import Hit, Probe, encode
from interlock.model import JSON
from interlock.paths import Location

__all__ = ["Suspect", "suspected_leaves"]

_QUOTE = b'"'
_NUMBER = re.compile(rb"-?[0-9][0-9.eE+-]*")

type Suspect = tuple[Leaf, Mapping[Probe, Sequence[Hit]]]
"""A text, and all that is found in it by detectors that ask for no words."""

type _Link = tuple[_Link | None, str | int]
type _Open = tuple[Iterator[tuple[str | int, JSON]], _Link | None, bool]


def suspected_leaves(body: bytes, document: JSON, probes: Iterable[Probe]) -> list[Suspect] | None:
    """The names and strings in which some probe may find something, in their order.

    None where this cannot be said from the bytes: the body has a backslash, a candidate could reach over a quote, or
    it is one in a number.
    """
    if b"\\" in body:
        return None
    wanted: dict[int, dict[Probe, list[Hit]]] = {}
    for probe in probes:
        if not probe.in_strings or not _strings_with(body, probe, wanted):
            return None
    if not wanted:
        return []
    numbers = sorted(wanted)
    return [(leaf, wanted[number]) for number, leaf in zip(numbers, _chosen(document, numbers), strict=True)]


def _strings_with(body: bytes, probe: Probe, wanted: dict[int, dict[Probe, list[Hit]]]) -> bool:
    """Notes which strings, counted from the body's beginning, hold a candidate that may be confirmed; False where
    this cannot be said.
    """
    find, size, at = probe.find, len(body), 0
    counted = quotes = 0
    began = now()
    while (start := find(body, at, size)[0][0]) >= 0:
        quotes += body.count(_QUOTE, counted, start)
        counted = start
        at = body.find(_QUOTE, start)
        begin = body.rfind(_QUOTE, 0, start) + 1
        if at < 0:
            at = size
        check(began, size)
        if not quotes % 2:
            if _in_number(body[begin:at], probe):
                return False
        elif probe.words:  # what the string is called makes a difference
            wanted.setdefault(quotes // 2, {})
        elif hits := probe.hits(body[begin:at]):
            wanted.setdefault(quotes // 2, {})[probe] = hits
    return True


def _in_number(between: bytes, probe: Probe) -> bool:
    """Whether a probe may find something in the numbers of what stands between two strings."""
    if probe.words:
        return True
    for match in _NUMBER.finditer(between):
        number = msgspec.json.decode(match.group())
        if has_text(number) and probe.hits(encode(number_text(number))):
            return True
    return False


def _chosen(document: JSON, wanted: list[int]) -> list[Leaf]:
    """The names and strings with these numbers, in the order of the text, which is that of dict and list."""
    found: list[Leaf] = []
    numbers = iter(wanted)
    number, count = next(numbers), 0
    stack: list[_Open] = [_opened(None, document if type(document) in (dict, list) else [document])]
    root = type(document) in (dict, list)
    while stack:
        members, link, named = stack[-1]
        for key, value in members:
            if named:
                if count == number:
                    found.append(Leaf(_location((link, key)), str(key), True))
                    number = next(numbers, -1)
                count += 1
            kind = type(value)
            if kind is str:
                if count == number:
                    found.append(Leaf(_location((link, key)) if root else (), value, False))  # type: ignore[arg-type]
                    number = next(numbers, -1)
                count += 1
            elif (kind is dict or kind is list) and value:
                stack.append(_opened((link, key), value))
                break
        else:
            stack.pop()
        if number < 0:
            break
    return found


def _opened(link: _Link | None, value: JSON) -> _Open:
    if type(value) is dict:
        return iter(value.items()), link, True
    return iter(enumerate(value)) if type(value) is list else iter(()), link, False


def _location(link: _Link | None) -> Location:
    parts: list[str | int] = []
    while link is not None:
        parts.append(link[1])
        link = link[0]
    return tuple(reversed(parts))
