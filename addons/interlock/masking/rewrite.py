"""From what was found to edits of the JSON text, and to findings whose places tell nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from json.encoder import encode_basestring as _as_json
from typing import Any

from interlock.masking.actions import OF_TEXT, Span, merge
from interlock.masking.edits import Edit, Splice
from interlock.masking.leaves import Leaf, number_text
from interlock.masking.scan import encode
from interlock.model import JSON, Finding
from interlock.paths import Location, pointer

__all__ = ["Guard", "Rewrite", "quoted"]

type Told = Callable[[Span, str], tuple[str, str, str]]
"""Gives for a span with this text what stands in its place, what was done, and the digest for the finding."""


class Rewrite:
    """Collects the edits of one document: `splices` for values of which is known where they stand, `edits` for the
    rest.
    """

    def __init__(self, document: JSON, whole: Mapping[Location, Span], told: Told) -> None:
        self.edits: dict[Location, Edit] = {}
        self.splices: list[Splice] = []
        self._document = document
        self._whole = whole
        self._depths = {len(location) for location in whole}
        self._told = told
        self._done: set[Location] = set()
        self._renamed: dict[Location, str] = {}
        self._taken: dict[Location, dict[str, int]] = {}
        self._findings: list[tuple[Location, Span, str, str]] = []

    def leaf(self, leaf: Leaf) -> None:
        """Edit a name, a string or a number in which something was found."""
        location = leaf.location
        above = None
        if self._whole:
            if self._inside_whole(location):
                return
            above = self._whole.get(location)
        if leaf.is_key:
            if above is None or above.action != "drop":
                self._name(leaf)
            return
        spans: Sequence[Span] = leaf.spans
        if above is not None:
            self._done.add(location)
            spans = merge([_over(above, leaf.text), *spans])
        self._text(location, leaf.text, spans, leaf.at)

    def whole(self, location: Location, span: Span) -> None:
        """Edit a value that was chosen as a whole, unless a leaf's edit covered it already."""
        if location in self._done or self._inside_whole(location):
            return
        value = _value(self._document, location)
        kind = type(value)
        if kind is str or kind is int or kind is float:
            text = value if kind is str else number_text(value)  # type: ignore[arg-type]
        else:
            if span.action in OF_TEXT:
                span = replace(span, action="redact")
            text = json.dumps(value, sort_keys=True, separators=(",", ":"))
        shown, action, seal = self._told(span, text)  # type: ignore[arg-type]
        self._findings.append((location, span, action, seal))
        self._put(location, shown, value, span, None)

    def findings(self) -> tuple[Finding, ...]:
        """All findings; names that were masked are masked in their places as well. Indices are the original ones."""
        place = self._place if self._renamed else pointer
        return tuple(
            [
                Finding(span.rule, span.detector, place(location), span.confidence, action, seal)
                for location, span, action, seal in self._findings
            ]
        )

    def _inside_whole(self, location: Location) -> bool:
        size, whole = len(location), self._whole
        return bool([depth for depth in self._depths if depth < size and location[:depth] in whole])

    def _text(self, location: Location, text: str, spans: Sequence[Span], at: tuple[int, int] | None) -> None:
        shown = self._shown(location, text, spans)
        only = spans[0] if len(spans) == 1 and spans[0].start == 0 and spans[0].end == _size(text) else None
        self._put(location, shown, None if at else _value(self._document, location), only, at)

    def _put(self, location: Location, shown: str, value: JSON, only: Span | None, at: tuple[int, int] | None) -> None:
        """The edit of a value; `only` covers it as a whole."""
        action = only.action if only is not None and not only.open else ""
        if action == "drop":
            self._add(location, Edit(drop=True))
            return
        new = b"null" if action == "nullify" else quoted(shown)
        if at is not None:
            self.splices.append((*at, new))
            return
        kind = type(value)
        old = b'"' + encode(value) + b'"' if kind is str else None  # type: ignore[arg-type]
        number: Any = value if kind is int or kind is float else None
        self._add(location, Edit(new, None, False, old, number))

    def _name(self, leaf: Leaf) -> None:
        parent, old = leaf.location[:-1], leaf.text
        shown = self._shown(leaf.location, old, leaf.spans)
        holder = _value(self._document, parent)
        if parent not in self._taken:
            self._taken[parent] = dict.fromkeys(holder if isinstance(holder, dict) else (), 1)
        taken, name = self._taken[parent], shown
        number = taken.get(shown, 0)
        while name in taken:
            number += 1
            name = f"{shown} {number}"
        taken[shown] = number  # from there on, so that many alike are not counted through for each
        taken[name] = 1
        self._renamed[leaf.location] = name
        self._add(leaf.location, Edit(key=quoted(name), at=leaf.at))

    def _shown(self, location: Location, text: str, spans: Sequence[Span]) -> str:
        if text.isascii():  # offsets of bytes are those of characters
            return self._pieced(location, text, spans, str)
        return self._pieced(location, encode(text), spans, _decoded)

    def _pieced[T: (str, bytes)](
        self, location: Location, raw: T, spans: Sequence[Span], read: Callable[[T], str]
    ) -> str:
        pieces, position = [], 0
        for span in spans:
            shown, action, seal = self._told(span, read(raw[span.start : span.end]))
            pieces += [read(raw[position : span.start]), shown]
            position = span.end
            self._findings.append((location, span, action, seal))
        pieces.append(read(raw[position:]))
        return "".join(pieces)

    def _add(self, location: Location, edit: Edit) -> None:
        known = self.edits.get(location)
        self.edits[location] = edit if known is None else _both(known, edit)

    def _place(self, location: Location) -> str:
        return pointer(tuple(self._renamed.get(location[: depth + 1], part) for depth, part in enumerate(location)))


class Guard:
    """Asks once about each location above a finding."""

    def __init__(self, protected: Callable[[Location], bool]) -> None:
        self._protected = protected
        self._known: dict[Location, bool] = {}

    def covers(self, location: Location) -> bool:
        """Whether the location, or anything it lies in, is protected."""
        for depth in range(len(location) + 1):
            above = location[:depth]
            if above not in self._known:
                self._known[above] = bool(self._protected(above))
            if self._known[above]:
                return True
        return False


def _both(known: Edit, edit: Edit) -> Edit:
    return Edit(
        value=edit.value if edit.value is not None else known.value,
        key=edit.key if edit.key is not None else known.key,
        drop=edit.drop or known.drop,
        old=edit.old if edit.old is not None else known.old,
        number=edit.number if edit.number is not None else known.number,
    )


def _over(span: Span, text: str) -> Span:
    return Span(0, _size(text), span.action, span.rule, span.label, span.detector, span.confidence, span.open)


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(encode(text))


def _decoded(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogatepass")


def quoted(text: str) -> bytes:
    """A JSON string; only half a surrogate pair needs an escape that UTF-8 cannot give."""
    try:
        return _as_json(text).encode()
    except UnicodeEncodeError:
        return json.dumps(text).encode()


def _value(document: JSON, location: Location) -> JSON:
    for part in location:
        document = document[part]  # type: ignore[index]
    return document
