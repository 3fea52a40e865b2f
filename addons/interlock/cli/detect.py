"""`interlock detect`: where personal data and secrets stand in texts, as JSON lines."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["command"]


def command(
    detectors: Annotated[str, typer.Option(help="Only these, with commas between them (default all).")] = "",
    min_confidence: Annotated[str, typer.Option(help="How sure a finding must be: low, medium or high.")] = "medium",
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines on a terminal, too.")] = False,
) -> None:
    """Read texts as JSON lines and say where personal data and secrets stand in them.

    Members of a line: id, text. Others are passed over.

    Members of an answer: id; findings, each with start and end (in Unicode code points), detector and confidence.
    Findings do not overlap: of two the surer is told, of equally sure ones the longer. On a terminal the text is shown
    with its findings in colour.

    A line that cannot be read is answered with id, error and line, and the status is 1 at the end.

    [bold]Examples[/bold]

      interlock detect < texts.jsonl | jq -c 'select(.findings != [])'

      interlock detect --detectors email,iban <<< '{"id": 1, "text": "Mail erika@example.com"}'

      git diff | jq -Rc '{id: input_line_number, text: .}' | interlock detect --min-confidence high
    """
    import sys

    from interlock.cli._detect import chosen, detect_all
    from interlock.cli._detect_show import show_json, show_person

    search = chosen(detectors, min_confidence)
    if sys.stdin.isatty():
        typer.echo("interlock: reading JSON lines; Ctrl-D ends", err=True)
    show = show_json if as_json or not sys.stdout.isatty() else show_person
    raise typer.Exit(0 if detect_all(search, sys.stdin.buffer, show) else 1)
