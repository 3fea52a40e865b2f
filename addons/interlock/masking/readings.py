"""Texts as a reader takes them: escapes of other languages undone, invisible characters left out, wide ones narrowed.

`\\u0040` inside a text is an at sign to whoever parses it next, and a zero-width space is nothing to whoever reads it.
Detectors look at texts as they are; where signs of another spelling stand in one, they look at this reading as well.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

import re2

from interlock.masking.actions import Span, merge
from interlock.masking.detector import encode
from interlock.masking.leaves import Leaf, leaves_at, texts_of
from interlock.model import JSON
from interlock.paths.together import finder

__all__ = ["Edge", "differs", "may_differ", "original", "read_again", "read_on", "with_readings"]

_HEX = "([2-7][0-9A-Fa-f])"
_UNSEEN = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff"
_ODD = re.compile(
    rf"\\+u00{_HEX}|\\+x{_HEX}|%(?:25)+{_HEX}|&\#0*(?:[xX]0*{_HEX}|([0-9]{{2,3}}));"
    rf"|([{_UNSEEN}]+)|([\uff01-\uff5e\u3002\uff61])|((?![0-9])\d)"
)
_FULL_STOPS = "\u3002\uff61"
_WIDE = 0xFEE0


_EVERYWHERE = (
    rb"%25[0-9A-Fa-f]|&#|\xc2\xad|\xcd\x8f|\xd8\x9c|\xe1\xa0\x8e|\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa0-\xa4]",
    rb"\xef(?:\xbb\xbf|\xb8[\x80-\x8f]|[\xbc\xbd])|\xe3\x80\x82|[\xd9\xdb][\xa0-\xb9]|\xe0[\xa5-\xbf]",
)


def _signs(*more: bytes) -> Any:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.log_errors = False
    return re2.compile(b"|".join((*more, *_EVERYWHERE)), options)


_IN_JSON = _signs(
    rb"\\\\+u00[2-7]|\\\\+x[2-7]",
    rb"\\u(?:00[aA][dD]|034[fF]|06[1-6fF]|09|180[eE]|200[b-fB-F]|202[a-eA-E]|206[0-4]|[fF][eEfF]|3002)",
)
_IN_TEXT = _signs(rb"\\u00[2-7]|\\x[2-7]")

_in_json, _in_text = finder(_IN_JSON), finder(_IN_TEXT)

type Search = Callable[[bytes], Sequence[Span]]


def may_differ(body: bytes) -> bool:
    """Whether a JSON body holds a text that could be read in another way. Rather too often than too rarely."""
    if b"\\" not in body and body.isascii():
        # One sign is found faster than two.
        return (b"%" in body and b"%25" in body) or (b"&" in body and b"&#" in body)
    return _in_json(body, 0, len(body))[0][0] >= 0


def differs(text: bytes, start: int = 0) -> bool:
    """Whether a text could be read in another way from there on. Rather too often than too rarely."""
    return bool(_in_text(text, start, len(text))[0][0] >= 0)


def with_readings(document: JSON, found: list[Leaf], search: Search) -> list[Leaf]:
    """What was found in a document's texts, and what is found in their other readings besides."""
    texts, places = texts_of(document)
    odd = [number for number, text in enumerate(texts) if _ODD.search(text) is not None]
    if not odd:
        return found
    ends = list(accumulate(len(encode(text)) + 1 for text in texts))
    leaves = leaves_at(texts, places, encode("\0".join(texts)), [ends[number] - 1 for number in odd])
    known = {(leaf.location, leaf.is_key): leaf for leaf in found}
    for leaf in leaves:
        more = read_again(leaf.text, search)
        if more:
            key = leaf.location, leaf.is_key
            spans = (*known[key].spans, *more) if key in known else more
            known[key] = Leaf(leaf.location, leaf.text, leaf.is_key, tuple(merge(spans)), leaf.at)
    return list(known.values())


def read_again(text: str, search: Search) -> list[Span]:
    """What is found in a text's other reading and holds an odd place, as spans of the text as it stands (in bytes)."""
    raw = encode(text)
    if not differs(raw):
        return []
    plain, edges = read_on(text, 0, 0)
    return original(search(plain), edges, len(raw)) if len(edges) > 1 or plain != raw else []


type Edge = tuple[int, int, int, bool]
"""Where a piece begins in the reading and in the text, where it ends in the text, and whether it is an odd one."""


def original(spans: Iterable[Span], edges: list[Edge], size: int) -> list[Span]:
    """Spans of a reading that hold an odd place, as spans of the text as it stands, which is so long."""
    starts = [edge[0] for edge in edges]
    found = []
    for span in spans:
        first = bisect_right(starts, span.start) - 1
        last = bisect_right(starts, span.end - 1) - 1
        start = _original(edges, first, span.start, end=False)
        end = size if span.open else _original(edges, last, span.end, end=True)
        if end - start != span.end - span.start or any(edge[3] for edge in edges[first : last + 1]):
            found.append(replace(span, start=start, end=end))
    return found


def read_on(text: str, here: int, there: int) -> tuple[bytes, list[Edge]]:
    """The reading of what comes next, `here` bytes into the whole reading and `there` into the text, and its pieces.

    Pieces that vanish leave no edge.
    """
    pieces, edges, at = list[bytes](), list[Edge](), 0
    for match in _ODD.finditer(text):
        for piece, written, odd in ((text[at : match.start()],) * 2 + (False,), (_plain(match), match[0], True)):
            raw, size = encode(piece), len(encode(written))
            if raw:
                edges.append((here, there, there + size, odd))
                pieces.append(raw)
            here, there = here + len(raw), there + size
        at = match.end()
    rest = encode(text[at:])
    if rest:
        edges.append((here, there, there + len(rest), False))
        pieces.append(rest)
    return b"".join(pieces), edges


def _plain(match: re.Match[str]) -> str:
    for number in range(1, 5):
        if match[number] is not None:
            return chr(int(match[number], 16))
    if match[5] is not None:
        code = int(match[5])
        return chr(code) if 0x20 <= code < 0x7F else match[0]
    if match[6] is not None:
        return ""
    letter = match[0]
    if letter in _FULL_STOPS:
        return "."
    return chr(ord(letter) - _WIDE) if match[7] is not None else str(int(letter))


def _original(edges: list[Edge], number: int, place: int, *, end: bool) -> int:
    here, there, until, odd = edges[number]
    if odd:
        return until if end else there
    return there + place - here
