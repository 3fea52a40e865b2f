"""`interlock run`: the gateway."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from interlock.cli._options import RulesFolder

__all__ = ["command"]


def command(
    rules: RulesFolder = Path("rules"),
    confdir: Annotated[
        Path, typer.Option(help="Where mitmproxy keeps its CA; made with the first start.", show_default="~/.mitmproxy")
    ] = Path("~/.mitmproxy"),
    observe: Annotated[
        bool, typer.Option("--observe", help="Learn: what no rule permits passes and is marked. Needs --until.")
    ] = False,
    until: Annotated[str, typer.Option(help="When observing ends by itself, as in 2030-01-31.")] = "",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but warnings.")] = False,
) -> None:
    """Run the gateway and print how to point an agent at it.

    [bold]Examples[/bold]

      interlock run

      interlock run --rules rules/ --observe --until 2030-01-31
    """
    from interlock.mitm.launch import launch

    raise typer.Exit(launch(rules, confdir.expanduser(), observe=observe, until=until, quiet=quiet))
