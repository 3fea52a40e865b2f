"""Bodies without a backslash, searched as they came: a quote in them begins or ends a string and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from interlock.masking.budget import OFTEN, check
from interlock.masking.budget import begin as now
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
type _Wanted = dict[int, tuple[tuple[int, int], dict[Probe, list[Hit]]]]
"""By the number of a string: where it stands in the body, without its quotes, and what is found in it."""


def suspected_leaves(body: bytes, document: JSON, probes: Iterable[Probe]) -> list[Suspect] | None:
    """The names and strings in which some probe may find something, in their order.

    None where this cannot be said from the bytes: the body has a backslash, a candidate could reach over a quote, or
    it is one in a number. Raises ValueError where the document is not what the body says.
    """
    if b"\\" in body:
        return None
    wanted: _Wanted = {}
    began = now()
    for probe in probes:
        if not probe.in_strings or not _strings_with(body, probe, wanted, began):
            return None
    check(began, len(body))
    if not wanted:
        return []
    numbers = sorted(wanted)
    found: list[Suspect] = []
    for number, (location, text, is_key) in zip(numbers, _chosen(document, numbers), strict=True):
        (start, end), known = wanted[number]
        if body[start:end] != encode(text):
            raise ValueError("the body and what was read from it differ")
        found.append((Leaf(location, text, is_key, (), (start - 1, end + 1)), known))
    return found


def _strings_with(body: bytes, probe: Probe, wanted: _Wanted, began: float) -> bool:
    """Notes which strings, counted from the body's beginning, hold a candidate that may be confirmed; False where
    this cannot be said.
    """
    find, size, worded = probe.find, len(body), bool(probe.words)
    counted = quotes = at = end = begin = asked = 0
    text, hits = b"", list[Hit]()
    while (start := (spans := find(body, at, size))[0][0]) >= 0:
        if start >= end:
            quotes += body.count(_QUOTE, counted, start)
            counted = start
            end = body.find(_QUOTE, start)
            if end < 0:
                end = size
            begin = body.rfind(_QUOTE, 0, start) + 1
            text, hits = body[begin:end], []
            if not quotes % 2:
                if _in_number(text, probe):
                    return False
                at = end
                continue
        if worded:  # what the string is called makes a difference
            wanted.setdefault(quotes // 2, ((begin, end), {}))
            at = end
        else:
            # No candidate reaches over a quote: those of the string are those of the body.
            at = begin + probe.candidate(text, [(low - begin, high - begin) for low, high in spans], hits)
            if hits:
                wanted.setdefault(quotes // 2, ((begin, end), {}))[1][probe] = hits
        asked += 1
        if not asked % OFTEN:
            check(began, size)
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


def _chosen(document: JSON, wanted: list[int]) -> list[tuple[Location, str, bool]]:
    """The names and strings with these numbers, in the order of the text, which is that of dict and list: where they
    stand, what they are, whether it is a name.
    """
    found: list[tuple[Location, str, bool]] = []
    numbers = iter(wanted)
    number, count = next(numbers), 0
    root = type(document) in (dict, list)
    stack: list[_Open] = [_opened(None, document if root else [document])]
    while stack:
        members, link, named = stack[-1]
        for key, value in members:
            if named:
                if count == number:
                    found.append((_location((link, key)), key, True))  # type: ignore[arg-type]
                    number = next(numbers, -1)
                count += 1
            kind = type(value)
            if kind is str:
                if count == number:
                    found.append((_location((link, key)) if root else (), value, False))  # type: ignore[arg-type]
                    number = next(numbers, -1)
                count += 1
            elif (kind is dict or kind is list) and value:
                texts = _texts(value)  # type: ignore[arg-type]
                if 0 <= texts <= number - count:  # none of them is wanted
                    count += texts
                    continue
                stack.append(_opened((link, key), value))
                break
        else:
            stack.pop()
        if number < 0:
            break
    return found


def _texts(value: dict[str, JSON] | list[JSON]) -> int:
    """How many names and strings a container holds; -1 where it holds other containers."""
    kinds = [*map(type, value.values() if type(value) is dict else value)]
    if dict in kinds or list in kinds:
        return -1
    return kinds.count(str) + (len(value) if type(value) is dict else 0)


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
