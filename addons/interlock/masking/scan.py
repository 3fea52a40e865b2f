"""Runs detectors over UTF-8 text, whole or as it arrives, with the same result.

All positions are byte offsets. A candidate in a stream counts once nothing that follows can change it: its run of
possible characters has ended, or its longest length is in view. Up to there every position is `settled`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from interlock.masking.detector import CONTEXT, MAX_HOLD, Detector, encode
from interlock.masking.keyed import Keyed
from interlock.masking.leaves import Leaf
from interlock.masking.screen import Literals, Words, compiled
from interlock.masking.shapes import Shapes
from interlock.model import JSON

__all__ = ["Cursor", "Hit", "Probe", "Scanner", "encode"]

_ESCAPABLE = frozenset(['"', "\\", *map(chr, range(0x20))])
_ESCAPE_SIGN = re.compile(rb"[\\%]")
_LONGEST_ESCAPE = 6
_WORD_REST = re.compile(rb"[0-9A-Za-z_]*")
_QUOTE = 0x22
_ALL_WIDE = bytes(range(0x80, 0x100))


@dataclass(frozen=True, slots=True)
class Hit:
    """A sensitive value. `open` says that it has no end: everything after it belongs to it."""

    start: int
    end: int
    detector: str
    confidence: str
    open: bool = False


class Probe:
    """A detector made ready to run."""

    __slots__ = ("chars", "detector", "grouped", "idle", "pattern", "prefixes", "until", "words")

    def __init__(self, detector: Detector) -> None:
        self.detector = detector
        self.pattern = compiled(detector.pattern)
        self.grouped = bool(self.pattern.groups)
        self.until: Any = compiled(detector.until) if detector.until else None
        self.chars = detector.chars.encode("ascii") + (_ALL_WIDE if detector.wide else b"")
        self.idle = bytes(set(range(0x100)) - set(detector.begins.encode("ascii"))) if detector.begins else b""
        self.prefixes = tuple(prefix.encode() for prefix in detector.prefixes)
        self.words = detector.words

    def hits(self, text: bytes) -> list[Hit]:
        """Every value in a whole text."""
        return Cursor(self).advance(text, final=True)[0]


@lru_cache(maxsize=512)
def _probe(detector: Detector) -> Probe:
    return Probe(detector)


class Cursor:
    """How far one detector has come in a text that may still grow."""

    __slots__ = ("position", "probe")

    def __init__(self, probe: Probe) -> None:
        self.probe = probe
        self.position = 0

    def advance(self, text: bytes, *, final: bool) -> tuple[list[Hit], int]:
        """New hits, and the offset below which nothing more can begin."""
        probe, hits = self.probe, list[Hit]()
        settled = len(text) if final else self._settled(text)
        while True:
            match = probe.pattern.search(text, self.position)
            if match is None or match.start() >= settled:
                break
            start, end = match.span()
            if probe.until is not None:
                closed = self._block(text, start, end, final)
                if closed is None:
                    self.position = start
                    return hits, start
                hits.append(closed)
                self.position = closed.end
                if closed.open:
                    return hits, len(text)
                continue
            self._candidate(text, match, hits)
        self.position = max(self.position, settled)
        return hits, self.position

    def _candidate(self, text: bytes, match: Any, hits: list[Hit]) -> None:
        detector = self.probe.detector
        start, end = match.span()
        low, high = match.span(1) if self.probe.grouped and match.span(1)[0] >= 0 else (start, end)
        before = len(hits)
        if detector.judge is None:
            hits.append(Hit(low, high, detector.name, detector.confidence))
        else:
            hits += [Hit(one, other, detector.name, sure) for one, other, sure in detector.judge(text, low, high)]
        if detector.retry:
            self.position = hits[-1].end if len(hits) > before else self._next(text, start)
        else:
            self.position = end

    def _next(self, text: bytes, start: int) -> int:
        """Where to look on behind the beginning of a candidate that failed."""
        if not self.probe.detector.whole or _ESCAPE_SIGN.search(text, max(0, start - _LONGEST_ESCAPE), start + 1):
            return start + 1
        end: int = _WORD_REST.match(text, start + 1).end()  # type: ignore[union-attr]
        return end

    def _block(self, text: bytes, start: int, end: int, final: bool) -> Hit | None:
        """The block that a candidate opens; None while its end may still come."""
        name, sure = self.probe.detector.name, self.probe.detector.confidence
        close = self.probe.until.search(text, end, min(len(text), end + MAX_HOLD))
        if close is not None:
            return Hit(start, close.end(), name, sure)
        if final or len(text) - end >= MAX_HOLD:
            return Hit(start, len(text), name, sure, open=True)
        return None

    def _settled(self, text: bytes) -> int:
        """The offset below which a match, or that there is none, is certain."""
        probe = self.probe
        start = max(len(text.rstrip(probe.chars)), self.position)
        if probe.detector.length:
            start = max(start, len(text) - probe.detector.length)
        if probe.idle:
            start = len(text) - len(text[start:].lstrip(probe.idle))
        if not probe.prefixes or start >= len(text):
            return start
        whole = [at for at in (text.find(prefix, start) for prefix in probe.prefixes) if at >= 0]
        return min([*whole, _partial(text, start, probe.prefixes)])


def _partial(text: bytes, start: int, prefixes: Sequence[bytes]) -> int:
    """Where the text ends in the beginning of a prefix; its length where it does not."""
    longest = max(map(len, prefixes)) - 1
    for at in range(max(start, len(text) - longest), len(text)):
        tail = text[at:]
        if any(prefix.startswith(tail) for prefix in prefixes):
            return at
    return len(text)


class _Plan:
    """Detectors in three kinds: those with words before them, those that begin with a literal, and all others."""

    __slots__ = ("by_name", "keyed", "literal", "literals", "probes", "shaped", "shapes", "worded", "words")

    def __init__(self, detectors: tuple[Detector, ...]) -> None:
        self.probes = tuple(map(_probe, detectors))
        self.worded = tuple(probe for probe in self.probes if probe.words and not probe.detector.lone)
        self.literal = tuple(probe for probe in self.probes if probe.prefixes and not probe.words)
        self.shaped = tuple(
            probe for probe in self.probes if probe.detector.lone or not (probe.prefixes or probe.words)
        )
        self.words = Words([probe.words for probe in self.worded])
        self.literals = Literals([probe.detector.prefixes for probe in self.literal])
        self.by_name = any(probe.words for probe in self.probes)
        self.keyed = Keyed(Words([probe.words for probe in self.probes if probe.words]))
        crossing = [number for number, probe in enumerate(self.shaped) if _QUOTE in probe.chars or probe.until]
        self.shapes = Shapes([probe.detector.pattern for probe in self.shaped], crossing)

    def suspects(self, text: bytes, *, apart: bool) -> tuple[Probe, ...]:
        """The detectors whose pattern occurs, judged or not. In texts that stand `apart` from their names a word is
        enough, because the pattern may need what stands between both.
        """
        some = [self.literal[number] for number in self.literals.found(text)] if self.literal else []
        shaped = [self.shaped[number] for number in self.shapes.found(text)]
        worded = [self.worded[number] for number in self.words.found(text)] if self.worded else []
        if not some and not worded and not shaped:
            return ()
        chosen = {id(probe) for probe in some if probe.pattern.search(text) is not None}
        chosen.update(map(id, shaped))
        chosen |= {id(probe) for probe in worded if apart or probe.pattern.search(text) is not None}
        return tuple(probe for probe in self.probes if id(probe) in chosen)


@lru_cache(maxsize=256)
def _plan(detectors: tuple[Detector, ...]) -> _Plan:
    return _Plan(detectors)


class Scanner:
    """Several detectors together, with one fast question: can anything be in this text at all?"""

    __slots__ = ("_extra", "escapable", "plan", "probes")

    def __init__(self, detectors: Sequence[Detector], extra: Detector | None = None) -> None:
        # What changes with every exchange is kept out of the shared plan, which costs milliseconds to make.
        self._extra = _probe(extra) if extra is not None else None
        self.plan = _plan(tuple(detectors))
        self.probes = (*self.plan.probes, *((self._extra,) if self._extra else ()))
        # Whether a value may hold what JSON must escape.
        self.escapable = any(
            not probe.detector.escaped and _ESCAPABLE.intersection(probe.detector.chars) for probe in self.probes
        )

    def suspects(self, text: bytes, *, apart: bool = False) -> tuple[Probe, ...]:
        """The detectors whose pattern occurs, judged or not; `apart`: the text is many texts, without their names."""
        found, extra = self.plan.suspects(text, apart=apart), self._extra
        return (*found, extra) if extra is not None and extra.pattern.search(text) is not None else found

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
        """The values of a document that are to be looked at because of what they are called."""
        return list(self.plan.keyed.leaves(document)) if any(probe.words for probe in probes) else []

    def hits(self, text: bytes, probes: Iterable[Probe] | None = None, name: bytes = b"") -> list[Hit]:
        """Every value in a whole text, in order of start. `probes` are those that are suspected already.
        `name` is what the text is called where it stands: words in it count as words before the text.
        """
        found: list[Hit] = []
        before = name[-CONTEXT + 2 :] + b": " if name else b""
        for probe in self.suspects(text) if probes is None else probes:
            found += _behind(probe, before, text) if before and probe.words else probe.hits(text)
        found.sort(key=lambda hit: (hit.start, -hit.end))
        return found


def _behind(probe: Probe, before: bytes, text: bytes) -> list[Hit]:
    """What is found in a text by what stands before it."""
    skip = len(before)
    return [
        Hit(hit.start - skip, hit.end - skip, hit.detector, hit.confidence, hit.open)
        for hit in probe.hits(before + text)
        if hit.start >= skip
    ]
