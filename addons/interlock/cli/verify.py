"""`interlock verify`: has anybody changed the recordings?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interlock.cli._options import AsJson

if TYPE_CHECKING:
    from interlock.model import JSON
    from interlock.recording import ChainReport, Finding, Verification

__all__ = ["command"]

_LIMITS = (
    "What this cannot see: events cut off the end of a session, and a chain written anew as a whole, by somebody who"
    " can write this folder. For that, keep the heads above somewhere else and compare them later."
)


def command(
    folder: Annotated[
        Path, typer.Argument(help="A recordings folder, or one session's.", show_default="recordings")
    ] = Path("recordings"),
    as_json: AsJson = False,
) -> None:
    """Check the chains of a recordings folder: changed, removed, moved or inserted events, and changed flow files.

    Ends with status 1 when something grave was found, or when there is nothing to check.

    [bold]Examples[/bold]

      interlock verify

      interlock verify recordings/01JD3ZK7V0000000000000000

      interlock verify --json | jq -c '.chains[] | {name, head}' > heads-of-today.jsonl
    """
    from interlock.recording import verify

    found = verify(folder)
    if as_json:
        _as_json(found)
    else:
        _for_people(found, folder)
    raise typer.Exit(0 if found.ok else 1)


def _as_json(found: Verification) -> None:
    from interlock.cli._show import write_json

    chains: list[JSON] = [_chain(chain) for chain in found.chains]
    findings: list[JSON] = [_finding(entry) for entry in found.findings]
    write_json({"ok": found.ok, "chains": chains, "findings": findings})


def _chain(chain: ChainReport) -> JSON:
    findings: list[JSON] = [_finding(entry) for entry in chain.findings]
    return {
        "name": chain.name, "ok": chain.ok, "state": chain.state, "events": chain.events, "head": chain.head,
        "findings": findings,
    }  # fmt: skip


def _finding(entry: Finding) -> JSON:
    return {
        "file": entry.file, "line": entry.line, "what": entry.what, "message": entry.message, "grave": entry.grave,
    }  # fmt: skip


def _for_people(found: Verification, folder: Path) -> None:
    from rich.text import Text

    from interlock.cli._show import console, table

    out = console()
    rows = [
        (
            chain.name,
            Text("intact", "green") if chain.ok else Text("BROKEN", "bold red"),
            chain.state,
            str(chain.events),
            chain.head,
        )
        for chain in found.chains
    ]
    if rows:
        out.print(table(("chain", "", "state", "events", "head"), rows, whole=("chain",)))
    for entry in (*found.findings, *(entry for chain in found.chains for entry in chain.findings)):
        out.print(_sentence(entry), soft_wrap=True)
    if not found.chains:
        out.print(f"{folder} holds no recordings", soft_wrap=True)
    out.print(_verdict(found), style="green" if found.ok else "bold red")
    out.print(_LIMITS)


def _sentence(entry: Finding) -> str:
    from interlock.cli._show import plain

    place = f"{entry.file}:{entry.line}" if entry.line else entry.file
    return plain(f"{'!' if entry.grave else '-'} {place}: {entry.message} ({entry.what})")


def _verdict(found: Verification) -> str:
    if not found.ok:
        return "NOT intact" if found.chains else "nothing to check"
    count = len(found.chains)
    return f"{count} {'chain' if count == 1 else 'chains'} intact"
