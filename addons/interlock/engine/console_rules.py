"""The `console:` section: where reviewers and auditors sign in, and which of their claims give them which role."""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import urlsplit

from interlock.identity import Identity
from interlock.model import Effect, Principal
from interlock.policy import Context
from interlock.policy.context import Test
from interlock.policy.people import read_to
from interlock.schema import Reader
from interlock.settings import Listen, read_listen, read_reference
from interlock.source import Node

__all__ = ["CONSOLE", "Console", "Role", "read_console"]

_USUAL = Listen("127.0.0.1", 8090)
_SCOPES = ("openid", "profile")
_SESSION = 8 * 3600.0
_FRESH = 300.0
CONSOLE = ("listen", "url", "sign_in", "roles", "session", "fresh", "certificate")
SIGN_IN = ("from", "client_id", "client_secret", "scopes")


class Role(enum.StrEnum):
    """What somebody may do in the console. Whether an approver may speak about one approval, its rule's `by:` says."""

    APPROVER = "approver"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Console:
    """How the console runs. Without `identity` nobody can sign in. Times are in seconds.

    `url` is its origin as browsers reach it. `client_secret` is a reference. A decision needs a sign-in that is not
    older than `fresh`; a session ends after `session`. A role nobody is given by `roles` is nobody's.
    """

    listen: Listen = _USUAL
    url: str = "http://127.0.0.1:8090"
    identity: str = ""
    client_id: str = ""
    client_secret: str = ""
    scopes: tuple[str, ...] = _SCOPES
    roles: Mapping[Role, Test] = field(default=MappingProxyType({}), repr=False, compare=False)
    session: float = _SESSION
    fresh: float = _FRESH
    certificate: str = ""

    def roles_of(self, principal: Principal, now: float) -> frozenset[Role]:
        """The roles that somebody's claims give them; a test that fails gives none."""
        context = Context(principal=principal, connection="", now=now)
        return frozenset(role for role, test in self.roles.items() if _holds(test, context))


def _holds(test: Test, context: Context) -> bool:
    try:
        return test(context)
    except Exception:
        return False


def read_console(node: Node | None, reader: Reader, identities: Sequence[Identity]) -> Console:
    """The `console:` section; everything in it is optional, but without `sign_in` only a demo issuer signs in."""
    if node is None:
        return Console()
    members = reader.mapping(node, "console", optional=CONSOLE)
    listen = read_listen(members.get("listen"), reader, "listen") or _USUAL
    url = reader.text(members.get("url"), "url") or f"http://{listen}"
    fault = _origin_fault(url)
    if fault:
        reader.error(members["url"], f"url {fault}", "the origin in the browser, as in https://interlock.example.com")
    identity, client, secret, scopes = _sign_in(members.get("sign_in"), reader, identities)
    return Console(
        listen=listen,
        url=url.removesuffix("/"),
        identity=identity,
        client_id=client,
        client_secret=secret,
        scopes=scopes,
        roles=_roles(members.get("roles"), reader, [entry.name for entry in identities]),
        session=reader.duration(members.get("session"), "session", _SESSION),
        fresh=_fresh(members.get("fresh"), reader),
        certificate=reader.text(members.get("certificate"), "certificate"),
    )


def _origin_fault(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        loopback = host in ("localhost", "127.0.0.1", "::1")
        if parts.port == 0 or not host or "@" in parts.netloc or parts.path not in ("", "/") or parts.query:
            return "is not an origin"
    except ValueError:
        return "is not an address"
    if parts.scheme == "https" or (parts.scheme == "http" and loopback):
        return ""
    return "must be https (http is for this machine only)"


def _sign_in(
    node: Node | None, reader: Reader, identities: Sequence[Identity]
) -> tuple[str, str, str, tuple[str, ...]]:
    if node is None:
        return "", "", "", _SCOPES
    members = reader.mapping(node, "sign_in", required=("from", "client_id"), optional=SIGN_IN[2:])
    name = reader.text(members.get("from"), "from")
    client = reader.text(members.get("client_id"), "client_id")
    known = {entry.name: entry for entry in identities if entry.scheme == "jwt" and not entry.demo}
    if "from" in members:
        reader.known(members["from"], "identity that people sign in by", name, known)
    if client and client in getattr(known.get(name), "audience", ()):
        hint = "register a client of its own for the console: agents' tokens must not be sign-ins"
        reader.error(members["client_id"], f"{client!r} is an audience of agents' tokens", hint)
    secret = read_reference(members.get("client_secret"), reader, "client_secret")
    scopes = reader.texts(members.get("scopes"), "scopes") or _SCOPES
    return name, client, secret, scopes if "openid" in scopes else ("openid", *scopes)


def _roles(node: Node | None, reader: Reader, identities: Collection[str]) -> Mapping[Role, Test]:
    if node is None:
        return MappingProxyType({})
    members = reader.mapping(node, "roles", optional=[*Role])
    found: dict[Role, Test] = {}
    for role, entry in members.items():
        test = read_to(entry, Effect.PERMIT, reader, identities)
        if test is not None:
            found[Role(role)] = test
        elif isinstance(entry.value, str):
            reader.error(entry, f"{role} cannot be anyone", f"as in {role}: {{groups: [platform]}}")
    return MappingProxyType(found)


def _fresh(node: Node | None, reader: Reader) -> float:
    seconds = reader.duration(node, "fresh", _FRESH)
    if node is not None and not 0 < seconds <= _FRESH:
        reader.error(node, "fresh is at most 5m", "the agent may run on the approver's own machine")
        return _FRESH
    return seconds
