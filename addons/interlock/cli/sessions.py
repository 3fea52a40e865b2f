"""`interlock sessions`: what agents did, session by session."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interlock.cli._options import AsJson, RecordingsFolder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interlock.model import JSON
    from interlock.recording import SessionSummary

__all__ = ["command"]


class Action(StrEnum):
    """What to do."""

    LIST = "list"
    SHOW = "show"


def command(
    action: Annotated[Action, typer.Argument(help="list them, or show one.")] = Action.LIST,
    session: Annotated[str, typer.Argument(help="Which one: its id, the beginning of it, or its run id.")] = "",
    recordings: RecordingsFolder = Path("recordings"),
    as_json: AsJson = False,
) -> None:
    """List the sessions of a recordings folder, or show one as a timeline.

    Nothing here is verified: [bold]interlock verify[/bold] says whether it can be believed.

    [bold]Examples[/bold]

      interlock sessions

      interlock sessions show 01JD3Z

      interlock sessions show 01JD3Z --json | jq 'select(.data.effect == "forbid")'
    """
    from interlock.errors import InterlockError

    try:
        if action is Action.LIST:
            _list(recordings, as_json)
        else:
            _show(recordings, session, as_json)
    except OSError as error:
        raise InterlockError(
            f"{recordings} cannot be read: {error.strerror}", hint="name the folder with --recordings"
        ) from None


def _list(recordings: Path, as_json: bool) -> None:
    from interlock.cli._show import console, table, write_json
    from interlock.recording import list_sessions

    if as_json:
        for entry in list_sessions(recordings):
            write_json(_document(entry))
        return
    rows = [
        (
            entry.id,
            entry.started[:16].replace("T", " "),
            entry.state,
            f"{entry.subject} by {entry.identity}",
            entry.run,
            str(entry.events),
        )
        for entry in list_sessions(recordings)
    ]
    if rows:
        console().print(table(("session", "started", "state", "who", "run", "events"), rows, whole=("session",)))
    else:
        console(stderr=True).print(f"{recordings} holds no sessions")


def _document(entry: SessionSummary) -> dict[str, JSON]:
    from dataclasses import asdict

    return asdict(entry)


def _show(recordings: Path, wanted: str, as_json: bool) -> None:
    from interlock.cli._show import console, table, write_json
    from interlock.cli._timeline import HEADINGS, event_document, timeline
    from interlock.recording import read_events

    folder = recordings / _find(recordings, wanted)
    lines = read_events(folder)
    if as_json:
        for line in lines:
            write_json(event_document(line))
        return
    console().print(table(HEADINGS, timeline(lines), title=f"session {folder.name}"))


def _find(recordings: Path, wanted: str) -> str:
    """The one session that is meant. Raises InterlockError: what is typed never becomes a path by itself."""
    from interlock.errors import InterlockError

    if not wanted:
        raise InterlockError("which session?", hint="interlock sessions lists them")
    found = list(_matching(recordings, wanted))
    if len(found) == 1:
        return found[0]
    if not found:
        raise InterlockError(f"there is no session {wanted!a} in {recordings}", hint="interlock sessions lists them")
    raise InterlockError(f"{wanted!a} is the beginning of {len(found)} sessions", hint="write more of it")


def _matching(recordings: Path, wanted: str) -> Iterator[str]:
    from interlock.recording import list_sessions

    for entry in list_sessions(recordings):
        if entry.id.startswith(wanted.upper()) or (entry.run and entry.run == wanted):
            yield entry.id
