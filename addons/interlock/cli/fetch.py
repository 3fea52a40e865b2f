"""`interlock fetch`: brings back what was shipped, each session's pieces put together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interlock.cli._options import AsJson, RulesFolder

if TYPE_CHECKING:
    from interlock.recording.fetching import Fetched
    from interlock.recording.ship_target import Objects

__all__ = ["command"]


def command(
    place: Annotated[
        str, typer.Argument(metavar="PLACE", help="The id of an entry of ship:, or a folder with a copy.")
    ],
    into: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to; sessions that are there stay as they are.")],
    sessions: Annotated[
        list[str] | None, typer.Option("--session", metavar="ID", help="Only this session; may be repeated.")
    ] = None,
    rules: RulesFolder = Path("rules"),
    as_json: AsJson = False,
) -> None:
    """Fetch shipped sessions and join their pieces, to be verified and read like any recordings.

    Nothing of the machine that shipped them is needed, neither its ledger nor, for a folder, any rules. Ends with
    status 1 when a session is not whole there, or is in the folder already.

    [bold]Examples[/bold]

      interlock fetch s3 fetched && interlock verify fetched

      interlock fetch /mnt/archive fetched --session 01JD3ZK7V00000000000000000
    """
    import asyncio

    from interlock.errors import InterlockError
    from interlock.recording.ulid import is_ulid

    strange = [name for name in sessions or () if not is_ulid(name)]
    if strange:
        raise InterlockError(f"{strange[0]!r} is not a session", hint="interlock sessions lists them")
    try:
        found = asyncio.run(_fetch(_open(place, rules), into, sessions or []))
    except OSError as error:
        raise InterlockError(
            f"nothing could be fetched: {error.strerror or error}", hint="is the place there, and the folder writable?"
        ) from None
    _tell(found, as_json)
    if any(fetched.fault for fetched in found):
        raise typer.Exit(1)


def _open(place: str, rules: Path) -> Objects:
    """Raises InterlockError, OSError."""
    from interlock.engine.rules import load_rules
    from interlock.engine.ship_places import open_place
    from interlock.errors import InterlockError
    from interlock.recording.ship_target import Address, known_kinds

    folder = Path(place.removeprefix("file://"))
    if folder.is_dir():
        from urllib.parse import quote

        return known_kinds()["file"].open(Address(f"//{quote(str(folder.absolute()))}"))
    loaded = load_rules(rules)
    known = {spec.id: spec for spec in loaded.recording.keeping.ship}
    if place not in known:
        raise InterlockError(
            f"{place!r} is neither a folder nor a place of the rules",
            hint=f"known: {', '.join(known)}" if known else "recording: {ship: [{to: 's3://bucket/prefix'}]}",
        )
    return open_place(known[place], loaded)


async def _fetch(place: Objects, into: Path, sessions: list[str]) -> list[Fetched]:
    from interlock.recording.fetching import fetch

    try:
        return [fetched async for fetched in fetch(place, into, sessions)]
    finally:
        await place.close()


def _tell(found: list[Fetched], as_json: bool) -> None:
    from dataclasses import asdict

    from interlock.cli._show import console, table, write_json

    if as_json:
        for fetched in found:
            write_json(asdict(fetched))
    elif found:
        rows = [(fetched.name, str(fetched.pieces), str(fetched.bytes), fetched.fault) for fetched in found]
        console().print(table(("what", "pieces", "bytes", "fault"), rows, whole=("what",)))
    else:
        console(stderr=True).print("nothing lies there")
