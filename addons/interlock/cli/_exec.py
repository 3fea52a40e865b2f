"""What `interlock exec` does: checks the token with the gateway, starts the relay, runs the agent, ends both."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from interlock.engine.rules import Rules, load_rules
from interlock.errors import InterlockError
from interlock.model import Secret
from interlock.relay import FreshToken, GatewayAddress, Relay, TokenSource, WhoAmI, parse_gateway, whoami
from interlock.relay.child import CannotStart, run_child
from interlock.relay.claude import is_claude, with_settings
from interlock.relay.environment import child_environment, write_bundle
from interlock.relay.sources import ClientCredentials, CommandToken, DemoToken, FileToken
from interlock.settings import is_loopback

__all__ = ["Plan", "execute", "token_source"]

_DEFAULT_GATEWAY = "http://127.0.0.1:8080"
_MAX_SECRET = 64 * 1024
_COOPERATIVE = (
    "without a network jail this is cooperative: the agent is told to use the gateway, and nothing here forces it to"
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be run, and where the gateway is. `rules` are None where there are none on this machine."""

    command: tuple[str, ...]
    gateway: GatewayAddress
    ca: Path
    rules: Rules | None
    folder: Path

    @classmethod
    def make(cls, words: Sequence[str], folder: Path, gateway: str, ca: Path, insecure: bool) -> Plan:
        """Reads the rules if they are here, for the gateway's address and the names of secrets."""
        rules: Rules | None = None
        # Rules that cannot be used are the gateway's trouble; a demo identity asks for them again and complains.
        with contextlib.suppress(InterlockError):
            rules = load_rules(folder) if folder.is_dir() else None
        listen = rules.gateway.forward if rules is not None else None
        address = gateway or (f"http://{listen}" if listen is not None else _DEFAULT_GATEWAY)
        return cls(tuple(words), parse_gateway(address, ca, insecure=insecure), ca, rules, folder)

    def demo_source(self, identity: str, subject: str, groups: str) -> TokenSource:
        """Tokens minted by a demo identity of the rules. Raises InterlockError."""
        from interlock.cli._people import parse_groups
        from interlock.engine.people import choose_identity, claims_for
        from interlock.identity import ensure_demo_keys

        if self.rules is None and not self.folder.is_dir():
            raise InterlockError(
                "nothing says where tokens come from",
                hint="add --token-command, --token-file or --token-url, or --rules with a demo identity",
            )
        rules = self.rules if self.rules is not None else load_rules(self.folder)
        issuer = choose_identity(rules.identities, identity, demo=True)
        ensure_demo_keys([issuer])
        return DemoToken(issuer, claims_for(issuer, subject, parse_groups(groups)))

    def secrets(self) -> frozenset[str]:
        """Variables that the rules name as holding a connection's credential."""
        specs = [entry.credential for entry in self.rules.connections] if self.rules is not None else []
        return frozenset(spec.source.removeprefix("env:") for spec in specs if spec and spec.source.startswith("env:"))


def token_source(
    *, command: str, file: Path | None, url: str, client: str, secret: str, scope: str, audience: str, resource: str
) -> TokenSource:
    """The one source that the options name. Raises InterlockError."""
    if sum(map(bool, (command, file, url))) > 1:
        raise InterlockError("several token sources are named", hint="keep one of --token-command, -file and -url")
    if command:
        return CommandToken(command)
    if file is not None:
        return FileToken(file.expanduser())
    if not client:
        raise InterlockError("--token-url needs --client-id")
    _check_endpoint(url)
    return ClientCredentials(url, client, _secret(secret), scope, audience, resource)


def _check_endpoint(url: str) -> None:
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        host, parts = "", urlsplit("")
    if not host or parts.scheme not in ("http", "https") or (parts.scheme == "http" and not is_loopback(host)):
        raise InterlockError("--token-url must be an https:// address", hint="as in https://idp.example.com/token")


def _secret(reference: str) -> Secret:
    """The client's secret from where it is kept. Raises InterlockError; the text is not repeated."""
    kind, _, name = reference.partition(":")
    value = ""
    if kind == "env":
        value = os.environ.get(name, "")
    elif kind == "file":
        with contextlib.suppress(OSError, UnicodeDecodeError), open(name, encoding="utf-8") as file:
            value = file.read(_MAX_SECRET).strip()
    else:
        raise InterlockError(
            "--client-secret says where the secret is kept", hint="env:NAME or file:PATH, never itself"
        )
    if not value:
        raise InterlockError(f"the client's secret is not there ({kind}:{name})")
    return Secret(value)


async def execute(plan: Plan, source: TokenSource, *, keep: Sequence[str], quiet: bool) -> int:
    """The whole run; the agent's exit status. Raises InterlockError before the agent was started."""
    run = uuid.uuid4().hex
    token = FreshToken(source)
    first, _ = await token.get()
    who = await whoami(plan.gateway, run, first)
    with tempfile.TemporaryDirectory(prefix="interlock-exec-") as name:
        folder = Path(name)
        ca, bundle = write_bundle(plan.ca, folder)
        async with Relay(plan.gateway, token, run) as relay:
            claude = is_claude(plan.command)
            env = child_environment(
                os.environ, relay.proxy, ca, bundle, secrets=plan.secrets(), keep=keep, claude=claude
            )
            command = with_settings(plan.command, env, folder) if claude else list(plan.command)
            if not quiet:
                _say(f"{_person(who)} through {plan.gateway}, run {run}")
                _say(_COOPERATIVE)
            status = await _run(command, env)
        if relay.refused and not quiet:
            _say(f"the gateway refused the token {relay.refused} times; run {run} says more: interlock sessions")
    return status


async def _run(command: Sequence[str], env: dict[str, str]) -> int:
    try:
        return await run_child(command, env)
    except CannotStart as error:
        _say(str(error))
        return error.status


def _person(who: WhoAmI) -> str:
    groups = f" ({', '.join(who.groups[:8])})" if who.groups else ""
    return f"{who.subject}{groups} by {who.identity}"


def _say(message: str) -> None:
    sys.stderr.write(f"interlock: {message}\n")
    sys.stderr.flush()
