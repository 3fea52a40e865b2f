"""`interlock token`: a token from an issuer marked demo."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from interlock.cli._options import RulesFolder

__all__ = ["command"]


def command(
    rules: RulesFolder = Path("rules"),
    identity: Annotated[str, typer.Option(help="Which identity mints it; needed when several are demo.")] = "",
    subject: Annotated[str, typer.Option("--subject", "-s", help="Whom it speaks of.")] = "demo-agent",
    groups: Annotated[str, typer.Option("--groups", "-g", help="Their groups, with commas.")] = "",
    lifetime: Annotated[str, typer.Option(help="How long it is good, at most 24h.")] = "1h",
    claim: Annotated[list[str] | None, typer.Option(help="A further claim, NAME=VALUE; again for more.")] = None,
    make_key: Annotated[
        Path | None, typer.Option(help="Make the private key of a demo issuer at this new file, and end.")
    ] = None,
) -> None:
    """Print a token of an issuer marked [bold]demo: true[/bold]. For trying things out on this machine only.

    [bold]Examples[/bold]

      interlock token --subject erika --groups analyst

      curl -x http://run-1:$(interlock token -s erika -g analyst)@127.0.0.1:8080 http://interlock.internal/whoami

      interlock token --make-key rules/demo.pem
    """
    import time

    from interlock.cli._people import parse_claims, parse_groups, parse_lifetime
    from interlock.engine.people import choose_identity, claims_for
    from interlock.engine.rules import load_rules
    from interlock.identity import ensure_demo_keys, mint

    if make_key is not None:
        _make_key(make_key)
        return
    seconds, extra = parse_lifetime(lifetime), parse_claims(claim or ())
    issuer = choose_identity(load_rules(rules).identities, identity, demo=True)
    ensure_demo_keys([issuer])
    claims = claims_for(issuer, subject, parse_groups(groups), extra=extra)
    typer.echo(mint(issuer, claims, seconds, now=time.time()).reveal())


def _make_key(path: Path) -> None:
    from interlock.errors import InterlockError
    from interlock.identity import create_demo_key

    try:
        create_demo_key(path)
    except OSError as error:
        raise InterlockError(f"{path} cannot be made: {error.strerror}", hint="an existing key is kept") from None
    typer.echo(f"made {path}; keep it out of version control", err=True)
