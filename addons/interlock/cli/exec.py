"""`interlock exec`: an agent behind the gateway, with a token that is always fresh."""

from __future__ import annotations

from pathlib import Path

import typer

from interlock.cli import _exec_options as options
from interlock.cli._options import RulesFolder

__all__ = ["SETTINGS", "command"]

_HELP = """Run an agent behind the gateway.

A relay on this machine adds a fresh token to everything the agent sends; the
agent itself holds only a secret of this run, and none of your API keys.
Without a token source, a demo identity of the rules mints the tokens.
Without a network jail this is cooperative: an agent that ignores its proxy
settings is not stopped.

[bold]Examples[/bold]

  interlock exec -- claude

  interlock exec --token-command "print-my-token" -- claude -p "List the files"

  interlock exec --gateway https://gw.example.com:8443 --ca ca.pem \\
    --token-file /run/token -- python agent.py

  interlock exec --groups engineer -- curl -s https://api.example.com/
"""

SETTINGS = {"help": _HELP, "context_settings": {"allow_interspersed_args": False}}


def command(
    words: options.Words,
    rules: RulesFolder = Path("rules"),
    gateway: options.Gateway = "",
    ca: options.CA = Path("~/.mitmproxy/mitmproxy-ca-cert.pem"),
    token_command: options.TokenCommand = "",
    token_file: options.TokenFile = None,
    token_url: options.TokenUrl = "",
    client_id: options.ClientId = "",
    client_secret: options.ClientSecret = "env:INTERLOCK_CLIENT_SECRET",  # noqa: S107 (where it is kept)
    scope: options.Scope = "",
    audience: options.Audience = "",
    resource: options.Resource = "",
    identity: options.Identity = "",
    subject: options.Subject = "demo-agent",
    groups: options.Groups = "",
    keep_env: options.KeepEnv = None,
    insecure_gateway: options.InsecureGateway = False,
    quiet: options.Quiet = False,
) -> None:
    """Run an agent behind the gateway; the whole help is in SETTINGS."""
    import asyncio

    from interlock.cli._exec import Plan, execute, token_source

    plan = Plan.make(words, rules, gateway, ca.expanduser(), insecure_gateway)
    if token_command or token_file or token_url:
        source = token_source(
            command=token_command, file=token_file, url=token_url, client=client_id, secret=client_secret,
            scope=scope, audience=audience, resource=resource,
        )  # fmt: skip
    else:
        source = plan.demo_source(identity, subject, groups)
    raise typer.Exit(asyncio.run(execute(plan, source, keep=keep_env or (), quiet=quiet)))
