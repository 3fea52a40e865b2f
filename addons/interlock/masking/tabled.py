"""Texts of a document that are tables themselves: a tool that reads a CSV file answers with one in a string."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate

from interlock.masking.actions import Span, merge
from interlock.masking.detector import encode
from interlock.masking.leaves import Leaf, leaves_at, texts_of
from interlock.masking.names import NameSet
from interlock.masking.scan import Hit, Scanner
from interlock.masking.tables import columns_of, may_hold_table
from interlock.model import JSON

__all__ = ["table_spans", "with_tables"]

type Spans = Callable[[Sequence[Hit]], list[Span]]


def table_spans(raw: bytes, scanner: Scanner, spans_of: Spans, names: NameSet | None) -> list[Span]:
    """What is masked in a text that is a table: columns that a rule names, and what others are called."""
    if not may_hold_table(raw):
        return []
    found = spans_of(scanner.in_table(raw))
    for name, cells in columns_of(raw) if names is not None else ():
        rule = names.rule(name.decode("utf-8", "replace")) if names is not None else None
        if rule is not None:
            found += [Span(*cell, rule.action, rule.id, rule.id, "field") for cell in cells if cell[1] > cell[0]]
    return found


def with_tables(document: JSON, found: list[Leaf], search: Callable[[bytes], list[Span]]) -> list[Leaf]:
    """What was found in a document's texts, and what `search` finds in those that may be tables."""
    texts, places = texts_of(document)
    tables = [number for number, text in enumerate(texts) if "\n" in text and may_hold_table(encode(text))]
    if not tables:
        return found
    ends = list(accumulate(len(encode(text)) + 1 for text in texts))
    leaves = leaves_at(texts, places, encode("\0".join(texts)), [ends[number] - 1 for number in tables])
    known = {(leaf.location, leaf.is_key): leaf for leaf in found}
    for leaf in leaves:
        more = [] if leaf.is_key else search(encode(leaf.text))
        if more:
            key = leaf.location, leaf.is_key
            spans = (*known[key].spans, *more) if key in known else more
            known[key] = Leaf(leaf.location, leaf.text, leaf.is_key, tuple(merge(spans)))
    return list(known.values())
