"""What `interlock sessions` prints: a table, a timeline with the graph below it, or lines as they come."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from interlock.cli._looks import note_look
from interlock.cli._show import console, plain, table, write_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.table import Table

    from interlock.model import JSON
    from interlock.recording import Line, SessionSummary
    from interlock.recording.finding import Wanted
    from interlock.recording.graph import Graph
    from interlock.recording.shapes import MaskedValues

__all__ = ["follow", "list_them", "show"]

_POLL_SECONDS = 0.5
_MOST_SHOWN = 6
_WIDE = 120
"""Columns from which on reasons have one of their own."""


def list_them(recordings: Path, wanted: Wanted, as_json: bool) -> None:
    """A row for each session in which something is wanted. Raises OSError."""
    from interlock.recording.finding import find_sessions
    from interlock.recording.reading import list_sessions

    any_there = next(iter(list_sessions(recordings)), None) is not None
    if any_there:  # that nothing is found tells something too
        note_look(recordings, "interlock sessions list", wanted.told())
    rows, none = [], True
    for entry in find_sessions(recordings, wanted) if any_there else ():
        none = False
        if as_json:
            write_json(_document(entry))
        else:
            rows.append(_row(entry))
    if rows:
        console().print(table(("session", "started", "state", "who", "run", "events"), rows, whole=("session",)))
    elif none:
        asked = " in which this was found" if wanted.told() else ""
        console(stderr=True).print(plain(f"{recordings} holds no sessions{asked}"), soft_wrap=True)


def _row(entry: SessionSummary) -> tuple[str, ...]:
    who = f"{entry.subject} by {entry.identity}" if entry.subject else entry.sealed
    started = entry.started[:16].replace("T", " ")
    return entry.id, started, entry.state, who, entry.run, str(entry.events)


def _document(entry: SessionSummary) -> dict[str, JSON]:
    from dataclasses import asdict

    return asdict(entry)


def show(recordings: Path, named: str, wanted: Wanted, graph: bool, as_json: bool) -> None:
    """One session: its events, what was masked, and what led to what; or one event. Raises OSError, InterlockError."""
    from interlock.cli._timeline import event_document
    from interlock.recording import read_events
    from interlock.recording.finding import event_number, log_events, one_session
    from interlock.recording.shapes import MaskedValues

    log = log_events(recordings, named)
    if log is not None:
        _refused(recordings, named, log, as_json)
        return
    name, number = one_session(recordings, named), event_number(named)
    folder = recordings / name
    note_look(recordings, "interlock sessions show", {"session": name, **wanted.told()})
    if graph:
        _graph(folder, as_json)
        return
    lines = _about(read_events(folder), name, number) if number else _wanted(read_events(folder), wanted)
    if as_json:
        for line in lines:
            write_json(event_document(line))
    elif number:
        _event(folder, number, list(lines))
    else:
        console().print(_timetable(folder, lines, MaskedValues(folder, most=_MOST_SHOWN)))
        _graph(folder, as_json=False, quiet=True)


def _event(folder: Path, number: int, lines: list[Line]) -> None:
    """One event with what came of it, how it came about, and all that it says."""
    from interlock.cli._tree import origin_lines
    from interlock.recording.shapes import MaskedValues

    out = console()
    out.print(_timetable(folder, iter(lines), MaskedValues(folder)))
    for told in origin_lines(_joined(folder), f"{folder.name}/{number}"):
        out.print(told)
    said = next(line.event.data for line in lines if line.event is not None and line.event.seq == number)
    out.print()
    _whole(said)


def _refused(recordings: Path, named: str, log: Iterator[Line], as_json: bool) -> None:
    """What a reference into the log of refusals says. Raises InterlockError where it is not there any more."""
    from interlock.cli._timeline import event_document
    from interlock.errors import InterlockError
    from interlock.recording.finding import event_number

    note_look(recordings, "interlock sessions show", {"log": named})
    number = event_number(named)
    found = next((line for line in log if line.event is not None and line.event.seq == number), None)
    if found is None or found.event is None:
        raise InterlockError(f"{named} is not there (any more)", hint="the log of refused strangers is bounded")
    if as_json:
        write_json(event_document(found))
        return
    console().print(f"{named}  {found.event.at}  {plain(found.event.kind)}")
    _whole(found.event.data)


def _whole(data: Mapping[str, JSON]) -> None:
    """All that an event says, over several lines of ASCII: no terminal can be steered by it."""
    import json

    console().print(json.dumps(dict(data), indent=2, ensure_ascii=True), soft_wrap=True)


def _timetable(folder: Path, lines: Iterator[Line], masked: MaskedValues) -> Table:
    from interlock.cli._timeline import HEADINGS, folded, timeline

    rows, title = timeline(lines, masked.shapes), f"session {folder.name}"
    if console().width < _WIDE:
        return table(HEADINGS[:-1], folded(rows), title=title)
    return table(HEADINGS, rows, title=title)


def _about(lines: Iterator[Line], session: str, number: int) -> Iterator[Line]:
    """An event by its number, and what came of it. Raises InterlockError where it is not there."""
    from interlock.errors import InterlockError

    reference, there = f"{session}/{number}", False
    for line in lines:
        if line.event is not None and line.event.seq == number:
            there = True
            yield line
        elif line.event is not None and line.event.data.get("decision") == reference:
            yield line
    if not there:
        raise InterlockError(f"session {session} has no event {number}", hint=f"interlock sessions show {session}")


def _wanted(lines: Iterator[Line], wanted: Wanted) -> Iterator[Line]:
    return (line for line in lines if line.event is None or wanted.event(line.event)) if wanted.told() else lines


def _graph(folder: Path, as_json: bool, *, quiet: bool = False) -> None:
    from interlock.cli._tree import graph_documents, graph_tree

    found = _joined(folder)
    if as_json:
        for document in graph_documents(found):
            write_json(document)
    elif found.edges or not quiet:
        console().print(graph_tree(found, folder.name))


def _joined(folder: Path) -> Graph:
    """The graph of a session, with those that it continues."""
    from interlock.recording import read_events
    from interlock.recording.finding import run_of
    from interlock.recording.graph import build

    parts = ((part.name, line) for part in run_of(folder) for line in read_events(part))
    return build((name, line.event) for name, line in parts if line.event is not None and not line.fault)


def follow(recordings: Path, named: str, wanted: Wanted, as_json: bool) -> None:
    """Every event as it is written, until somebody ends it. Raises OSError, InterlockError."""
    from interlock.recording.finding import one_session
    from interlock.recording.following import Follower

    only = one_session(recordings, named) if named else ""
    note_look(recordings, "interlock sessions follow", {**({"session": only} if only else {}), **wanted.told()})
    follower = Follower(recordings, wanted, only=only)
    out = console()
    said = False
    try:
        while True:
            for session, line in follower.poll():
                _tell(out, session, line, as_json)
            if not said:
                console(stderr=True).print("following; ctrl-c ends it")
                said = True
            time.sleep(_POLL_SECONDS)
    except KeyboardInterrupt:
        return


def _tell(out: object, session: str, line: Line, as_json: bool) -> None:
    import sys

    from rich.console import Console
    from rich.text import Text

    from interlock.cli._timeline import event_document, timeline

    if as_json:
        write_json({"session": session, **event_document(line)})
        sys.stdout.flush()
        return
    if isinstance(out, Console):
        for row in timeline(iter((line,)), None):
            cells = [cell if isinstance(cell, Text) else Text(plain(cell)) for cell in (session[-8:], *row) if cell]
            out.print(Text("  ").join(cells), soft_wrap=True)
