"""The recordings of this machine as auditors read them: searched, shown, checked, handed out; each look noted first.

Everything here blocks: it is called in worker threads. What the files hold is hostile to its reader, and whoever shows
it escapes it.
"""

from __future__ import annotations

import contextlib
import json
import math
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from interlock.engine.proofs import Proved, prove
from interlock.engine.rules import Rules
from interlock.errors import Refused
from interlock.model import JSON
from interlock.ports import Clock
from interlock.reasons import Reason
from interlock.recording import Line, SessionSummary, read_events
from interlock.recording.chain import open_plain
from interlock.recording.finding import Wanted, run_of
from interlock.recording.graph import Graph, build
from interlock.recording.looks import LookLog
from interlock.recording.reading import summarise
from interlock.recording.runs import session_folders
from interlock.recording.session import EVIDENCE, FLOWS
from interlock.recording.shapes import MaskedValues
from interlock.recording.story import outcome_word, what_words
from interlock.recording.ulid import is_ulid
from interlock.recording.wording import text_of, why_words

__all__ = ["PARTS", "Archive", "Listed", "Row", "Told", "brief", "pieces"]

PARTS = {"evidence": EVIDENCE, "flows": FLOWS}
"""What may be taken away of a session."""

_ID = re.compile("[a-z0-9-]{1,64}")
_PAGE = 50
_EVENTS = 200
_PATIENCE = 3.0
_WHOLE = 16_000
_LINE = 2000
"""Characters of what one line says in words; the rest is counted, and stands in the evidence."""
_PART = 1 << 20
"""Characters after which a page ends, however few its lines."""
_PIECE = 1 << 18


@dataclass(frozen=True, slots=True)
class Listed:
    """Sessions, newest first. `older` is where to go on, "" at the end; `hurried`: time was over before it was full."""

    sessions: tuple[SessionSummary, ...]
    older: str = ""
    hurried: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of evidence. `whole` is all that it says; empty where it is too long for a page, `size` characters."""

    number: int
    at: str
    kind: str
    outcome: str
    what: str
    why: str
    fault: str
    approval: str
    masked: tuple[str, ...]
    whole: str
    size: int

    @property
    def length(self) -> int:
        """Characters that stand on the page for it, about."""
        return len(self.what) + len(self.why) + len(self.whole) + sum(map(len, self.masked))


@dataclass(frozen=True, slots=True)
class Told:
    """A part of a session's timeline; `later` is the line to go on with, 0 at the end.

    `continues` is the session of the same principal and run that this one goes on with; empty where there is none.
    """

    summary: SessionSummary
    rows: tuple[Row, ...]
    later: int
    continues: str = ""


class Archive:
    """The recordings folder of the rules, where it is on this machine."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder = folder.absolute()
        self._looks = LookLog(self.folder, clock)

    @property
    def here(self) -> bool:
        """Whether there is such a folder on this machine."""
        return self.folder.is_dir()

    def note(self, who: str, page: str, what: dict[str, JSON]) -> None:
        """Writes that somebody looks. Raises Refused (RECORDING_UNAVAILABLE): then nothing may be shown."""
        self._looks.add(who, f"console {page}", what)

    def sessions(self, wanted: Wanted, before: str = "") -> Listed:
        """A page of sessions in which something is wanted, older than `before`. Raises OSError."""
        until, found = time.monotonic() + _PATIENCE, list[SessionSummary]()
        names = [name for name in reversed(session_folders(self.folder)) if not before or name < before]
        for number, name in enumerate(names):
            full = len(found) == _PAGE or (number and time.monotonic() > until)
            summary = None if full else summarise(self.folder / name)
            # the first of a page is looked through whole, however long it is: each page goes on
            holds = summary and wanted.session(summary) and self._holds(name, wanted, until if number else math.inf)
            if summary is None or holds is None:
                return Listed(tuple(found), older=_above(name), hurried=len(found) < _PAGE)
            if holds:
                found.append(summary)
        return Listed(tuple(found))

    def _holds(self, name: str, wanted: Wanted, until: float) -> bool | None:
        """Whether an event is wanted; None when time was over before that was clear."""
        if not wanted.asks_events:
            return True
        with contextlib.suppress(OSError):
            for line in read_events(self.folder / name):
                if line.event is not None and wanted.event(line.event):
                    return True
                if time.monotonic() > until:
                    return None
        return False

    def timeline(self, session: str, start: int = 1) -> Told:
        """A session's events from a line on. Raises Refused (NOT_FOUND), OSError."""
        folder = self._session(session)
        masked, rows, later, size = MaskedValues(folder), list[Row](), 0, 0
        for line in read_events(folder):
            if line.number < start:
                if line.event is not None and line.event.kind == "decision":
                    masked.shapes(line.event.seq, "decision", {"flow": line.event.data.get("flow")})
                continue
            if len(rows) == _EVENTS or size > _PART:
                later = line.number
                break
            rows.append(_row(line, masked))
            size += rows[-1].length
        before = run_of(folder)[:-1]
        return Told(summarise(folder), tuple(rows), later, before[-1].name if before else "")

    def run(self, session: str) -> list[str]:
        """A session and those that it continues, oldest first: one run. Raises Refused (NOT_FOUND)."""
        folder = self._session(session)
        return [part.name for part in run_of(folder) if part == folder or not part.is_symlink()]

    def graph(self, session: str) -> Graph:
        """What led to what in a session and those that it continues. Raises Refused (NOT_FOUND), OSError."""
        parts = ((name, line) for name in self.run(session) for line in read_events(self.folder / name))
        return build((name, line.event) for name, line in parts if line.event is not None and not line.fault)

    def verified(self, session: str, rules: Rules | None = None) -> Proved:
        """What can be said of a session's integrity, with what the rules reach. Raises Refused (NOT_FOUND)."""
        return prove(self._session(session), rules)

    def part(self, session: str, name: str) -> tuple[BinaryIO, int]:
        """A file of a session, as it lies there, with its size. Raises Refused (NOT_FOUND), OSError."""
        file = open_plain(self._session(session) / PARTS[name])
        size = file.seek(0, 2)
        file.seek(0)
        return file, size

    def _session(self, session: str) -> Path:
        """What is typed never becomes a path. Raises Refused (NOT_FOUND)."""
        folder = self.folder / session if is_ulid(session) else None
        if folder is None or folder.is_symlink() or not folder.is_dir():
            raise Refused(Reason.NOT_FOUND, "there is no such session on this machine")
        return folder


def pieces(file: BinaryIO, size: int) -> Iterator[bytes]:
    """So many bytes of a file, which is closed then; it may grow meanwhile."""
    with file:
        while size > 0 and (piece := file.read(min(size, _PIECE))):
            size -= len(piece)
            yield piece


def brief(text: str) -> str:
    """A text as a line of a page holds it: what is left out is counted."""
    return text if len(text) <= _LINE else f"{text[:_LINE]} … and {len(text) - _LINE} characters more"


def _above(name: str) -> str:
    """What sorts just above a name, so that a page that goes on from there begins with it."""
    return name + "~"


def _row(line: Line, masked: MaskedValues) -> Row:
    event = line.event
    if event is None:
        return Row(line.number, "", "", "", "", "", line.fault, "", (), "", 0)
    whole, approval = json.dumps(dict(event.data), ensure_ascii=False, indent=1), text_of(event.data, "approval")
    return Row(
        number=line.number,
        at=event.at,
        kind=event.kind,
        outcome=brief(outcome_word(event.kind, event.data)),
        what=brief(what_words(event.kind, event.data)),
        why=brief(why_words(event.data)) if event.kind != "opened" else "",
        fault=line.fault,
        approval=approval if _ID.fullmatch(approval) else "",
        masked=tuple(map(brief, masked.shapes(event.seq, event.kind, event.data))),
        whole=whole if len(whole) <= _WHOLE else "",
        size=len(whole),
    )
