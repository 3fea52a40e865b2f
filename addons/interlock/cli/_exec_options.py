"""The options of `interlock exec`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "CA",
    "Audience",
    "ClientId",
    "ClientSecret",
    "Gateway",
    "Groups",
    "Identity",
    "InsecureGateway",
    "KeepEnv",
    "Quiet",
    "Resource",
    "Scope",
    "Subject",
    "TokenCommand",
    "TokenFile",
    "TokenUrl",
    "Words",
]

_GATEWAY = "The gateway's forward proxy."
_COMMAND = "A command that prints a token; run whenever one is needed."
_FILE = "A file that holds a token and is kept fresh."
_URL = "A token endpoint, for OAuth client credentials."
_SECRET = "For --token-url: where the secret is kept, env:NAME or file:PATH."  # noqa: S105 (a help text)
_KEEP = "A variable that stays although it holds a credential; again for more."
_INSECURE = "Allow a plain http:// gateway on another machine."

Words = Annotated[list[str], typer.Argument(metavar="COMMAND [ARGUMENTS]...", help="The agent.")]
Gateway = Annotated[str, typer.Option(help=_GATEWAY, envvar="INTERLOCK_GATEWAY", show_default="what the rules say")]
CA = Annotated[Path, typer.Option(help="The gateway's CA certificate.", envvar="INTERLOCK_CA")]
TokenCommand = Annotated[str, typer.Option(help=_COMMAND, envvar="INTERLOCK_TOKEN_COMMAND")]
TokenFile = Annotated[Path | None, typer.Option(help=_FILE, envvar="INTERLOCK_TOKEN_FILE")]
TokenUrl = Annotated[str, typer.Option(help=_URL, envvar="INTERLOCK_TOKEN_URL")]
ClientId = Annotated[str, typer.Option(help="For --token-url.", envvar="INTERLOCK_CLIENT_ID")]
ClientSecret = Annotated[str, typer.Option(help=_SECRET, envvar="INTERLOCK_CLIENT_SECRET_FROM")]
Scope = Annotated[str, typer.Option(help="For --token-url.", envvar="INTERLOCK_SCOPE")]
Audience = Annotated[str, typer.Option(help="For --token-url.", envvar="INTERLOCK_AUDIENCE")]
Resource = Annotated[str, typer.Option(help="For --token-url (RFC 8707).", envvar="INTERLOCK_RESOURCE")]
Identity = Annotated[str, typer.Option(help="The demo identity to mint tokens of.")]
Subject = Annotated[str, typer.Option(help="With a demo identity: whom the tokens speak of.")]
Groups = Annotated[str, typer.Option(help="With a demo identity: their groups, with commas.")]
KeepEnv = Annotated[list[str] | None, typer.Option(help=_KEEP)]
InsecureGateway = Annotated[bool, typer.Option("--insecure-gateway", help=_INSECURE)]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]
