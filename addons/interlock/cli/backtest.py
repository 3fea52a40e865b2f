"""`interlock backtest`: what would other rules have decided otherwise?"""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interlock.cli._options import AsJson, default_rules

if TYPE_CHECKING:
    from interlock.model import JSON
    from interlock.replay import Differences, Window

__all__ = ["SETTINGS", "command"]

SETTINGS = {"no_args_is_help": True}


class Newly(StrEnum):
    """What makes the command end with status 1."""

    PERMITTED = "newly-permitted"
    FORBIDDEN = "newly-forbidden"
    REVIEWED = "newly-reviewed"
    MASKED = "newly-masked"
    UNMASKED = "newly-unmasked"
    UNDECIDED = "undecided"
    ANY = "any"


RecordingsArgument = Annotated[list[Path], typer.Argument(help="Recordings folders, or those of single sessions.")]
RulesNow = Annotated[
    Path | None,
    typer.Option("--rules", help="The rules to judge by.", envvar="INTERLOCK_RULES", show_default="rules"),
]
RulesThen = Annotated[
    Path | None,
    typer.Option("--then", help="The rules of the time, for recordings that do not keep them (format 1)."),
]
FailOn = Annotated[str, typer.Option("--fail-on", help="Status 1 on any of these: newly-permitted,newly-forbidden,…")]
Since = Annotated[str, typer.Option("--since", help="Only decisions from then on: 7d, 2026-01-31T08:00Z.")]
Until = Annotated[str, typer.Option("--until", help="Only decisions before then.")]
Enforced = Annotated[
    bool, typer.Option("--enforced", help="Judge what was only observed (--observe) as if it had been enforced.")
]
Processes = Annotated[
    int, typer.Option("--processes", min=0, max=256, help="How many at once.", show_default="one a core")
]


def command(
    recordings: RecordingsArgument,
    rules: RulesNow = None,
    then: RulesThen = None,
    fail_on: FailOn = "",
    since: Since = "",
    until: Until = "",
    enforced: Enforced = False,
    processes: Processes = 0,
    as_json: AsJson = False,
) -> None:
    """Decide every recorded operation again, by other rules, and say what comes out otherwise.

    Operations, principals, approvals, grants and time are those that were recorded; what was not recorded is counted
    and named, never guessed. Without a terminal the result is JSON.

    [bold]Examples[/bold]

      interlock backtest recordings --rules new/

      interlock backtest recordings --rules new/ --fail-on newly-permitted,undecided

      interlock backtest recordings --rules new/ | jq '.changes[] | select(.kind == "forbidden")'
    """
    import sys

    from interlock.cli._backtest import show
    from interlock.cli._show import write_json

    wanted = _wanted(fail_on)
    found = _judged(recordings, rules or default_rules(), then, _window(since, until, enforced), processes)
    if as_json or not sys.stdout.isatty():
        write_json(found.document())
    else:
        show(found)
    if any(_happened(found, one) for one in wanted):
        raise typer.Exit(1)


def _judged(recordings: list[Path], rules: Path, then: Path | None, window: Window, processes: int) -> Differences:
    from interlock.cli._backtest import progress
    from interlock.cli._looks import note_look
    from interlock.engine.rules import load_rules
    from interlock.errors import InterlockError
    from interlock.recording.ulid import is_ulid
    from interlock.replay import compare

    now, before = load_rules(rules), load_rules(then) if then is not None else None
    try:
        for folder in recordings:
            session = is_ulid(folder.name)
            what: dict[str, JSON] = {"session": folder.name} if session else {}
            note_look(folder.parent if session else folder, "interlock backtest", what)
        with progress() as told:
            return compare(
                recordings, now, then=before, window=window, processes=processes or os.cpu_count() or 1, progress=told
            )
    except OSError as error:
        raise InterlockError(
            f"{error.filename or 'a folder'} cannot be read: {error.strerror}", hint="name a recordings folder"
        ) from None


def _wanted(text: str) -> list[Newly]:
    from interlock.errors import InterlockError

    try:
        return [Newly(word.strip()) for word in text.split(",") if word.strip()]
    except ValueError:
        words = ", ".join(Newly)
        raise InterlockError(f"--fail-on {text!a} is not understood", hint=f"any of {words}, with commas") from None


def _window(since: str, until: str, enforced: bool) -> Window:
    import time

    from interlock.recording.finding import moment
    from interlock.replay import Window

    now = time.time()
    return Window(moment(since, now), moment(until, now), enforced)


def _happened(found: Differences, what: Newly) -> bool:
    if what is Newly.UNDECIDED:
        return bool(found.undecided or found.damaged)
    if what is Newly.ANY:
        return not found.nothing
    return bool(found.uncounted or found.of(what.removeprefix("newly-")))
