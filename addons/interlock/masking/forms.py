"""Forms and query strings: `name=value&...`, percent-encoded. Names choose values, detectors search what they say."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import quote_plus, unquote_plus

from interlock.masking.actions import Span, merge
from interlock.masking.detector import encode
from interlock.masking.names import NameSet
from interlock.masking.stream import Spell
from interlock.model import Finding

__all__ = ["mask_form"]

_PART = re.compile(r"[&;\r\n]")
_KEPT = "[]<>:*@-_."

type Search = Callable[[bytes], Sequence[Span]]
type Named = Callable[[bytes], Search | None]
"""Gives the search of values that are called so; None where a name makes no difference."""


def mask_form(
    text: str, names: NameSet | None, search: Search, named: Named, spell: Spell
) -> tuple[str, tuple[Finding, ...]]:
    """The form, masked; a pair in which nothing was found keeps its spelling."""
    pieces, findings, at = list[str](), list[Finding](), 0
    for number, (start, end) in enumerate(_pairs(text)):
        name, equals, value = text[start:end].partition("=")
        rule = names.rule(unquote_plus(name).partition("[")[0]) if names is not None and equals else None
        rule = names.rule(unquote_plus(name)) if rule is None and names is not None and equals else rule
        whole = (
            None if rule is None else Span(0, len(encode(unquote_plus(value))), rule.action, rule.id, rule.id, "field")
        )
        searches = [search, named(encode(unquote_plus(name)))] if equals else [search]
        shown = [
            _masked(part, span, asked, spell, findings, f"pair {number + 1}")
            for part, span, asked in ((name, None, [search]), (value, whole, searches))
        ]
        pieces += [text[at:start], shown[0], equals, shown[1] if equals else ""]
        at = end
    pieces.append(text[at:])
    return "".join(pieces), tuple(findings)


def _pairs(text: str) -> list[tuple[int, int]]:
    found, at = [], 0
    for match in _PART.finditer(text):
        found.append((at, match.start()))
        at = match.end()
    return [*found, (at, len(text))]


def _masked(
    part: str,
    whole: Span | None,
    searches: Sequence[Search | None],
    spell: Spell,
    findings: list[Finding],
    place: str,
) -> str:
    """One name or value; the very same text where nothing was found."""
    raw = encode(unquote_plus(part))
    seen = [span for search in searches if search is not None for span in search(raw)]
    spans = merge([*seen, *([whole] if whole is not None and raw else [])])
    if not spans:
        return part
    pieces, at = [], 0
    for span in spans:
        shown, found = spell(span, raw[span.start : span.end].decode("utf-8", "surrogatepass"))
        findings.append(Finding(found.rule, found.detector, place, found.confidence, found.action, found.digest))
        pieces += [raw[at : span.start], encode(shown)]
        at = span.end
    return quote_plus(b"".join([*pieces, raw[at:]]), safe=_KEPT)
