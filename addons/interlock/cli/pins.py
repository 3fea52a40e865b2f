"""`interlock pins`: what MCP servers say of their tools, what changed since, and a person's yes to that."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interlock.cli._options import AsJson, RulesFolder, default_rules

if TYPE_CHECKING:
    from interlock.model import JSON
    from interlock.recording.pins import Described, Pins

__all__ = ["command"]


class Action(StrEnum):
    """What to do."""

    LIST = "list"
    SHOW = "show"
    ACCEPT = "accept"


def command(
    action: Annotated[Action, typer.Argument(help="list tools, show what changed, or accept it.")] = Action.LIST,
    connection: Annotated[str, typer.Argument(help="The connection to the MCP server.")] = "",
    tool: Annotated[str, typer.Argument(help="One tool; without it all that wait.")] = "",
    digest: Annotated[str, typer.Option(help="Accept only this description: its digest, or the beginning.")] = "",
    rules: RulesFolder = Path("rules"),
    as_json: AsJson = False,
) -> None:
    """List the pinned tools of MCP servers, show how one changed, or accept the change.

    A tool that is described in another way than it was pinned is taken out of its server's list, and its calls are
    refused (tool-changed), until somebody looked at it here. A running gateway takes an accepted change over by
    itself, and writes into the evidence who accepted it.

    [bold]Examples[/bold]

      interlock pins

      interlock pins show tickets search

      interlock pins accept tickets search --digest 3f9a0c
    """
    from interlock.errors import InterlockError

    files = _files(rules or default_rules())
    if connection and connection not in files:
        raise InterlockError(
            f"no MCP connection is named {connection!a}", hint="known: " + (", ".join(files) or "none")
        )
    if action is Action.LIST:
        _list({name: file for name, file in files.items() if connection in ("", name)}, as_json)
        return
    if not connection:
        raise InterlockError("which connection?", hint="interlock pins lists them")
    if action is Action.SHOW:
        _show(files[connection], connection, tool, as_json)
    else:
        _accept(files[connection], connection, tool, digest)


def _files(rules: Path) -> dict[str, tuple[Path, Path | None]]:
    """Of each MCP connection, the gateway's file and the reviewed one, if there is one."""
    from interlock.engine.rules import load_rules

    found = load_rules(rules)
    return {
        entry.name: (
            found.gateway.recordings / "pins" / f"{entry.name}.json",
            found.folder / entry.tools.pins if entry.tools.pins else None,
        )
        for entry in found.connections
        if entry.protocol == "mcp"
    }


def _load(file: Path, reviewed: Path | None) -> Pins:
    """What counts as pinned, and what waits beside it."""
    from interlock.recording.pins import Pins, load

    kept = load(file)
    tools = kept.tools if reviewed is None else load(reviewed).tools
    waits = {
        name: entry for name, entry in kept.pending.items() if name not in tools or tools[name].digest != entry.digest
    }
    return Pins(tools, waits)


def _list(files: dict[str, tuple[Path, Path | None]], as_json: bool) -> None:
    from interlock.cli._show import console, table, write_json

    rows = []
    for connection, (file, reviewed) in files.items():
        pins = _load(file, reviewed)
        for name in sorted({*pins.tools, *pins.pending}):
            pin, waits = pins.tools.get(name), pins.pending.get(name)
            state = ("changed" if pin else "added") if waits else "pinned"
            newest = waits or pin
            since, by = (newest.since, newest.by) if newest else ("", "")
            rows.append(
                (connection, name, state, since[:16].replace("T", " "), by, newest.digest[:12] if newest else "")
            )
    headings = ("connection", "tool", "state", "since", "by", "digest")
    if as_json:
        for row in rows:
            write_json(dict(zip(headings, row, strict=True)))
    elif rows:
        console().print(table(headings, rows))
    else:
        console(stderr=True).print("no tool is pinned yet: a server's tools are when it first lists them")


def _show(files: tuple[Path, Path | None], connection: str, tool: str, as_json: bool) -> None:
    from interlock.cli._show import console, write_json
    from interlock.errors import InterlockError

    pins = _load(*files)
    if tool and tool not in pins.tools and tool not in pins.pending:
        raise InterlockError(f"{connection} has no tool {tool!a}", hint=f"interlock pins list {connection}")
    names = [tool] if tool else sorted(pins.pending)
    for name in names:
        pin, waits = pins.tools.get(name), pins.pending.get(name)
        if as_json:
            write_json({"tool": name, "pin": _document(pin), "pending": _document(waits)})
            continue
        for line in _lines(connection, name, pin, waits):
            console().print(line, soft_wrap=True)
    if not names and not as_json:
        console(stderr=True).print(f"nothing of {connection} waits to be accepted")


def _lines(connection: str, name: str, pin: Described | None, waits: Described | None) -> list[str]:
    """What a person has to read before they say yes: every member that differs, in full."""
    from interlock.cli._show import json_line, plain

    if waits is None:
        known = (pin.definition if pin is not None else None) or {}
        return [f"{name}: as it was pinned", *(f"    {plain(key)}: {json_line(known[key])}" for key in known)]
    old = (pin.definition if pin is not None else None) or {}
    new = waits.definition or {}
    found = [f"{name}: {'changed' if pin else 'added'} since {waits.since}"]
    if waits.definition is None:
        found.append("    the definition is too large to be kept; only its digest is")
    for key in sorted({*old, *new}):
        if key not in old or key not in new or old[key] != new[key]:
            found += [f"  - {plain(key)}: {json_line(old[key])}"] if key in old else []
            found += [f"  + {plain(key)}: {json_line(new[key])}"] if key in new else []
    return [*found, f"    interlock pins accept {connection} {name} --digest {waits.digest[:12]}"]


def _document(entry: Described | None) -> JSON:
    if entry is None:
        return None
    definition = dict(entry.definition) if entry.definition is not None else None
    return {"digest": entry.digest, "since": entry.since, "by": entry.by, "definition": definition}


def _accept(files: tuple[Path, Path | None], connection: str, tool: str, digest: str) -> None:
    import getpass
    import time

    from interlock.cli._show import console
    from interlock.errors import InterlockError
    from interlock.recording.event import stamp
    from interlock.recording.pins import Pins, accept, load, locked, save

    file, reviewed = files
    with locked(file):
        pins = _load(file, reviewed)
        waits = {name: entry for name, entry in pins.pending.items() if entry.digest.startswith(digest.lower())}
        if tool:
            waits = {name: entry for name, entry in waits.items() if name == tool}
        if not waits:
            raise InterlockError(
                f"nothing of {connection} waits to be accepted that is named so",
                hint=f"interlock pins show {connection} says what waits",
            )
        accepted, names = accept(pins, tuple(waits), getpass.getuser(), stamp(time.time()))
        if reviewed is not None:
            save(reviewed, Pins(accepted.tools))
            save(file, Pins(load(file).tools, accepted.pending))
        else:
            save(file, accepted)
    console().print(f"accepted of {connection}: {', '.join(names)}")
