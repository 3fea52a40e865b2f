"""One detector made ready to run over UTF-8 text, whole or as it arrives, with the same result.

All positions are byte offsets. A candidate in a stream counts once nothing that follows can change it: its run of
possible characters has ended, or its longest length is in view. Up to there every position is `settled`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from interlock.errors import InterlockError
from interlock.masking.budget import OFTEN, begin, check, failed
from interlock.masking.detector import MAX_HOLD, Detector
from interlock.masking.timed import Timed
from interlock.model.quick import quick
from interlock.paths.together import Find, compiled, finder

__all__ = ["Cursor", "Hit", "Probe", "probe_of"]

_ESCAPE_SIGN = re.compile(rb"[\\%]")
_LONGEST_ESCAPE = 6
_QUOTE = b'"'
_AFTER_NAMES = ":="
_WORD_REST = re.compile(rb"[0-9A-Za-z_]*")
_ALL_WIDE = bytes(range(0x80, 0x100))


@quick
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

    __slots__ = (
        "behind_names",
        "chars",
        "detector",
        "find",
        "idle",
        "in_strings",
        "pattern",
        "prefixes",
        "until",
        "words",
    )

    def __init__(self, detector: Detector) -> None:
        self.detector = detector
        self.pattern: Any = Timed(detector.pattern) if detector.timed else compiled(detector.pattern)
        self.find: Find = self.pattern.find if detector.timed else finder(self.pattern)
        self.until: Any = compiled(detector.until) if detector.until else None
        self.chars = detector.chars.encode("ascii") + (_ALL_WIDE if detector.wide else b"")
        self.behind_names = bool(detector.words) and not set(detector.begins).isdisjoint(_AFTER_NAMES)
        self.in_strings = self.until is None and _QUOTE not in self.chars  # no candidate reaches over a string's end
        self.idle = bytes(set(range(0x100)) - set(detector.begins.encode("ascii"))) if detector.begins else b""
        self.prefixes = tuple(prefix.encode() for prefix in detector.prefixes)
        self.words = detector.words

    def hits(self, text: bytes) -> list[Hit]:
        """Every value in a whole text."""
        if self.until is not None:
            return Cursor(self).advance(text, final=True)[0]
        find, size, hits, at = self.find, len(text), list[Hit](), 0
        spans = find(text, 0, size)
        if spans[0][0] < 0:
            return hits
        asked, began = 0, begin()
        while spans[0][0] >= 0:
            asked += 1
            at = self.candidate(text, spans, hits)
            if not asked % OFTEN:
                check(began, size)
            if at > size:
                break
            spans = find(text, at, size)
        check(began, size)
        return hits

    def candidate(self, text: bytes, spans: Sequence[tuple[int, int]], hits: list[Hit]) -> int:
        """Adds what of a candidate is a value; gives where to look on. Raises BodyRejected where its judge raises:
        nobody has said then that there is no value.
        """
        detector = self.detector
        start, end = spans[0]
        low, high = spans[1] if len(spans) > 1 and spans[1][0] >= 0 else (start, end)
        name, judge = detector.name, detector.judge
        if judge is None:
            hits.append(Hit(low, high, name, detector.confidence))
            return high if detector.retry else end
        before = len(hits)
        try:
            for one, other, sure in judge(text, low, high):
                hits.append(Hit(one, other, name, sure))
        except InterlockError:
            raise
        except Exception:
            raise failed() from None
        if not detector.retry:
            return end
        return hits[-1].end if len(hits) > before else self._next(text, start)

    def _next(self, text: bytes, start: int) -> int:
        """Where to look on behind the beginning of a candidate that failed."""
        if not self.detector.whole or _ESCAPE_SIGN.search(text, max(0, start - _LONGEST_ESCAPE), start + 1):
            return start + 1
        end: int = _WORD_REST.match(text, start + 1).end()  # type: ignore[union-attr]
        return end


@lru_cache(maxsize=512)
def probe_of(detector: Detector) -> Probe:
    """A detector's probe; its programs are made once."""
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
        find, size = probe.find, len(text)
        settled = size if final else self._settled(text)
        asked, began = 0, 0.0
        while self.position <= size:
            spans = find(text, self.position, size)
            start, end = spans[0]
            if start < 0 or start >= settled:
                break
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
            if not asked:
                began = begin()
            asked += 1
            self.position = probe.candidate(text, spans, hits)
            if not asked % OFTEN:
                check(began, size)
        if asked:
            check(began, size)
        self.position = max(self.position, settled)
        return hits, self.position

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
        probe, length = self.probe, self.probe.detector.length
        low = max(self.position, len(text) - length) if length else self.position
        start = low + len(text[low:].rstrip(probe.chars))  # what is held is long, and this is asked at every piece
        if length:
            while self.position < start < len(text) and text[start] & 0xC0 == 0x80:
                start -= 1  # never inside of a character
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
