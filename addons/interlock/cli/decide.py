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
    """Read requests as JSON lines and say what the gateway would decide, without a network and without a token.

    A line: [bold]id[/bold], [bold]as[/bold] (claims), [bold]on[/bold] (a connection, or agent), [bold]method[/bold],
    [bold]path[/bold], [bold]headers[/bold], [bold]body[/bold] or [bold]body_b64[/bold]; [bold]identity[/bold] and
    [bold]time[/bold] if you like. The answer: id, decision, reason, rule, operations; id and error for a line that
    cannot be read, and then status 1 at the end.

    [bold]Examples[/bold]

      echo '{"id": 1, "as": {"groups": ["analyst"]}, "on": "warehouse", "method": "POST", "path": "/v1/query",
      "body": {"query": "DROP TABLE x"}}' | interlock decide

      echo '{"as": {"groups": ["engineer"]}, "on": "agent", "body": {"name": "Bash", "input": {"command": "ls"}}}'
      | interlock decide

      interlock decide < requests.jsonl | jq -c 'select(.decision == "forbid")'
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
