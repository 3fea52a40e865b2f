"""`interlock decide`: try rules in a pipe."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from interlock.cli._options import RulesFolder

__all__ = ["command"]


def command(
    rules: RulesFolder = Path("rules"),
    identity: Annotated[str, typer.Option(help="Whose claims `as` holds; needed when there are several.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines on a terminal, too.")] = False,
) -> None:
    """Read requests as JSON lines and say what the gateway would decide.

    No network, no token. Members of a line: id, as (claims), on (a connection,
    or agent), method, path, headers, body or body_b64; also identity and time.
    Members of an answer: id, decision, reason, rule, operations. A line that
    cannot be read is answered with id and error, and the status is 1 at the end.

    [bold]Examples[/bold]

      interlock decide < requests.jsonl | jq -c 'select(.decision == "forbid")'

      interlock decide <<< '{"on":"agent","body":{"name":"Bash","input":{"command":"ls"}}}'
    """
    import sys

    from interlock.cli._decide import Decider, answer_all
    from interlock.cli._decide_show import show_json, show_tree
    from interlock.engine.rules import load_rules

    decider = Decider(load_rules(rules), identity)
    if sys.stdin.isatty():
        typer.echo("interlock: reading JSON lines; Ctrl-D ends", err=True)
    show = show_json if as_json or not sys.stdout.isatty() else show_tree
    raise typer.Exit(0 if answer_all(decider, sys.stdin.buffer, show) else 1)
