"""What is allowed and risky: each with its place, what could happen, and how to do without it. Never an error."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from interlock.engine.risks_keeping import keeping_risks
from interlock.engine.rules import Rules
from interlock.errors import Place, RulesInvalid
from interlock.model import Effect
from interlock.policy import Rule
from interlock.settings import Connection
from interlock.source import Node, read_yaml

__all__ = ["Risk", "find_risks"]

_ANY = "*"
_WHOLE_HOST = ("", "/**", "**", "/*")
_LONG_GRANT = 8 * 3600.0


@dataclass(frozen=True, slots=True)
class Risk:
    """One thing to know. `kind` is one word or two, kebab-case, for machines."""

    kind: str
    place: Place
    message: str
    hint: str = ""


def find_risks(rules: Rules) -> tuple[Risk, ...]:
    """Everything risky, by place."""
    found = [risk for look in _LOOKS for risk in look(rules)]
    return tuple(sorted(found, key=lambda risk: (risk.place.file, risk.place.line, risk.place.column, risk.kind)))


# -- identities


def _identities(rules: Rules) -> Iterator[Risk]:
    for node in _section(rules, "identities"):
        members = node.value if isinstance(node.value, dict) else {}
        name = _text(members.get("name"))
        if "demo" in members and members["demo"].value is True:
            yield Risk(
                "demo-issuer", node.place,
                f"identity {name!r} is a demo: whoever can read its key is anyone",
                "the gateway listens on this machine only while it is here; use a real issuer for real agents",
            )  # fmt: skip
        elif _text(members.get("scheme")) in ("", "jwt") and "max_age" not in members:
            yield Risk(
                "no-max-age", node.place, f"identity {name!r} takes tokens of any age until they expire",
                "add max_age: 1h",
            )  # fmt: skip


# -- connections


def _connections(rules: Rules) -> Iterator[Risk]:
    for connection in rules.connections:
        place = connection.place
        if connection.passthrough:
            yield Risk(
                "passthrough", place, f"connection {connection.name!r} forwards the agent's own credentials",
                "the agent then holds a secret that works without the gateway; write credential: instead",
            )  # fmt: skip
        if connection.insecure_http:
            yield Risk(
                "insecure-http", place, f"connection {connection.name!r} may be reached unencrypted",
                "credentials and answers can be read on the way; write https://",
            )  # fmt: skip
        if connection.websocket:
            yield Risk(
                "websocket", place, f"connection {connection.name!r} allows WebSockets",
                "what is said inside is neither judged nor masked",
            )  # fmt: skip
        for mask, reason in connection.unmask.items():
            yield Risk("unmask", place, f"connection {connection.name!r} shows what {mask!r} would mask: {reason}")
        yield from _rotation(connection)
        if not _is_ruled(rules, connection):
            yield Risk(
                "no-rule", place, f"no rule permits anything on connection {connection.name!r}: all of it is forbidden",
                "add a rule, or take the connection out",
            )  # fmt: skip


def _rotation(connection: Connection) -> Iterator[Risk]:
    """A secret in a file tells its age; one in a variable does not."""
    spec = connection.credential
    if spec is None or not spec.rotate_every or not spec.source.startswith("file:"):
        return
    try:
        age = time.time() - Path(spec.source.removeprefix("file:")).stat().st_mtime
    except (OSError, ValueError):
        return
    if age > spec.rotate_every:
        yield Risk(
            "rotation-due", spec.place,
            f"the credential of connection {connection.name!r} is {age / 86400:.0f} days old",
            f"it was to be replaced every {spec.rotate_every / 86400:g} days",
        )  # fmt: skip


def _is_ruled(rules: Rules, connection: Connection) -> bool:
    return any(
        rule.effect is not Effect.FORBID and (rule.everywhere or connection.name in rule.on)
        for rule in rules.policy.rules
    )


# -- policy


def _policy(rules: Rules) -> Iterator[Risk]:
    for rule in rules.policy.rules:
        if rule.report:
            yield Risk("report-only", rule.place, f"rule {rule.id} only reports: it stops nothing", "mode: enforce")
        if rule.grant > _LONG_GRANT:
            yield Risk(
                "long-grant", rule.place, f"rule {rule.id} lets one word of a person count for more than 8 hours",
                "grant: {max: 1h}: it can be granted again",
            )  # fmt: skip
        if rule.effect is Effect.PERMIT:
            yield from _wide(rule)
    blocklist = rules.policy.blocklist
    for entry in blocklist.rules if blocklist is not None else ():
        if entry.report:
            yield Risk("report-only", entry.place, f"blocklist entry {entry.id} only reports: it stops nothing")
    if blocklist is None or not blocklist.rules:
        yield Risk(
            "no-blocklist", Place(str(rules.folder)), "nothing is on the blocklist", "- use: packs/sql-destructive"
        )


def _wide(rule: Rule) -> Iterator[Risk]:
    """Patterns that permit more than anybody can foresee."""
    for pattern in rule.patterns:
        protocol, _, rest = pattern.text.partition(".")
        action, _, resource = rest.partition(" ")
        whole_host = protocol == "http" and action not in ("get", "head") and resource.strip() in _WHOLE_HOST
        if protocol == _ANY or action == _ANY or (whole_host and not rule.agent):
            yield Risk(
                "wide-pattern", rule.place, f"rule {rule.id} permits {pattern.text}: everything of that kind",
                "name the actions, or the paths, that are needed",
            )  # fmt: skip
    if rule.everywhere:
        yield Risk("wide-on", rule.place, f'rule {rule.id} permits on: "*", on every connection there will ever be')


def _anyone(rules: Rules) -> Iterator[Risk]:
    for node in _section(rules, "policy"):
        members = node.value if isinstance(node.value, dict) else {}
        if "permit" in members and _text(members.get("to")) == "anyone":
            yield Risk(
                "anyone", members["to"].place, f"rule {_text(members.get('id'))} permits to anyone with a token",
                "to: {groups: [...]}",
            )  # fmt: skip


# -- masking, gateway


def _masking(rules: Rules) -> Iterator[Risk]:
    for node in _section(rules, "masking"):
        members = node.value if isinstance(node.value, dict) else {}
        if _text(members.get("scope")) == "connection":
            yield Risk(
                "scope-connection", members["scope"].place,
                f"masking rule {_text(members.get('id'))} marks equal values alike for good: agents can test guesses",
                "leave scope out",
            )  # fmt: skip
            if not rules.gateway.master_key:
                yield Risk(
                    "no-master-key", members["scope"].place,
                    f"what masking rule {_text(members.get('id'))} gives changes whenever the gateway starts",
                    "name a key: gateway: {master_key: env:INTERLOCK_MASTER_KEY}",
                )  # fmt: skip


def _gateway(rules: Rules) -> Iterator[Risk]:
    gateway, place = rules.gateway, Place(str(rules.folder))
    for what, listen in (("forward", gateway.forward), ("reverse", gateway.reverse)):
        if listen is not None and not listen.loopback and gateway.certificate is None:
            yield Risk(
                "plain-listener", place, f"{what} listens on {listen} without TLS: tokens can be read on the way",
                "add certificate: and key:, or listen on 127.0.0.1",
            )  # fmt: skip
    if gateway.observe_until:
        yield Risk("observing", place, "observe_until is set: until then what no rule permits passes, marked")


def _keeping(rules: Rules) -> Iterator[Risk]:
    return (Risk(*found) for found in keeping_risks(rules))


def _section(rules: Rules, name: str) -> Iterator[Node]:
    """The entries of a section as they are written, where compiled rules no longer tell."""
    for file in sorted([*rules.folder.glob("*.yaml"), *rules.folder.glob("*.yml")]):
        yield from _entries(file, rules.folder.parent, name)


def _entries(file: Path, base: Path, name: str) -> list[Node]:
    try:
        root = read_yaml(file, shown=str(file.relative_to(base)))
    except (RulesInvalid, ValueError):
        return []
    section = root.value.get(name) if isinstance(root.value, dict) else None
    return section.value if section is not None and isinstance(section.value, list) else []


def _text(node: Node | None) -> str:
    return node.value if node is not None and isinstance(node.value, str) else ""


_LOOKS: tuple[Callable[[Rules], Iterator[Risk]], ...] = (
    _identities,
    _connections,
    _policy,
    _anyone,
    _masking,
    _gateway,
    _keeping,
)
