"""`interlock classify`: what commands would do, and whether the packs that ship would stop them."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["command"]


def command(
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines on a terminal, too.")] = False,
) -> None:
    """Read commands as JSON lines and say what each would do.

    No rules of yours, no people, no connections: asked are the packs that the shipped rules switch on.

    Members of a line: id, text, language (sql; shell, sh, bash, zsh; powershell, pwsh; cmd, batch),
    and for SQL dialect (without it, or with a database that is not known here, the text is read in several and the
    worst counts; a misspelt one is an error). Others are passed over.

    Members of an answer: id; access, the worst that anything in it does (SQL: read, write, ddl, admin; shell: read,
    network, write, destroy, admin, unknown); operations, with those nested in them, each with place (a JSON Pointer,
    empty for the text itself) and at (where in it the operation begins, in code points); dangerous, whether a pack
    would block it; findings, the packs' rules with what they say and what to do instead.

    A line that cannot be read is answered with id, error and line, and the status is 1 at the end.

    [bold]Examples[/bold]

      interlock classify < commands.jsonl | jq -c 'select(.dangerous) | [.id, .findings[].rule]'

      interlock classify <<< '{"id": 1, "text": "r\\\\m -fr src", "language": "shell"}'

      interlock classify <<< '{"text": "DELETE FROM t WHERE 1=1", "language": "sql", "dialect": "postgres"}'
    """
    import sys

    from interlock.cli._classify import classify_all
    from interlock.cli._classify_show import Rows, show_json
    from interlock.engine.classify import Classifier

    classifier = Classifier()
    if sys.stdin.isatty():
        typer.echo("interlock: reading JSON lines; Ctrl-D ends", err=True)
    rows = Rows()
    show = show_json if as_json or not sys.stdout.isatty() else rows.add
    good = classify_all(classifier, sys.stdin.buffer, show)
    rows.show()
    raise typer.Exit(0 if good else 1)
