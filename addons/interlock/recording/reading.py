"""Reads recordings without changing them: what `interlock sessions` and `verify` stand on. Streams, bounded.

Files are opened only when they are plain files (no link, no pipe), and lines beyond the largest event are cut.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from interlock.recording.chain import open_plain, tail
from interlock.recording.event import MAX_EVENT, Event, parse
from interlock.recording.keyring import Keyring
from interlock.recording.keys import Unopened
from interlock.recording.opening import opened as opened_event
from interlock.recording.opening import opener
from interlock.recording.runs import session_folders
from interlock.recording.sealing import Opener, is_sealed, opened_or_not
from interlock.recording.session import EVIDENCE, FLOWS
from interlock.recording.ulid import is_ulid

__all__ = ["UNREAD", "Line", "SessionSummary", "first_number", "list_sessions", "read_events", "read_lines"]


_MOST_DAMAGED: Final = 10_000
_MOST_SKIPPED: Final = 16 << 20
UNREAD: Final = "nothing after it was read"
"""How the fault of such a last line ends."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an evidence file. `event` is what it says, or claims when `fault` is not empty.

    `raw` are its bytes with the newline; without one it is the torn end of the file (`torn`).
    """

    number: int
    raw: bytes
    event: Event | None
    fault: str

    @property
    def torn(self) -> bool:
        """Whether its end was never written."""
        return not self.raw.endswith(b"\n")


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """A session as its first and last line tell it; nothing here is verified.

    `state` is `closed`, `open` (being written, or its gateway was killed), `torn` (killed in mid-line), `damaged`
    (the first or last line cannot be read) or `empty`. Times are RFC 3339; `flow_bytes` is the flow file's size.
    `sealed` says why nobody can read here what is encrypted: `sealed`, `erased` or `changed`; who it was is empty then.
    """

    id: str
    state: str
    issuer: str = ""
    subject: str = ""
    identity: str = ""
    run: str = ""
    gateway: str = ""
    rules: str = ""
    continues: str = ""
    started: str = ""
    ended: str = ""
    events: int = 0
    flow_bytes: int = 0
    sealed: str = ""


def read_lines(path: Path, start: int = 0) -> Iterator[Line]:
    """Every line of a chained file from a byte on, damaged ones too. Raises OSError when it cannot be read.

    What cannot be evidence any more is not read to its end: after very many damaged lines, or in the middle of a very
    long one, the last line says so.
    """
    damaged = 0
    with open_plain(path) as file:
        file.seek(start)
        number = 0
        while raw := file.readline(MAX_EVENT + 1):
            number += 1
            if raw.endswith(b"\n"):
                event, fault = parse(raw[:-1])
                damaged += bool(fault)
                if damaged > _MOST_DAMAGED:
                    yield Line(number, b"\n", None, f"is the {damaged}th damaged one: {UNREAD}")
                    return
                yield Line(number, raw, event, fault)
                continue
            torn, skipped = len(raw) <= MAX_EVENT, len(raw)
            while not raw.endswith(b"\n") and skipped <= _MOST_SKIPPED and (rest := file.readline(MAX_EVENT)):
                raw, torn, skipped = rest[-1:], False, skipped + len(rest)
            fault = "was never finished" if torn else "is longer than an event can be"
            whole = torn or raw.endswith(b"\n") or skipped <= _MOST_SKIPPED
            yield Line(number, raw if torn else b"\n", None, fault if whole else f"{fault}: {UNREAD}")
            if not whole:
                return


def first_number(path: Path) -> int:
    """The number of a file's first event, 0 without one. Raises OSError."""
    try:
        with open_plain(path) as file:
            event, fault = parse(file.readline(MAX_EVENT).removesuffix(b"\n"))
    except FileNotFoundError:
        return 0
    return event.seq if event is not None and not fault else 0


def read_events(folder: Path, keys: Keyring | None = None) -> Iterator[Line]:
    """The evidence of a session, line by line. Raises OSError. `verify` says whether it can be believed.

    What is encrypted is opened with `keys` (default: those that are reachable); where that cannot be, the event says
    `sealed`, `erased` or `changed` in its member `sealed`.
    """
    opens: Opener | Unopened | None = None
    for line in read_lines(folder / EVIDENCE):
        if line.event is None or not is_sealed(line.event):
            yield line
            continue
        opens = opens or opener(folder.absolute(), keys)
        yield replace(line, event=opened_or_not(line.event, opens))


def list_sessions(folder: Path, keys: Keyring | None = None) -> Iterator[SessionSummary]:
    """The sessions of a recordings folder, oldest first, one after the other. Raises OSError for the folder itself."""
    for name in session_folders(folder):
        yield summarise(folder / name, keys)


def summarise(folder: Path, keys: Keyring | None = None) -> SessionSummary:
    """One session's summary. Never raises for what is there: what cannot be read is `empty` or `damaged`."""
    if not is_ulid(folder.name):
        return SessionSummary(folder.name, "damaged")
    try:
        with open_plain(folder / EVIDENCE) as file:
            size = os.fstat(file.fileno()).st_size
            first = file.readline(MAX_EVENT)
            last, end = tail(file.fileno(), size)
    except FileNotFoundError:
        return SessionSummary(folder.name, "empty")
    except OSError:
        return SessionSummary(folder.name, "damaged")
    opened, fault = parse(first.removesuffix(b"\n"))
    if opened is None or fault or last is None:
        return SessionSummary(folder.name, "damaged" if size else "empty")
    opened = opened_event(opened, folder.absolute(), keys)
    said = {key: value for key, value in opened.data.items() if isinstance(value, str)}
    state = "torn" if end < size else "closed" if last.kind == "closed" else "open"
    names = ("issuer", "subject", "identity", "run", "gateway", "rules", "continues")
    issuer, subject, identity, run, gateway, rules, continues = (said.get(name, "") for name in names)
    return SessionSummary(
        folder.name,
        state,
        issuer,
        subject,
        identity,
        run,
        gateway,
        rules,
        continues,
        started=opened.at,
        ended=last.at,
        events=last.seq,
        flow_bytes=_size(folder / FLOWS),
        sealed=said.get("sealed", ""),
    )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
