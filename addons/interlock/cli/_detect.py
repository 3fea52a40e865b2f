"""What `interlock detect` reads and writes. One line is one text; lines are independent of each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import IO

import msgspec

from interlock.cli._lines import id_of, lines
from interlock.errors import BodyRejected, InterlockError
from interlock.masking.actions import Span
from interlock.masking.detector import CONFIDENCES, encode
from interlock.masking.kinds import kind_of, known_detectors, with_kin
from interlock.masking.readings import read_again
from interlock.masking.scan import Hit, Scanner
from interlock.model import JSON
from interlock.protocols.body import read_json
from interlock.schema import meant

__all__ = ["MAX_LINE", "Answer", "Found", "Search", "answer", "chosen", "detect_all", "document"]

MAX_LINE = 8 << 20
"""Bytes of the longest line that is read."""


@dataclass(frozen=True, slots=True)
class Found:
    """One value: where it stands, in code points, which detector found it, and how sure that is."""

    start: int
    end: int
    detector: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said about one line: what was found in its text, or what is wrong with it."""

    id: JSON
    line: int
    text: str = field(default="", repr=False)
    findings: tuple[Found, ...] = ()
    error: str = ""


class Search:
    """Detectors with the confidence that is asked of them."""

    def __init__(self, names: Sequence[str], least: str) -> None:
        known = known_detectors()
        self._scanner = Scanner([known[name] for name in names])
        self._least = CONFIDENCES.index(least)

    def findings(self, text: str) -> tuple[Found, ...]:
        """Every value, in order. Where two overlap, the surer stays, and of equals the longer."""
        raw = encode(text)
        read = [Hit(span.start, span.end, span.detector, span.confidence) for span in read_again(text, self._spans)]
        hits = [hit for hit in (*self._plain(raw), *read) if CONFIDENCES.index(hit.confidence) >= self._least]
        hits.sort(key=lambda hit: (-CONFIDENCES.index(hit.confidence), hit.start - hit.end, hit.start, hit.detector))
        offset = _offsets(raw, text)
        return tuple(
            Found(offset(hit.start), offset(hit.end), kind_of(hit.detector), hit.confidence) for hit in _apart(hits)
        )

    def _plain(self, raw: bytes) -> tuple[Hit, ...]:
        return (*self._scanner.hits(raw), *self._scanner.in_table(raw))

    def _spans(self, raw: bytes) -> list[Span]:
        """What is found in a text as it reads: `\\u0040` is an at sign to whoever parses it next."""
        return [Span(hit.start, hit.end, "", "", "", hit.detector, hit.confidence) for hit in self._plain(raw)]


def chosen(names: str, least: str) -> Search:
    """The detectors of a list with commas (empty: all). Raises InterlockError for one that does not exist."""
    known = known_detectors()
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        raise InterlockError(f"no detector is called {unknown[0]!r}", hint=meant(unknown[0], known))
    if least not in CONFIDENCES:
        raise InterlockError(f"no confidence is called {least!r}", hint=meant(least, CONFIDENCES))
    return Search(with_kin(wanted or known), least)


def detect_all(search: Search, source: IO[bytes], show: Callable[[Answer], None]) -> bool:
    """Every line as it comes, in order; whether all could be read."""
    good = True
    for number, raw in lines(source, MAX_LINE):
        said = (
            Answer(None, number, error=f"longer than {MAX_LINE} bytes") if raw is None else answer(search, raw, number)
        )
        good = good and not said.error
        show(said)
    return good


def answer(search: Search, raw: bytes, number: int) -> Answer:
    """The answer to one line. Never raises."""
    name: JSON = None
    try:
        entry = read_json(raw)
        if not isinstance(entry, dict):
            raise InterlockError("the line is not a JSON object")
        name, text = entry.get("id"), entry.get("text")
        if "text" not in entry:
            raise InterlockError("text is missing")
        if not isinstance(text, str):
            raise InterlockError("text must be text")
        return Answer(name, number, text, search.findings(text))
    except BodyRejected:
        name = msgspec.json.decode(id_of(raw))
        return Answer(name, number, error="the line is not strict JSON (RFC 8259, UTF-8)")
    except InterlockError as error:
        return Answer(name, number, error=str(error))
    except RecursionError:
        return Answer(name, number, error="the line is nested too deeply")
    except Exception:  # no line may end the others
        return Answer(name, number, error="the text could not be searched")


def document(said: Answer) -> dict[str, JSON]:
    """An answer as it is written."""
    if said.error:
        return {"id": said.id, "error": said.error, "line": said.line}
    findings: list[JSON] = [
        {"start": found.start, "end": found.end, "detector": found.detector, "confidence": found.confidence}
        for found in said.findings
    ]
    return {"id": said.id, "findings": findings}


def _apart(hits: Sequence[Hit]) -> list[Hit]:
    """Those that overlap with none before them, in order of place."""
    from bisect import bisect_left, insort

    kept: list[tuple[int, int, int]] = []
    for number, hit in enumerate(hits):
        at = bisect_left(kept, (hit.start, hit.end, -1))
        before, behind = kept[at - 1] if at else None, kept[at] if at < len(kept) else None
        if (before is None or before[1] <= hit.start) and (behind is None or hit.end <= behind[0]):
            insort(kept, (hit.start, hit.end, number))
    return [hits[number] for _, _, number in kept]


def _offsets(raw: bytes, text: str) -> Callable[[int], int]:
    """From byte offsets, asked in rising order, to code points."""
    if len(raw) == len(text):
        return int
    done = [0, 0]

    def offset(position: int) -> int:
        if position < done[0]:
            done[:] = [0, 0]
        done[1] += len(raw[done[0] : position].decode("utf-8", "surrogatepass"))
        done[0] = position
        return done[1]

    return offset
