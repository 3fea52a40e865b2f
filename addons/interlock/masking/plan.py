"""Which of many detectors can find anything in a text, asked in as few passes over it as possible."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from interlock.masking.detector import Detector
from interlock.masking.keyed import Keyed
from interlock.masking.probe import Probe, probe_of
from interlock.masking.screen import Literals, Screen, Words, edged_words_meant, literals_meant, words_meant
from interlock.masking.shapes import Shapes
from interlock.paths.together import compiled

__all__ = ["Plan", "plan_of"]

_SPELLED = r"(?:\A|[:,\[])[ \t\r\n]*-?(?:[0-9]+(?:\.[0-9]+)?[eE]|[0-9]{7,}\.[0-9]*0(?:[^0-9]|\z)|[0-9]{16,}\.)"
"""Finds numbers in JSON whose text is not how they are spelled: `4.1e15` is sixteen digits, and so is `41…1.0`."""
_MAX_KNOWN = 10_000
_LONG = 200
_TINY = 27
"""So many instructions at most has what is asked for as literals are: a sign, or a few letters."""


class Plan:
    """Detectors in three kinds: those with words before them, those that begin with a literal, and all others."""

    __slots__ = (
        *(
            "_behind",
            "_called",
            "_easy",
            "_easy_marks",
            "_marks",
            "_namable",
            "_names",
            "_shaped",
            "_shapes",
            "_split",
            "_timed",
            "by_name",
            "keyed",
            "literal",
        ),
        *("literals", "probes", "shaped", "timed", "worded", "words"),
    )

    def __init__(self, detectors: tuple[Detector, ...], also: tuple[str, ...] = ()) -> None:
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
        marked = frozenset(
            number for number, probe in enumerate(self.probes) if probe in self.shaped and _is_marked(probe)
        )
        self._split: dict[frozenset[int], tuple[frozenset[int], frozenset[int]]] = {}
        self._marks = Screen(self._marks_meant(marked, also))
        self._behind = frozenset(
            number for number, probe in enumerate(self.probes) if probe in self.worded and probe.behind_names
        )
        self._timed = tuple(self.probes.index(probe) for probe in self.timed)
        numbers = [self.probes.index(probe) for probe in self.shaped]
        self._shaped = tuple(number for number in numbers if number not in marked)
        detectors = tuple(self.probes[number].detector for number in self._shaped)
        patterns, needs = [part.pattern for part in detectors], [part.needs for part in detectors]
        self._shapes = Shapes([*patterns, _SPELLED], [*needs, ""])
        # Where a string of JSON holds them is asked next, which answers whether one does.
        easy = frozenset(
            number for number in numbers if self.probes[number].in_strings and not self.probes[number].words
        )
        self._easy = frozenset(at for at, number in enumerate(self._shaped) if number in easy)
        self._easy_marks = easy & marked

    def _marks_meant(self, marked: frozenset[int], also: Sequence[str]) -> dict[str, frozenset[int]]:
        """What says that a detector may find something: words, what it begins with, what it needs; and what is asked
        for `also`, whose numbers follow theirs.
        """
        worded = [probe.words if probe in self.worded else () for probe in self.probes]
        edged = [words if probe.detector.edged else () for words, probe in zip(worded, self.probes, strict=True)]
        others = [() if probe.detector.edged else words for words, probe in zip(worded, self.probes, strict=True)]
        needed = {number for number, probe in enumerate(self.probes) if probe in self.literal and probe.detector.needs}
        begins = [
            probe.detector.prefixes if probe in self.literal and number not in needed else ()
            for number, probe in enumerate(self.probes)
        ]
        meant = [words_meant(others), edged_words_meant(edged), literals_meant(begins)]
        meant += [{self.probes[number].detector.needs: frozenset((number,))} for number in sorted(marked | needed)]
        meant += [{one: frozenset((number,))} for number, one in enumerate(also, len(self.probes))]
        found: dict[str, frozenset[int]] = {}
        for one in meant:
            for pattern, numbers in one.items():
                found[pattern] = found.get(pattern, frozenset()) | numbers
        return found

    def suspects(self, text: bytes, *, apart: bool) -> tuple[Probe, ...]:
        """The detectors whose pattern occurs, judged or not. In texts that stand `apart` from their names a word is
        enough, because the pattern may need what stands between both.
        """
        return self._suspects(text, self._shapes.found(text), self.marks(text)[0], apart=apart)

    def marks(self, body: bytes) -> tuple[frozenset[int], frozenset[int]]:
        """The numbers of the detectors that a word or a literal speaks of, and of what was asked for also."""
        found = self._marks.found(body)
        split = self._split.get(found)
        if split is None:
            count = len(self.probes)
            own = frozenset(number for number in found if number < count)
            split = own, frozenset(number - count for number in found - own)
            if len(self._split) < _MAX_KNOWN:
                self._split[found] = split
        return split

    def suspects_in(
        self, body: bytes, marks: frozenset[int] | None = None
    ) -> tuple[tuple[Probe, ...], tuple[Probe, ...]] | None:
        """The same for JSON as it came, some of which may not occur; None where a number's text is not how it is
        spelled. The second are those that a word speaks of, and that begin with what stands behind a name.
        """
        found = self._shapes.found(body, self._easy)
        if len(self._shaped) in found:
            return None
        if marks is None:
            marks = self.marks(body)[0]
        behind = marks & self._behind
        asked = tuple([self.probes[number] for number in behind]) if behind else ()
        return self._suspects(body, found, marks, unsure=self._easy_marks), asked

    def _suspects(
        self,
        text: bytes,
        found: Sequence[int],
        marks: Iterable[int],
        *,
        apart: bool = False,
        unsure: frozenset[int] = frozenset(),
    ) -> tuple[Probe, ...]:
        probes, size, last = self.probes, len(text), len(self._shaped)
        chosen = {self._shaped[number] for number in found if number != last}
        chosen.update(self._timed)
        for number in marks:
            probe = probes[number]
            if number in unsure or (apart and probe.words) or probe.find(text, 0, size)[0][0] >= 0:
                chosen.add(number)
        return tuple([probes[number] for number in sorted(chosen)]) if chosen else ()

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


def _is_marked(probe: Probe) -> bool:
    """Whether what a detector needs is asked for together with words and literals."""
    needs = probe.detector.needs
    return bool(needs) and not probe.prefixes and compiled(needs).programsize <= _TINY


@lru_cache(maxsize=256)
def plan_of(detectors: tuple[Detector, ...], also: tuple[str, ...]) -> Plan:
    """The plan of some detectors; it costs milliseconds to make, and is made once."""
    return Plan(detectors, also)
