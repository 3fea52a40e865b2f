"""Reads `cases:`: what an operator expects of the rules. Running them is the engine's."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from interlock.errors import Place
from interlock.model import JSON, Effect
from interlock.reasons import Reason
from interlock.schema import Reader
from interlock.settings import Connection
from interlock.source import Node

__all__ = ["Case", "Claimant", "Proposal", "Send", "read_cases", "read_proposal", "read_send"]

_EXPECT: Mapping[str, Effect] = {"permit": Effect.PERMIT, "review": Effect.REVIEW, "forbid": Effect.FORBID}
_AGENT = "agent"


@dataclass(frozen=True, slots=True)
class Claimant:
    """Whom a case plays: an identity (empty: the only one) and what its token would say."""

    identity: str = ""
    subject: str = "case"
    groups: frozenset[str] = frozenset()
    acting_for: str = ""
    claims: Mapping[str, JSON] = field(default=MappingProxyType({}), hash=False)


@dataclass(frozen=True, slots=True)
class Send:
    """A request to a connection: method, target (path and query), JSON body (None: no body), headers."""

    method: str
    target: str
    body: JSON = field(default=None, hash=False)
    has_body: bool = False
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A tool call that a model proposes in its reply (`on: agent`)."""

    tool: str
    input: JSON = field(default=None, hash=False)


@dataclass(frozen=True, slots=True)
class Case:
    """One case. `rule` and `reason` are checked when they are not empty; `time` (seconds since the epoch, 0:
    now).
    """

    claimant: Claimant
    on: str
    expect: Effect
    send: Send | None = None
    propose: Proposal | None = None
    rule: str = ""
    reason: str = ""
    time: float = 0.0
    place: Place = field(default=Place(""), compare=False)


def read_cases(
    node: Node | None,
    reader: Reader,
    *,
    connections: Sequence[Connection] = (),
    identities: Collection[str] | None = None,
    rules: Collection[str] = (),
) -> tuple[Case, ...]:
    """The `cases:` section. Everything wrong goes to `reader`; `rules` (if any) are the ids a case may name.

    `identities` are the names a case may play (None: any).
    """
    places = [*(connection.name for connection in connections), _AGENT]
    found = [_case(item, reader, places, identities, rules) for item in reader.items(node, "cases")]
    return tuple(case for case in found if case is not None)


def _case(
    item: Node, reader: Reader, places: Collection[str], identities: Collection[str] | None, rules: Collection[str]
) -> Case | None:
    needed = ("as", "on", "expect")
    optional = ("send", "propose", "rule", "reason", "time")
    members = reader.mapping(item, "a case", required=needed, optional=optional)
    if not members.keys() >= set(needed):
        return None
    on = reader.text(members["on"], "on")
    reader.known(members["on"], "connection", on, places)
    wanted = "propose" if on == _AGENT else "send"
    if wanted not in members or ("send" in members and "propose" in members):
        hint = "propose: {tool: Bash, input: {...}}" if on == _AGENT else 'send: {at: "POST /v1/query", body: {...}}'
        reader.error(item, f"a case on {on} says what it would do", hint)
    expect = reader.choice(members["expect"], "expect", tuple(_EXPECT))
    rule = reader.text(members.get("rule"), "rule")
    if rule and rules:
        reader.known(members["rule"], "rule", rule, rules)
    return Case(
        claimant=_claimant(members["as"], reader, identities),
        on=on,
        expect=_EXPECT.get(expect, Effect.FORBID),
        send=read_send(members["send"], reader) if "send" in members else None,
        propose=read_proposal(members["propose"], reader) if "propose" in members else None,
        rule=rule,
        reason=reader.choice(members.get("reason"), "reason", [str(reason) for reason in Reason]),
        time=_time(members.get("time"), reader),
        place=item.place,
    )


def _claimant(node: Node, reader: Reader, identities: Collection[str] | None) -> Claimant:
    if node.value == "anyone":
        return Claimant()
    members = reader.mapping(node, "as", optional=("from", "subject", "groups", "acting_for", "claims"))
    identity = reader.text(members.get("from"), "from")
    if identities is None:
        pass
    elif identity:
        reader.known(members["from"], "identity", identity, identities)
    elif members and len(identities) > 1:
        reader.error(node, "as must say which identity it means", "add from: with one of " + ", ".join(identities))
    claims = members["claims"].plain() if "claims" in members else {}
    if not isinstance(claims, dict):
        reader.error(members["claims"], "claims must be a mapping")
        claims = {}
    return Claimant(
        identity=identity,
        subject=reader.text(members.get("subject"), "subject", "case"),
        groups=frozenset(reader.texts(members.get("groups"), "groups")),
        acting_for=reader.text(members.get("acting_for"), "acting_for"),
        claims=MappingProxyType(claims),
    )


def read_send(node: Node, reader: Reader) -> Send | None:
    """A request, from `send:`; None after telling the reader what is wrong."""
    members = reader.mapping(node, "send", required=("at",), optional=("body", "headers"))
    at = reader.text(members.get("at"), "at")
    method, _, target = at.partition(" ")
    target = target.strip()
    if "at" in members and not (method.isupper() and target.startswith("/")):
        reader.error(members["at"], f"at {at!r} is not a method and a target", 'as in "POST /v1/query"')
        return None
    headers: list[tuple[str, str]] = []
    if "headers" in members:
        headers_node = members["headers"]
        if isinstance(headers_node.value, dict):
            for name, value in headers_node.value.items():
                headers.append((name.lower(), reader.text(value, f"header {name}")))
        else:
            reader.error(headers_node, "headers must be a mapping of names to texts")
    body = members["body"].plain() if "body" in members else None
    return Send(method, target, body, "body" in members, tuple(headers))


def read_proposal(node: Node, reader: Reader) -> Proposal | None:
    """A tool call, from `propose:`; None after telling the reader what is wrong."""
    members = reader.mapping(node, "propose", required=("tool",), optional=("input",))
    if "tool" not in members:
        return None
    return Proposal(reader.text(members["tool"], "tool"), members["input"].plain() if "input" in members else {})


def _time(node: Node | None, reader: Reader) -> float:
    text = reader.text(node, "time")
    if node is None or not text:
        return 0.0
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        reader.error(node, f"time {text!r} is not a moment with a zone", "as in 2030-01-31T09:00+01:00")
        return 0.0
    return moment.timestamp()
