"""Runs detectors over UTF-8 text, whole or as it arrives, with the same result.

All positions are byte offsets. A candidate in a stream counts once nothing that follows can change it: its run of
possible characters has ended, or its longest length is in view. Up to there every position is `settled`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from interlock.masking.detector import MAX_HOLD, Detector

__all__ = ["Cursor", "Hit", "Probe", "Scanner", "compiled", "encode"]

_MAX_MEMORY = 32 << 20
_ESCAPABLE = frozenset(['"', "\\", *map(chr, range(0x20))])
_ALL_WIDE = bytes(range(0x80, 0x100))


@dataclass(frozen=True, slots=True)
class Hit:
    """A sensitive value. `open` says that it has no end: everything after it belongs to it."""

    start: int
    end: int
    detector: str
    confidence: str
    open: bool = False


def encode(text: str) -> bytes:
    """UTF-8 that also keeps lone surrogates, which JSON can hold."""
    return text.encode("utf-8", "surrogatepass")


def compiled(pattern: str) -> Any:
    """The RE2 program of a pattern: linear in time, bounded in memory."""
    import re2

    options = re2.Options()
    options.max_mem = _MAX_MEMORY
    options.log_errors = False
    return re2.compile(pattern, options)


class Probe:
    """A detector made ready to run."""

    __slots__ = ("chars", "detector", "grouped", "idle", "pattern", "prefixes", "until")

    def __init__(self, detector: Detector) -> None:
        self.detector = detector
        self.pattern = compiled(detector.pattern)
        self.grouped = bool(self.pattern.groups)
        self.until: Any = compiled(detector.until) if detector.until else None
        self.chars = detector.chars.encode("ascii") + (_ALL_WIDE if detector.wide else b"")
        self.idle = bytes(set(range(0x100)) - set(detector.begins.encode("ascii"))) if detector.begins else b""
        self.prefixes = tuple(prefix.encode() for prefix in detector.prefixes)

    def hits(self, text: bytes) -> list[Hit]:
        """Every value in a whole text."""
        return Cursor(self).advance(text, final=True)[0]


@lru_cache(maxsize=256)
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
            self.position = hits[-1].end if len(hits) > before else start + 1
        else:
            self.position = end

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


class Scanner:
    """Several detectors together, with one fast question: can anything be in this text at all?"""

    __slots__ = ("_extra", "_screen", "escapable", "probes")

    def __init__(self, detectors: Sequence[Detector], extra: Detector | None = None) -> None:
        # What changes with every exchange is kept out of the shared screen, which costs milliseconds to make.
        self._extra = _probe(extra) if extra is not None else None
        self.probes = (*map(_probe, detectors), *((self._extra,) if self._extra else ()))
        # Whether a value may hold what JSON must escape.
        self.escapable = any(_ESCAPABLE.intersection(probe.detector.chars) for probe in self.probes)
        self._screen = _screen(tuple(detector.pattern for detector in detectors))

    def suspects(self, text: bytes) -> tuple[Probe, ...]:
        """The detectors whose pattern occurs, judged or not."""
        if self._screen is not None and self._screen.search(text) is not None:
            return tuple(probe for probe in self.probes if probe.pattern.search(text) is not None)
        extra = self._extra
        return (extra,) if extra is not None and extra.pattern.search(text) is not None else ()

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

    def hits(self, text: bytes, probes: Iterable[Probe] | None = None) -> list[Hit]:
        """Every value in a whole text, in order of start. `probes` are those that are suspected already."""
        found = [hit for probe in (self.suspects(text) if probes is None else probes) for hit in probe.hits(text)]
        found.sort(key=lambda hit: (hit.start, -hit.end))
        return found


@lru_cache(maxsize=256)
def _screen(patterns: tuple[str, ...]) -> Any:
    """All patterns as one. Not an RE2 Set: that says "nothing" where it runs out of memory."""
    return compiled("|".join(f"(?:{pattern})" for pattern in patterns)) if patterns else None
