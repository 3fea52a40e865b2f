"""`interlock approvals`: what waits for a person, and deciding it, in the terminal."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interlock.cli._options import AsJson, RulesFolder

if TYPE_CHECKING:
    from interlock.cli._approvals import Wish

__all__ = ["Action", "command"]


class Action(StrEnum):
    """What to do."""

    LIST = "list"
    WATCH = "watch"
    SHOW = "show"
    APPROVE = "approve"
    DENY = "deny"
    GRANTS = "grants"
    REVOKE = "revoke"


def command(
    action: Annotated[Action, typer.Argument(help="list what waits, watch it, show one, decide it.")] = Action.LIST,
    id: Annotated[str, typer.Argument(help="The approval (apr-...), or for revoke the grant (grt-...).")] = "",
    reason: Annotated[str, typer.Option(help="Why; a denial needs it, and the agent's model is told.")] = "",
    grant: Annotated[
        str, typer.Option("--grant", help="approve: let the agent go on without asking for so long, as in 30m.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask back.")] = False,
    as_: Annotated[str, typer.Option("--as", help="With a demo issuer alone: who you are.")] = "",
    groups: Annotated[str, typer.Option(help="With a demo issuer alone: your groups, with commas between.")] = "",
    rules: RulesFolder = Path("rules"),
    as_json: AsJson = False,
) -> None:
    """List what waits for a person, show one, approve or deny it; list grants and end them.

    To decide something you sign in with your browser, each time; nothing of that is kept. What you may decide, the
    rules say: never what you asked for yourself.

    [bold]Examples[/bold]

      interlock approvals

      interlock approvals watch

      interlock approvals approve apr-x1h5m0w7c2d9k3qf

      interlock approvals approve apr-x1h5m0w7c2d9k3qf --grant 30m --reason "month end"

      interlock approvals deny apr-x1h5m0w7c2d9k3qf --reason "not before the audit"
    """
    from interlock.cli._approvals import Wish
    from interlock.errors import InterlockError

    if action in (Action.SHOW, Action.APPROVE, Action.DENY, Action.REVOKE) and not id:
        raise InterlockError(f"which one is to be {action}?", hint="interlock approvals lists what waits")
    people = tuple(part.strip() for part in groups.split(",") if part.strip())
    _run(rules, Wish(str(action), id, reason, grant, yes, as_, people, as_json))


def _run(rules: Path, wish: Wish) -> None:
    import asyncio

    from interlock.cli._approvals import run
    from interlock.errors import InterlockError

    try:
        asyncio.run(run(rules, wish))
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except OSError as error:
        hint = "the rules name it under gateway: store:"
        raise InterlockError(f"the store of approvals cannot be used: {error}", hint=hint) from None
