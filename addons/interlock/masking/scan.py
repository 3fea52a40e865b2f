"""Runs detectors over UTF-8 text, whole or as it arrives, with the same result.

All positions are byte offsets. What is asked first is cheap: can anything be in this text at all?
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from interlock.masking.detector import CONTEXT, Detector, encode
from interlock.masking.keyed import Keyed, name_of
from interlock.masking.leaves import Leaf
from interlock.masking.probe import Cursor, Hit, Probe, probe_of
from interlock.masking.screen import Literals, Screen, Words, literals_meant, words_meant
from interlock.masking.shapes import Shapes
from interlock.model import JSON

__all__ = ["Cursor", "Hit", "Probe", "Scanner", "encode"]

_ESCAPABLE = frozenset(['"', "\\", *map(chr, range(0x20))])
_SPELLED = r"(?:\A|[:,\[])[ \t\r\n]*-?(?:[0-9]+(?:\.[0-9]+)?[eE]|[0-9]{7,}\.[0-9]*0(?:[^0-9]|\z)|[0-9]{16,}\.)"
"""Finds numbers in JSON whose text is not how they are spelled: `4.1e15` is sixteen digits, and so is `41…1.0`."""
_MAX_KNOWN = 10_000
_LONG = 200


class _Plan:
    """Detectors in three kinds: those with words before them, those that begin with a literal, and all others."""

    __slots__ = (
        *(
            "_behind",
            "_called",
            "_easy",
            "_marks",
            "_namable",
            "_names",
            "_shaped",
            "_shapes",
            "_timed",
            "by_name",
            "keyed",
            "literal",
        ),
        *("literals", "probes", "shaped", "timed", "worded", "words"),
    )

    def __init__(self, detectors: tuple[Detector, ...]) -> None:
        self.probes = tuple(map(probe_of, detectors))
        self.worded = tuple(probe for probe in self.probes if probe.words and not probe.detector.lone)
        self.literal = tuple(probe for probe in self.probes if probe.prefixes and not probe.words)
        self.timed = tuple(probe for probe in self.probes if probe.detector.timed)
        rest = (probe for probe in self.probes if not probe.detector.timed)
        self.shaped = tuple(probe for probe in rest if probe.detector.lone or not (probe.prefixes or probe.words))
        self.words = Words([probe.words for probe in self.worded])
        self.literals = Literals([probe.detector.prefixes for probe in self.literal])
        self.by_name = any(probe.words for probe in self.probes)
        self._namable = tuple(probe for probe in self.probes if probe.words)
        self._names = Words([probe.words for probe in self._namable])
        self._called: dict[bytes, tuple[Probe, ...]] = {}
        self.keyed = Keyed(self._names)
        words = words_meant([probe.words if probe in self.worded else () for probe in self.probes])
        literals = literals_meant([probe.detector.prefixes if probe in self.literal else () for probe in self.probes])
        self._marks = Screen({**words, **literals})
        self._behind = frozenset(
            number for number, probe in enumerate(self.probes) if probe in self.worded and probe.behind_names
        )
        self._shaped = tuple(self.probes.index(probe) for probe in self.shaped)
        self._timed = tuple(self.probes.index(probe) for probe in self.timed)
        detectors = tuple(probe.detector for probe in self.shaped)
        patterns, needs = [part.pattern for part in detectors], [part.needs for part in detectors]
        self._shapes = Shapes([*patterns, _SPELLED], [*needs, ""])
        # Where a string of JSON holds them is asked next, which answers whether one does.
        easy = (number for number, probe in enumerate(self.shaped) if probe.in_strings and not probe.words)
        self._easy = frozenset(easy)

    def suspects(self, text: bytes, *, apart: bool) -> tuple[Probe, ...]:
        """The detectors whose pattern occurs, judged or not. In texts that stand `apart` from their names a word is
        enough, because the pattern may need what stands between both.
        """
        return self._suspects(text, self._shapes.found(text), self._marks.found(text), apart=apart)

    def suspects_in(self, body: bytes) -> tuple[tuple[Probe, ...], tuple[Probe, ...]] | None:
        """The same for JSON as it came, some of which may not occur; None where a number's text is not how it is
        spelled. The second are those that a word speaks of, and that begin with what stands behind a name.
        """
        found = self._shapes.found(body, self._easy)
        if len(self._shaped) in found:
            return None
        marks = self._marks.found(body)
        asked = tuple(self.probes[number] for number in marks & self._behind) if marks else ()
        return self._suspects(body, found, marks, apart=False), asked

    def _suspects(self, text: bytes, found: Sequence[int], marks: Iterable[int], *, apart: bool) -> tuple[Probe, ...]:
        probes, size, last = self.probes, len(text), len(self._shaped)
        chosen = {self._shaped[number] for number in found if number != last}
        chosen.update(self._timed)
        for number in marks:
            probe = probes[number]
            if (apart and probe.words) or probe.find(text, 0, size)[0][0] >= 0:
                chosen.add(number)
        return tuple(probes[number] for number in sorted(chosen)) if chosen else ()

    def called(self, name: bytes) -> tuple[Probe, ...]:
        """The detectors that have a word in what a value is called; it is remembered."""
        found = self._called.get(name)
        if found is None:
            found = tuple(self._namable[number] for number in sorted(self._names.found(name)))
            if len(self._called) >= _MAX_KNOWN:
                self._called.clear()
            if len(name) <= _LONG:
                self._called[name] = found
        return found


@lru_cache(maxsize=256)
def _plan(detectors: tuple[Detector, ...]) -> _Plan:
    return _Plan(detectors)


class Scanner:
    """Several detectors together, with one fast question: can anything be in this text at all?"""

    __slots__ = ("_extra", "escapable", "plan", "probes")

    def __init__(self, detectors: Sequence[Detector], extra: Detector | None = None) -> None:
        # What changes with every exchange is kept out of the shared plan, which costs milliseconds to make.
        self._extra = probe_of(extra) if extra is not None else None
        self.plan = _plan(tuple(detectors))
        self.probes = (*self.plan.probes, *((self._extra,) if self._extra else ()))
        # Whether a value may hold what JSON must escape.
        self.escapable = any(
            not probe.detector.escaped and _ESCAPABLE.intersection(probe.detector.chars) for probe in self.probes
        )

    def suspects(self, text: bytes, *, apart: bool = False) -> tuple[Probe, ...]:
        """The detectors whose pattern occurs, judged or not; `apart`: the text is many texts, without their names."""
        found, extra = self.plan.suspects(text, apart=apart), self._extra
        return (*found, extra) if extra is not None and extra.find(text, 0, len(text))[0][0] >= 0 else found

    def suspects_in(self, body: bytes) -> tuple[tuple[Probe, ...], tuple[Probe, ...]] | None:
        """The same for JSON as it came, and those to be asked of arrays (`listed`). None where its bytes do not show
        what its texts are: for escapes that may hide a character of a pattern, and for numbers whose text is not how
        they are spelled.
        """
        if b"\\" in body and (self.escapable or b"\\u" in body or b"\\/" in body):
            return None
        found, extra = self.plan.suspects_in(body), self._extra
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
        found.sort(key=lambda hit: (hit.start, -hit.end))
        return found


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
