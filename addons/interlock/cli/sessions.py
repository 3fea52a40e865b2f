"""`interlock sessions`: what agents did, session by session."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interlock.cli._options import AsJson, RecordingsFolder, RulesFolder

if TYPE_CHECKING:
    from interlock.recording.finding import Wanted

__all__ = ["command"]


class Action(StrEnum):
    """What to do."""

    LIST = "list"
    SHOW = "show"
    FOLLOW = "follow"


class Word(StrEnum):
    """What a decision may be."""

    PERMIT = "permit"
    FORBID = "forbid"
    REVIEW = "review"


_Action = Annotated[Action, typer.Argument(help="list them, show one, or follow what happens.")]
_Session = Annotated[
    str,
    typer.Argument(help="Which one (follow: all): its id, the beginning of it, or its run id; show: also ID/EVENT."),
]
_Principal = Annotated[
    str, typer.Option(help="Only of whom this is a part of: the subject, the identity or the issuer.")
]
_Connection = Annotated[str, typer.Option(help="Only with, or of, this connection.")]
_Decision = Annotated[Word | None, typer.Option(help="Only with, or of, such a decision.")]
_Since = Annotated[str, typer.Option(help="Only from then on: a date, a time, or how long ago (30m, 2h, 7d).")]
_Until = Annotated[str, typer.Option(help="Only up to then.")]
_Graph = Annotated[bool, typer.Option("--graph", help="show: only what led to what.")]


def command(
    action: _Action = Action.LIST,
    session: _Session = "",
    recordings: RecordingsFolder = None,
    rules: RulesFolder = Path("rules"),
    principal: _Principal = "",
    connection: _Connection = "",
    decision: _Decision = None,
    since: _Since = "",
    until: _Until = "",
    graph: _Graph = False,
    as_json: AsJson = False,
) -> None:
    """List the sessions of a recordings folder, show one as a timeline, or follow what agents do right now.

    Nothing here is verified: [bold]interlock verify[/bold] says whether it can be believed. Every look is noted.

    [bold]Examples[/bold]

      interlock sessions --decision forbid --since 7d

      interlock sessions show 01JD3Z --graph

      interlock sessions show 01JD3ZK7V00000000000000000/17    (the reference that an agent was told)

      interlock sessions follow --principal erika

      interlock sessions show 01JD3Z --json | jq 'select(.data.effect == "forbid")'
    """
    import time

    from interlock.cli._recordings import reading, recordings_folder
    from interlock.recording.finding import Wanted, moment

    now = time.time()
    wanted = Wanted(principal, connection, str(decision or ""), moment(since, now), moment(until, now))
    folder = recordings_folder(recordings, rules)
    with reading(folder):
        _do(action, folder, session, wanted, graph, as_json)


def _do(action: Action, recordings: Path, session: str, wanted: Wanted, graph: bool, as_json: bool) -> None:
    from interlock.cli import _sessions

    if action is Action.LIST:
        _sessions.list_them(recordings, wanted, as_json)
    elif action is Action.SHOW:
        _sessions.show(recordings, session, wanted, graph, as_json)
    else:
        _sessions.follow(recordings, session, wanted, as_json)
