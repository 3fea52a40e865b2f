"""`interlock ship`: what waits to be shipped, where it is to go, and shipping it now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interlock.cli._options import AsJson, RulesFolder

if TYPE_CHECKING:
    from interlock.recording.shipping import Passed

__all__ = ["command"]

_ALL = 1 << 40


def command(
    now: Annotated[bool, typer.Option("--now", help="Ship what waits, now; otherwise only say what does.")] = False,
    rules: RulesFolder = Path("rules"),
    as_json: AsJson = False,
) -> None:
    """Say what waits to be shipped by `recording: ship:`, or ship it; a gateway does so by itself.

    What was shipped was read back and compared. Ends with status 1 when something failed, or still waits after --now.
    While a gateway ships to a place, nobody else does.

    [bold]Examples[/bold]

      interlock ship

      interlock ship --now
    """
    import asyncio

    from interlock.cli._keeping import recordings_of
    from interlock.clocks import SystemClock
    from interlock.engine.keeper import Passes
    from interlock.engine.rules import load_rules
    from interlock.errors import InterlockError

    loaded = load_rules(rules)
    recordings_of(loaded)
    if not loaded.recording.keeping.ship:
        raise InterlockError(
            "the rules ship nothing", hint="recording: {ship: [{to: 's3://bucket/prefix', region: eu-central-1}]}"
        )
    passes = Passes(loaded, SystemClock())
    try:
        found = asyncio.run(passes.ship(_ALL if now else 0, now=True))
    finally:
        passes.close()
    _tell(found, as_json)
    if any(passed.failed or (now and passed.waiting) for passed in found.values()):
        raise typer.Exit(1)


def _tell(found: dict[str, Passed], as_json: bool) -> None:
    from dataclasses import asdict

    from interlock.cli._show import console, table, write_json

    if as_json:
        for name, passed in found.items():
            write_json({"to": name, **asdict(passed)})
        return
    rows = [
        (name, str(passed.shipped), str(passed.removed), str(passed.waiting), passed.failed)
        for name, passed in found.items()
    ]
    console().print(table(("to", "shipped", "removed", "waiting", "failed"), rows))
