"""Runs detectors over UTF-8 text, whole or as it arrives, with the same result.

All positions are byte offsets. What is asked first is cheap: can anything be in this text at all?
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from interlock.masking.detector import CONTEXT, Detector, encode
from interlock.masking.keyed import name_of
from interlock.masking.leaves import Leaf
from interlock.masking.plan import plan_of
from interlock.masking.probe import Cursor, Hit, Probe, probe_of
from interlock.masking.tables import columns_of, may_hold_table
from interlock.model import JSON
from interlock.paths import Containers

__all__ = ["Asked", "Cursor", "Hit", "Probe", "Scanner", "encode", "in_order"]


class Asked(NamedTuple):
    """What was asked of a small body once, for all who look for something in it: see `Scanner.marks`."""

    marks: frozenset[int]
    present: frozenset[int]
    containers: Containers


_ESCAPABLE = frozenset(['"', "\\", *map(chr, range(0x20))])


class Scanner:
    """Several detectors together, with one fast question: can anything be in this text at all?

    `also` are patterns that are asked for in the same pass (`marks`): a second one would cost more than they do.
    """

    __slots__ = ("_extra", "escapable", "plan", "probes")

    def __init__(self, detectors: Sequence[Detector], extra: Detector | None = None, also: Sequence[str] = ()) -> None:
        # What changes with every exchange is kept out of the shared plan, which costs milliseconds to make.
        self._extra = probe_of(extra) if extra is not None else None
        self.plan = plan_of(tuple(detectors), tuple(also))
        self.probes = (*self.plan.probes, *((self._extra,) if self._extra else ()))
        # Whether a value may hold what JSON must escape.
        self.escapable = any(
            not probe.detector.escaped and _ESCAPABLE.intersection(probe.detector.chars) for probe in self.probes
        )

    def suspects(self, text: bytes, *, apart: bool = False) -> tuple[Probe, ...]:
        """The detectors whose pattern occurs, judged or not; `apart`: the text is many texts, without their names."""
        found, extra = self.plan.suspects(text, apart=apart), self._extra
        return (*found, extra) if extra is not None and extra.find(text, 0, len(text))[0][0] >= 0 else found

    def marks(self, body: bytes) -> tuple[frozenset[int], frozenset[int]]:
        """What occurs in a body: numbers for `suspects_in`, and those of the patterns in `also`."""
        return self.plan.marks(body)

    def suspects_in(
        self, body: bytes, marks: frozenset[int] | None = None
    ) -> tuple[tuple[Probe, ...], tuple[Probe, ...]] | None:
        """The same for JSON as it came, and those to be asked of arrays (`listed`). None where its bytes do not show
        what its texts are: for escapes that may hide a character of a pattern, and for numbers whose text is not how
        they are spelled.
        """
        if b"\\" in body and (self.escapable or b"\\u" in body or b"\\/" in body):
            return None
        found, extra = self.plan.suspects_in(body, marks), self._extra
        if found is None or extra is None or extra.find(body, 0, len(body))[0][0] < 0:
            return found
        return (*found[0], extra), found[1]

    def candidates(self, joined: bytes, probes: Iterable[Probe] | None = None) -> list[Hit]:
        """Hits in texts joined by NUL: which of them hold a value. A block is given by its opening alone,
        because it would reach into the texts that follow. `probes` are those that are suspected already.
        """
        found: list[Hit] = []
        for probe in self.suspects(joined) if probes is None else probes:
            if probe.until is None:
                found += probe.hits(joined)
                continue
            name, sure = probe.detector.name, probe.detector.confidence
            found += [Hit(match.start(), match.end(), name, sure) for match in probe.pattern.finditer(joined)]
        return found

    def named(self, document: JSON, probes: Iterable[Probe]) -> list[Leaf]:
        """The values of a document in which something may be found because of what they are called."""
        suspected = {id(probe) for probe in probes if probe.words}
        if not suspected:
            return []
        return [leaf for leaf in self.plan.keyed.leaves(document) if self._by_name(leaf, suspected)]

    def listed(self, document: JSON, probes: Iterable[Probe]) -> list[Leaf]:
        """The texts in arrays in which something may be found because of what the array is called: in the body no name
        stands before them, so a pattern that begins behind a name does not occur there.
        """
        return [leaf for leaf in self.named(document, probes) if type(leaf.location[-1]) is int]

    def _by_name(self, leaf: Leaf, suspected: set[int]) -> bool:
        name = name_of(leaf)
        called = [probe for probe in self.plan.called(name) if id(probe) in suspected]
        return any(probe.pattern.search(_before(name) + encode(leaf.text)) is not None for probe in called)

    def hits(
        self,
        text: bytes,
        probes: Iterable[Probe] | None = None,
        name: bytes = b"",
        known: Mapping[Probe, Sequence[Hit]] | None = None,
    ) -> list[Hit]:
        """Every value in a whole text, in order of start. `probes` are those that are suspected already.
        `name` is what the text is called where it stands: words in it count as words before the text. `known` is all
        that detectors without words find in it, where they were asked already.
        """
        found: list[Hit] = []
        called = self.plan.called(name) if name else ()
        for probe in self.suspects(text) if probes is None else probes:
            if probe in called:
                found += _behind(probe, _before(name), text)
            else:
                found += probe.hits(text) if known is None or probe.words else known.get(probe, ())
        return in_order(found)

    def in_table(self, text: bytes) -> list[Hit]:
        """What is found in the cells of a text that is a table, because of what their columns are called."""
        found: list[Hit] = []
        if self.plan.by_name and may_hold_table(text):
            for name, cells in columns_of(text):
                called = self.plan.called(name)
                for start, end in cells if called else ():
                    for hit in self.hits(text[start:end], called, name):
                        found.append(Hit(start + hit.start, start + hit.end, hit.detector, hit.confidence, hit.open))
        return found


def in_order(hits: list[Hit]) -> list[Hit]:
    """The same list, in order of start; of those that begin at one place the longest first."""
    if len(hits) > 1:
        hits.sort(key=lambda hit: (hit.start, -hit.end))
    return hits


def _before(name: bytes) -> bytes:
    return name[-CONTEXT + 2 :] + b": "


def _behind(probe: Probe, before: bytes, text: bytes) -> list[Hit]:
    """What is found in a text by what stands before it."""
    skip = len(before)
    return [
        Hit(hit.start - skip, hit.end - skip, hit.detector, hit.confidence, hit.open)
        for hit in probe.hits(before + text)
        if hit.start >= skip
    ]
