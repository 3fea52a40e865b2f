"""`interlock verify`: has anybody changed the recordings?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from interlock.cli._options import AsJson

__all__ = ["command"]

_KEY = "A gateway's public key (PEM, or 32 bytes in base64); once for each, the older ones of a rotation too."
_HEAD = "Tree heads as an anchor kept them, from elsewhere than the folder: a file, a line each."
_STORE = "Heads that the anchor `store` kept: sqlite:FILE, or env:NAME or file:PATH of a database's URL."
_TSA = "The authorities (PEM) that time-stamps of heads must come from, where heads were time-stamped."
_ALL = "A row for every chain, with its head; otherwise only for those that are not intact."
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
    every: Annotated[bool, typer.Option("--all", help=_ALL)] = False,
    as_json: AsJson = False,
) -> None:
    """Check recordings offline: events changed, removed, moved, slipped in or cut off, sessions dropped, other files.

    Needs the folder, a gateway's public key and what an anchor kept: no rules, no private key. Status 0: what could be
    checked is intact; 1: something grave was found, or there is nothing to check; 2: it was asked wrongly.

    [bold]Examples[/bold]

      interlock verify

      interlock verify recordings --key interlock.pub --head /mnt/other/heads.jsonl

      interlock verify --json | jq -r '.unchecked[]'
    """
    import sys
    from tempfile import TemporaryDirectory

    from interlock.cli import _verify as it
    from interlock.cli._show import write_json

    given = it.Given(it.public_keys(key or []), it.authorities(tsa), gateway or [])
    with TemporaryDirectory(prefix="interlock-heads-") as aside:
        heads = [*(head or []), *([it.kept_in_store(store, Path(aside))] if store else [])]
        found, size = it.watched(folder, heads, given, bar=sys.stderr.isatty() and not as_json)
    if as_json:
        write_json(it.as_document(found))
    else:
        it.for_people(found, folder, size, every=every)
    raise typer.Exit(0 if found.ok else 1)
