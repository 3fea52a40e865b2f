"""`interlock verify`: has anybody changed the recordings?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interlock.cli._options import AsJson

if TYPE_CHECKING:
    from interlock.recording import Verification

__all__ = ["command"]

_KEY = "A gateway's public key (PEM, or 32 bytes in base64); once for each, the older ones of a rotation too."
_HEAD = "Tree heads as an anchor kept them, from elsewhere than the folder: a file, a line each."
_STORE = "Heads that the anchor `store` kept: sqlite:FILE, or env:NAME or file:PATH of a database's URL."
_TSA = "The authorities (PEM) that time-stamps of heads must come from, where heads were time-stamped."
_GATEWAY = "Whose heads count, where the anchor keeps those of gateways that record elsewhere."


def command(
    folder: Annotated[
        Path, typer.Argument(help="A recordings folder, or one session's.", show_default="recordings")
    ] = Path("recordings"),
    key: Annotated[list[str] | None, typer.Option("--key", metavar="PUB", help=_KEY)] = None,
    head: Annotated[list[Path] | None, typer.Option("--head", metavar="FILE", help=_HEAD)] = None,
    store: Annotated[str, typer.Option("--store", metavar="REFERENCE", help=_STORE)] = "",
    tsa: Annotated[Path | None, typer.Option("--tsa", metavar="FILE", help=_TSA)] = None,
    gateway: Annotated[list[str] | None, typer.Option("--gateway", metavar="NAME", help=_GATEWAY)] = None,
    as_json: AsJson = False,
) -> None:
    """Check recordings offline: events changed, removed, moved, slipped in or cut off, sessions dropped, other files.

    Needs the folder, the gateway's public key and what an anchor kept: no rules, no private key. Says what it could
    not check. Ends with status 0 when what was checked is intact, 1 when something grave was found or there is nothing
    to check, 2 when it was asked wrongly.

    [bold]Examples[/bold]

      interlock verify

      interlock verify recordings --key interlock.pub --head /mnt/other/heads.jsonl

      interlock verify recordings/01JD3ZK7V0000000000000000

      interlock verify --json | jq -r '.unchecked[]'
    """
    import sys
    from tempfile import TemporaryDirectory

    from interlock.cli._show import write_json
    from interlock.cli._verify import Given, as_document, authorities, for_people, kept_in_store, public_keys, watched

    given = Given(public_keys(key or []), authorities(tsa), gateway or [])
    with TemporaryDirectory(prefix="interlock-heads-") as aside:
        heads = [*(head or []), *([kept_in_store(store, Path(aside))] if store else [])]
        found: Verification = watched(folder, heads, given, bar=sys.stderr.isatty() and not as_json)
    if as_json:
        write_json(as_document(found))
    else:
        for_people(found, folder)
    raise typer.Exit(0 if found.ok else 1)
