"""`interlock retain`: deletes the sessions whose time is over, as the rules say, and says why the others stay."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interlock.cli._options import AsJson, RulesFolder

if TYPE_CHECKING:
    from interlock.engine.rules import Rules
    from interlock.recording.retention import Verdict

__all__ = ["command"]


def command(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go, what stays, and why.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    rules: RulesFolder = Path("rules"),
    as_json: AsJson = False,
) -> None:
    """Delete sessions by `recording: retain:`; a gateway does the same by itself, every ten minutes.

    Held, open and damaged sessions stay, and those that are not yet everywhere they are to be shipped to. Each deletion
    leaves a signed tombstone that names the rule, and what a crash interrupted is finished.

    [bold]Examples[/bold]

      interlock retain --dry-run

      interlock retain --dry-run --json | jq 'select(.fate == "goes")'
    """
    from interlock.cli._keeping import confirm, keys_of, recordings_of
    from interlock.clocks import SystemClock
    from interlock.engine.keeper import Passes
    from interlock.engine.rules import load_rules

    loaded = load_rules(rules)
    recordings_of(loaded)
    passes = Passes(loaded, SystemClock(), keys=keys_of(loaded))
    try:
        found = list(passes.verdicts())
    finally:
        passes.close()
    goes = [verdict for verdict in found if verdict.fate == "goes"]
    _tell(found, loaded, as_json)
    if dry_run:
        return
    if goes:
        confirm(f"Delete {len(goes)} sessions, for good?", yes)
    _carry_out(load_rules(rules), goes)  # a hold may have come while somebody thought about it


def _carry_out(rules: Rules, goes: list[Verdict]) -> None:
    from interlock.cli._keeping import deleting, keys_of
    from interlock.clocks import SystemClock
    from interlock.engine.keeper import Passes
    from interlock.errors import InterlockError

    passes = Passes(rules, SystemClock(), keys=keys_of(rules))
    with deleting(rules) as deletion:
        try:
            deletion.finish(passes.held)
            for verdict in goes:
                if passes.goes(verdict.session):
                    _delete(deletion, verdict)
        except OSError as error:
            why = f"what was begun could not be deleted: {error.strerror or error}"
            raise InterlockError(why, hint="it is tried again at the next start") from None
        finally:
            passes.close()


def _delete(deletion: object, verdict: Verdict) -> None:
    from interlock.errors import InterlockError
    from interlock.recording.deletion import Deletion, Order

    if not isinstance(deletion, Deletion):
        return
    try:
        deletion.carry_out(Order(verdict.session, "session", verdict.why, verdict.rule))
    except OSError as error:
        why = f"{verdict.session} could not be deleted: {error.strerror or error}"
        raise InterlockError(why, hint="what was begun is finished at the next start") from None


def _tell(found: list[Verdict], rules: Rules, as_json: bool) -> None:
    from dataclasses import asdict

    from interlock.cli._show import console, table, write_json

    if as_json:
        for verdict in found:
            write_json(asdict(verdict))
    elif found:
        rows = [(verdict.session, verdict.fate, verdict.rule, verdict.why) for verdict in found]
        console().print(table(("session", "fate", "rule", "why"), rows, whole=("session",)))
    elif rules.recording.keeping.retain:
        console(stderr=True).print("there are no sessions")
    else:
        console(stderr=True).print("the rules keep everything: recording: {retain: [{id: default, for: 180d}]}")
