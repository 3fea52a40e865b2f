"""`interlock check`: are the rules right, do their cases hold, what is risky, what changes?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from interlock.cli._check import Report

__all__ = ["command"]

_DIFF = "Older rules: lists the cases of both whose outcome changes."
_FOLDER = "The rules folder: an argument here, no --rules."
_RECORDINGS = "Recorded calls to look for matches of each rule in (default recordings/samples beside the rules)."
_SCHEMA = "Print the JSON Schema of rules files, for editors, and end."


def command(
    rules: Annotated[Path, typer.Argument(help=_FOLDER, envvar="INTERLOCK_RULES", show_default="rules")] = Path(
        "rules"
    ),
    diff: Annotated[Path | None, typer.Option("--diff", metavar="OLD", help=_DIFF)] = None,
    recordings: Annotated[Path | None, typer.Option("--recordings", metavar="FOLDER", help=_RECORDINGS)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document, for machines.")] = False,
    schema: Annotated[bool, typer.Option("--schema", help=_SCHEMA)] = False,
) -> None:
    """Check rules: every error with its place, every case, everything risky, and what each matches in recorded calls.

    Ends with status 1 when there are errors or a case fails; what is risky is only said.

    [bold]Examples[/bold]

      interlock check

      interlock check rules/ --diff ../last-week/rules

      interlock check --recordings recordings/

      interlock check --json | jq '.risks[].message'

      interlock check --schema > rules/schema.json
    """
    if schema:
        from interlock.engine.rules_schema import schema_text

        typer.echo(schema_text(), nl=False)
        return
    from interlock.cli._check import make_report, show, to_json
    from interlock.cli._show import write_json

    _note(recordings, rules)
    report: Report = make_report(rules, diff, recordings)
    if as_json:
        write_json(to_json(report))
    else:
        show(report)
    raise typer.Exit(0 if report.ok else 1)


def _note(recordings: Path | None, rules: Path) -> None:
    """Every look at recordings is noted, before it."""
    if recordings is None:
        return
    from interlock.cli._looks import note_look
    from interlock.cli._survey import folders_of

    for folder in folders_of(recordings, rules):
        note_look(folder, "interlock check --recordings", {})
