"""What `interlock access report`, `propose` and `drift` do."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import typer

from interlock.access.drift import drift as drifted
from interlock.access.facts import read_facts
from interlock.access.gathering import gather
from interlock.access.patch import left_rows, patch_text
from interlock.access.proposing import propose as proposed
from interlock.access.proving import Proof, prove, summary
from interlock.access.report import Report, report_of
from interlock.access.report_csv import report_csv
from interlock.access.report_html import report_html
from interlock.access.tallies import Usage
from interlock.access.written import PROPOSED, copy_with, written_rules
from interlock.cli._access_show import drift_table, groups_table, uses_table
from interlock.cli._backtest import progress
from interlock.cli._looks import note_look
from interlock.cli._people import parse_lifetime
from interlock.cli._show import console, json_line, plain, write_json
from interlock.engine.rules import Rules, load_rules
from interlock.errors import InterlockError
from interlock.model.places import CALLERS
from interlock.recording.finding import moment
from interlock.replay.walk import Window

__all__ = ["Look", "drift", "propose", "report"]

_LEFT = ("who", "on", "what", "times", "why")


@dataclass(frozen=True, slots=True)
class Look:
    """Which recordings are looked at, by which rules, in which window."""

    rules: Path
    recordings: Path
    since: str
    until: str
    processes: int
    as_json: bool

    def window(self) -> Window:
        """The window as events have it. Raises InterlockError."""
        now = time.time()
        return Window(moment(self.since, now), moment(self.until, now))

    def noted(self, what: str) -> None:
        """The look, in the log of looks."""
        note_look(self.recordings, f"interlock access {what}", {"since": self.since, "until": self.until})

    @property
    def at_once(self) -> int:
        """How many processes."""
        return self.processes or os.cpu_count() or 1


def report(look: Look, format: str, output: Path | None) -> None:
    """The report, to a file or to standard output. Raises InterlockError."""
    format = _format(format, output)
    rules, window = load_rules(look.rules), look.window()
    found = report_of(_usage(look, rules, window, "report"), rules, since=window.since, until=window.until)
    if format == "table" and output is None:
        _table(found)
        return
    pieces: Iterable[str]
    if format == "json":
        pieces = (json_line(found.document()) + "\n",)
    elif format == "html":
        pieces = report_html(found)
    else:
        pieces = report_csv(found)
    if output is None:
        for piece in pieces:
            typer.echo(piece, nl=False)
        return
    try:
        with output.open("w", encoding="utf-8", newline="") as file:
            file.writelines(pieces)
    except OSError as error:
        raise InterlockError(f"{output} cannot be written: {error.strerror}") from None
    console(stderr=True).print(f"{plain(output)} has {len(found.uses)} permissions", soft_wrap=True)


def _format(format: str, output: Path | None) -> str:
    """What a file is written as: by its name, where nothing else was said. Raises InterlockError."""
    if format != "table" or output is None:
        return format
    by_name = output.suffix.removeprefix(".").lower()
    if by_name not in ("csv", "json", "html"):
        hint = "name it .csv, .json or .html, or say --format"
        raise InterlockError(f"{output} could be anything", hint=hint)
    return by_name


def _table(found: Report) -> None:
    out = console()
    if found.uses:
        out.print(uses_table(found.uses))
        out.print()
        out.print(groups_table(found.groups))
    console(stderr=True).print(
        f"{len(found.uses)} permissions in {found.decisions} decisions of {found.sessions} sessions"
        + (f"; {found.damaged} lines cannot be read" if found.damaged else "")
        + (f"; {found.uncounted} more were not kept apart" if found.uncounted else ""),
        soft_wrap=True,
    )


def propose(look: Look, siblings: int, hours: bool, output: Path | None) -> None:
    """The proposal, proven, to standard output or as a rules folder. Raises InterlockError; status 1 if not proven."""
    rules, written, window = load_rules(look.rules), written_rules(look.rules), look.window()
    if output is not None and output.exists():
        raise InterlockError(f"{output} exists already", hint="name a folder that does not")
    look.noted("propose")
    connections = {connection.name: bool(connection.commands) for connection in rules.connections}
    asks = any(
        rule.about and any(one.protocol in (*CALLERS, "*") for one in rule.patterns) for rule in rules.policy.rules
    )
    try:
        with progress() as told:
            reading = read_facts(
                [look.recordings], window, covers=lambda name: connections.get(name, False), keep_arguments=asks
            )
            found = proposed(rules, written, reading.facts, siblings=siblings, hours=hours)
            proof = prove([look.recordings], rules, written, found, window, processes=look.at_once, progress=told)
    except OSError as error:
        raise _unreadable(look, error) from None
    text = patch_text(found, since=window.since, until=window.until, proof=summary(proof))
    if output is not None:
        copy_with(look.rules, output, found.dropped, text)
        console(stderr=True).print(f"{plain(output / PROPOSED)} holds what is proposed", soft_wrap=True)
    if look.as_json:
        write_json({
            "rules": [{"id": rule.id, **rule.members} for rule in found.rules],
            "kept": [*found.kept], "dropped": [*found.dropped], "proven": proof.ok,
            "left": [dict(zip(_LEFT, row, strict=True)) for row in left_rows(found.left)],
            "proof": proof.differences.document(),
        })  # fmt: skip
    elif output is None:
        typer.echo(text, nl=False)
    _told(proof)


def _told(proof: Proof) -> None:
    out = console(stderr=True)
    for line in summary(proof):
        out.print(line, soft_wrap=True)
    for change in proof.differences.of("forbidden", "reviewed")[:50]:
        out.print(
            f"newly {change.kind}: {change.count} x {plain(change.operation)} on {plain(change.connection)} by "
            f"{plain(change.subject)}, e.g. {', '.join(change.examples[:3])}",
            soft_wrap=True,
        )
    if not proof.ok:
        raise typer.Exit(1)


def drift(look: Look, unseen: str, fail: bool) -> None:
    """What has drifted; status 1 with `fail` where anything has. Raises InterlockError."""
    rules, window = load_rules(look.rules), look.window()
    usage = _usage(look, rules, window, "drift")
    found = drifted(rules, usage, now=time.time(), unseen=parse_lifetime(unseen))
    if look.as_json:
        for one in found:
            write_json(one.document())
    elif found:
        console().print(drift_table(found))
    else:
        console(stderr=True).print("nothing has drifted")
    if fail and found:
        raise typer.Exit(1)


def _usage(look: Look, rules: Rules, window: Window, what: str) -> Usage:
    look.noted(what)
    try:
        with progress() as told:
            return gather([look.recordings], rules, window, processes=look.at_once, progress=told)
    except OSError as error:
        raise _unreadable(look, error) from None


def _unreadable(look: Look, error: OSError) -> InterlockError:
    return InterlockError(
        f"{error.filename or look.recordings} cannot be read: {error.strerror or error}",
        hint="name the folder with --recordings",
    )
