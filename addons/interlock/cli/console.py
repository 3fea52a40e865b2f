"""`interlock console`: where people decide."""

from __future__ import annotations

from pathlib import Path

from interlock.cli._options import RulesFolder

__all__ = ["command"]


def command(rules: RulesFolder = Path("rules")) -> None:
    """Serve the console, where people see what agents ask for and decide it.

    It uses the gateways' store (`gateway: {store: ...}`) and the people of `console: sign_in:`. Ctrl-C stops it.

    [bold]Examples[/bold]

      interlock console
    """
    import asyncio

    from interlock.cli._show import console
    from interlock.console.serve import serve
    from interlock.errors import InterlockError

    show = console(stderr=True)
    try:
        asyncio.run(serve(rules, say=lambda text: show.print(text, soft_wrap=True)))
    except OSError as error:
        reason = f"the console cannot begin: {error.strerror or error}"
        raise InterlockError(reason, hint="is its address taken, or the store not there?") from None
