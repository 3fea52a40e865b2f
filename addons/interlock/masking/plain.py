"""Bodies without a backslash, searched as they came: a quote in them begins or ends a string and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from interlock.masking.budget import OFTEN, check
from interlock.masking.leaves import Leaf, has_text, number_text
from interlock.masking.scan import Hit, Probe, encode
from interlock.model import JSON
from interlock.paths import Containers, Location

__all__ = ["Suspect", "suspected_leaves"]

_QUOTE = b'"'
_NUMBER = re.compile(rb"-?[0-9][0-9.eE+-]*")
_SHORT, _FEW = 4096, 4
"""In a body so short, so many strings are looked for in all containers; in others they are counted up to."""

type Suspect = tuple[Leaf, Mapping[Probe, Sequence[Hit]]]
"""A text, and all that is found in it by detectors that ask for no words."""

type _Chosen = tuple[Location, str, bool]
type _Link = tuple[_Link | None, str | int]
type _Open = tuple[Iterator[tuple[str | int, JSON]], _Link | None, bool]
type _Wanted = dict[int, tuple[tuple[int, int], dict[Probe, list[Hit]]]]
"""By the number of a string: where it stands in the body, without its quotes, and what is found in it."""


def suspected_leaves(
    body: bytes, document: JSON, probes: Iterable[Probe], began: float, containers: Containers
) -> list[Suspect] | None:
    """The names and strings in which some probe may find something, in their order. `began` is when the search did.

    None where this cannot be said from the bytes: the body has a backslash, a candidate could reach over a quote, or
    it is one in a number. Raises ValueError where the document is not what the body says.
    """
    if b"\\" in body:
        return None
    wanted: _Wanted = {}
    for probe in probes:
        if not probe.in_strings or not _strings_with(body, probe, wanted, began):
            return None
    if not wanted:
        return []
    numbers = sorted(wanted)
    found: list[Suspect] = []
    chosen = _told(body, [wanted[number][0] for number in numbers], containers) or _chosen(document, numbers)
    for number, (location, text, is_key) in zip(numbers, chosen, strict=True):
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
    spans = find(body, 0, size)
    if spans[0][0] < 0:
        return True
    counted = quotes = at = end = begin = asked = 0
    text, hits = b"", list[Hit]()
    while (start := spans[0][0]) >= 0:
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
                spans = find(body, at, size)
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
        spans = find(body, at, size)
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


def _told(body: bytes, places: Sequence[tuple[int, int]], containers: Containers) -> list[_Chosen] | None:
    """The same as `_chosen` for a few strings of a short body, where each stands in it but once."""
    if len(body) > _SHORT or len(places) > _FEW:
        return None
    found: list[_Chosen] = []
    for start, end in places:
        whole = body[start - 1 : end + 1]
        if body.find(whole) != start - 1 or body.find(whole, start) >= 0:
            return None
        text = body[start:end].decode()
        for number, node in enumerate(containers.listed()):
            values = node.values() if type(node) is dict else node
            named = values is not node and text in node
            if named or text in values:
                pairs = node.items() if values is not node else enumerate(node)
                key = text if named else next(key for key, value in pairs if value == text)
                found.append(((*containers.location(number), key), text, named))
                break
        else:
            return None
    return found


def _chosen(document: JSON, wanted: list[int]) -> list[_Chosen]:
    """The names and strings with these numbers, in the order of the text, which is that of dict and list: where they
    stand, what they are, whether it is a name.
    """
    found: list[_Chosen] = []
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
