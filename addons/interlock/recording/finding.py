"""Which sessions and events are wanted: by principal, connection, decision and time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from interlock.errors import InterlockError
from interlock.model import JSON
from interlock.recording.event import Event, stamp
from interlock.recording.log_file import rotated
from interlock.recording.reading import Line, SessionSummary, list_sessions, read_events, read_lines, summarise
from interlock.recording.ulid import is_ulid
from interlock.recording.wording import text_of

__all__ = ["DECISIONS", "Wanted", "event_number", "find_sessions", "log_events", "moment", "one_session", "run_of"]

DECISIONS = ("permit", "forbid", "review")
_AGO = re.compile(r"(\d{1,9})\s*([smhdw])", re.ASCII)
_REFERENCE = re.compile(r"[^/]+/(\d{1,12})", re.ASCII)
_LOG = re.compile(r"refusals(-\d{1,3})?", re.ASCII)
_MAX_PARTS = 50
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; what is empty is not asked. `principal` is part of a subject, an identity's name or an
    issuer; `since` and `until` are stamps as events have them.
    """

    principal: str = ""
    connection: str = ""
    decision: str = ""
    since: str = ""
    until: str = ""

    def told(self) -> dict[str, JSON]:
        """What is asked, for the log of looks."""
        names = ("principal", "connection", "decision", "since", "until")
        return {name: getattr(self, name) for name in names if getattr(self, name)}

    def session(self, summary: SessionSummary) -> bool:
        """Whether a session may hold something that is wanted, as far as its first and last line tell."""
        if self.principal:
            known = (summary.subject, summary.identity, summary.issuer)
            if not any(self.principal.casefold() in name.casefold() for name in known):
                return False
        started, ended = summary.started, summary.ended
        if self.since and summary.state != "open" and ended and ended < self.since:
            return False
        return not (self.until and started and started > self.until)

    @property
    def asks_events(self) -> bool:
        """Whether something is asked that only events tell."""
        return bool(self.connection or self.decision)

    def event(self, event: Event) -> bool:
        """Whether an event was within the time, and is a decision that is wanted (where decisions are asked for)."""
        if (self.since and event.at < self.since) or (self.until and event.at > self.until):
            return False
        data = event.data
        if self.connection and text_of(data, "connection") != self.connection:
            return False
        return not self.decision or (event.kind in ("decision", "reply") and text_of(data, "effect") == self.decision)


def find_sessions(folder: Path, wanted: Wanted) -> Iterator[SessionSummary]:
    """The sessions in which something is wanted, oldest first. Raises OSError for the folder itself."""
    for summary in list_sessions(folder):
        if wanted.session(summary) and (not wanted.asks_events or _holds(folder / summary.id, wanted)):
            yield summary


def _holds(folder: Path, wanted: Wanted) -> bool:
    try:
        return any(line.event is not None and wanted.event(line.event) for line in read_events(folder))
    except OSError:
        return False


def one_session(folder: Path, named: str) -> str:
    """The session that is meant by its id, the beginning of it, its run id, or a reference to one of its events. What
    is typed never becomes a path.

    Raises InterlockError where none or several are meant, OSError for the folder itself.
    """
    named = named.rpartition("/")[0] if event_number(named) else named
    if not named:
        raise InterlockError("which session?", hint="interlock sessions lists them")
    if is_ulid(named.upper()) and (folder / named.upper()).is_dir():
        return named.upper()
    found = [
        entry.id
        for entry in list_sessions(folder)
        if entry.id.startswith(named.upper()) or (entry.run and entry.run == named)
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        raise InterlockError(f"there is no session {named!a} in {folder}", hint="interlock sessions lists them")
    raise InterlockError(f"{named!a} is the beginning of {len(found)} sessions", hint="write more of it")


def event_number(named: str) -> int:
    """The number in a reference as agents, backtests and reports give it, `01JD3Z…/17`; 0 where there is none."""
    number = _REFERENCE.fullmatch(named)
    return int(number[1]) if number else 0


def log_events(folder: Path, named: str) -> Iterator[Line] | None:
    """The lines of the log of refusals that a reference leads to (`refusals/3`: callers without a session), the older
    half first; None for any other reference. Raises OSError.
    """
    name = named.rpartition("/")[0]
    if not _LOG.fullmatch(name) or not event_number(named):
        return None
    path = folder / f"{name}.jsonl"
    return (line for half in (rotated(path), path) if half.exists() for line in read_lines(half))


def run_of(folder: Path) -> list[Path]:
    """The session in a folder with those that it continues: one run whose gateway was started anew, oldest first.

    What a session says it continues counts only where that one is of the same principal and run. Never raises.
    """
    found, summary = [folder], summarise(folder)
    while is_ulid(summary.continues) and len(found) < _MAX_PARTS:
        earlier = summarise(folder.parent / summary.continues)
        same = (earlier.issuer, earlier.subject, earlier.run) == (summary.issuer, summary.subject, summary.run)
        if not earlier.started or not same or folder.parent / earlier.id in found:
            break
        found.insert(0, folder.parent / earlier.id)
        summary = earlier
    return found


def moment(text: str, now: float) -> str:
    """A stamp, from a date or a time (RFC 3339; without a zone UTC) or how long ago (`30m`, `2h`, `7d`).

    Raises InterlockError for anything else.
    """
    if not text:
        return ""
    if match := _AGO.fullmatch(text):
        return stamp(now - int(match[1]) * _SECONDS[match[2]])
    try:
        found = datetime.fromisoformat(text)
        return stamp((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError, OSError):
        hint = "a date, a time, or how long ago: 2026-01-31, 2026-01-31T08:00:00Z, 30m, 2h, 7d"
        raise InterlockError(f"{text!a} is no time", hint=hint) from None
