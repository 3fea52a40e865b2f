"""Connections: the upstreams an operator lists. What is not written is not allowed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from interlock.errors import InterlockError, Place
from interlock.model import Origin
from interlock.schema import Reader
from interlock.settings_command import CommandPlace, read_command
from interlock.settings_credential import CredentialSpec, read_credential
from interlock.settings_estimate import Estimate, read_estimate
from interlock.settings_origin import IPNetwork, is_loopback, parse_network, parse_origin
from interlock.settings_tools import ToolSettings, read_tools
from interlock.source import Node

__all__ = ["MAX_BODY", "MAX_RESPONSE", "PROTOCOLS", "Connection", "read_connections"]

PROTOCOLS = ("anthropic", "bedrock", "gemini", "graphql", "http", "mcp", "openai", "vertex")
"""The adapters this version has; the engine hands in those it really found."""

MAX_BODY = 10 << 20
MAX_RESPONSE = 64 << 20
_STREAMING = ("anthropic", "bedrock", "gemini", "mcp", "openai", "vertex")
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+\Z")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_RESERVED = ("agent",)
_ONE_HOP = frozenset(
    ("connection", "content-length", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade")
)
_OPTIONAL = (
    "addresses",
    "max_body",
    "max_response",
    "commands",
    "credential",
    "passthrough",
    "websocket",
    "allow_headers",
    "unmask",
    "streams",
    "binary",
    "insecure_http",
    "tools",
    "patient",
    "estimate",
)


@dataclass(frozen=True, slots=True)
class Connection:
    """One configured upstream. Sizes are in bytes of decoded body.

    `addresses` are the private ranges its hosts may resolve to. `passthrough` forwards the agent's own
    credential. `allow_headers` (lower case) are kept although they are dropped by default. `unmask` maps ids
    of masking rules that do not apply here to the written reason. `streams` says whether replies may be event
    streams: `events` or `refuse`. `binary` is what happens to parts that masks
    cannot search. `tools` is how much an MCP server may change. `patient` says that its clients wait as long as a
    rule holds them. `estimate` is whom people's questions ask how much would be touched.
    """

    name: str
    protocol: str
    origins: tuple[Origin, ...]
    addresses: tuple[IPNetwork, ...] = ()
    max_body: int = MAX_BODY
    max_response: int = MAX_RESPONSE
    commands: tuple[CommandPlace, ...] = ()
    credential: CredentialSpec | None = None
    passthrough: bool = False
    websocket: bool = False
    allow_headers: frozenset[str] = frozenset()
    unmask: Mapping[str, str] = field(default=MappingProxyType({}), hash=False)
    streams: str = "refuse"
    binary: str = "pass"
    insecure_http: bool = False
    tools: ToolSettings = field(default_factory=ToolSettings)
    patient: bool = False
    estimate: Estimate | None = None
    place: Place = field(default=Place(""), compare=False, repr=False)


def read_connections(
    node: Node | None,
    reader: Reader,
    *,
    protocols: Collection[str] = PROTOCOLS,
    languages: Collection[str] = (),
) -> tuple[Connection, ...]:
    """The `connections:` section. What is wrong goes to `reader`; `languages` (if any) limits commands'
    languages.

    A connection is returned even where parts of it are wrong, so that references to it are not errors as
    well.
    """
    found: list[Connection] = []
    names: dict[str, Place] = {}
    owners: dict[Origin, str] = {}
    for item in reader.items(node, "connections"):
        connection = _connection(item, reader, protocols, languages)
        first = names.setdefault(connection.name, item.place)
        if first is not item.place:
            reader.error(item, f"connection {connection.name!r} stands twice", f"the first is at {first}")
        for origin in connection.origins:
            owner = owners.setdefault(origin, connection.name)
            if owner != connection.name:
                hint = "one origin belongs to one connection"
                reader.error(item, f"{origin} belongs to connection {owner!r} already", hint)
        found.append(connection)
    return tuple(connection for connection in found if connection.name)


def _connection(item: Node, reader: Reader, protocols: Collection[str], languages: Collection[str]) -> Connection:
    members = reader.mapping(item, "a connection", required=("name", "protocol", "hosts"), optional=_OPTIONAL)
    get = members.get
    insecure = reader.flag(get("insecure_http"), "insecure_http")
    protocol = reader.choice(get("protocol"), "protocol", sorted(protocols))
    streams = "events" if protocol in _STREAMING else "refuse"
    entries = [read_command(entry, reader, languages) for entry in reader.items(get("commands"), "commands")]
    credential = read_credential(members["credential"], reader) if "credential" in members else None
    passthrough = reader.flag(get("passthrough"), "passthrough")
    if passthrough and credential:
        reader.error(members["passthrough"], "passthrough and credential exclude each other", "keep one")
    return Connection(
        name=_name(get("name"), reader),
        protocol=protocol,
        origins=_origins(get("hosts"), reader, insecure),
        addresses=_addresses(get("addresses"), reader),
        max_body=_size(get("max_body"), reader, "max_body", MAX_BODY),
        max_response=_size(get("max_response"), reader, "max_response", MAX_RESPONSE),
        commands=tuple(entry for entry in entries if entry),
        credential=credential,
        passthrough=passthrough,
        websocket=reader.flag(get("websocket"), "websocket"),
        allow_headers=_allow_headers(get("allow_headers"), reader),
        unmask=_unmask(get("unmask"), reader),
        streams=reader.choice(get("streams"), "streams", ("events", "refuse"), streams),
        binary=reader.choice(get("binary"), "binary", ("pass", "drop", "forbid"), "pass"),
        insecure_http=insecure,
        tools=read_tools(get("tools"), reader, protocol),
        patient=reader.flag(get("patient"), "patient"),
        estimate=read_estimate(get("estimate"), reader),
        place=item.place,
    )


def _name(node: Node | None, reader: Reader) -> str:
    name = reader.name(node, "name")
    if node is not None and name in _RESERVED:
        hint = "it means what an agent runs itself; choose another name"
        reader.error(node, f"no connection can be named {name!r}", hint)
    return name


def _size(node: Node | None, reader: Reader, what: str, default: int) -> int:
    size = reader.size(node, what, default)
    if node is not None and size == 0:
        reader.error(node, f"{what} cannot be 0", "leave it out for the default")
    return size


def _origins(node: Node | None, reader: Reader, insecure: bool) -> tuple[Origin, ...]:
    found: list[Origin] = []
    for item in _each(node, reader, "hosts"):
        text = reader.text(item, "each of hosts")
        try:
            origin = parse_origin(text)
        except InterlockError as error:
            if text:
                reader.error(item, str(error), error.hint)
            continue
        if origin.scheme == "http" and not insecure and not is_loopback(origin.host):
            hint = "write https://, or add insecure_http: true if that is meant"
            reader.error(item, f"{text} would be reached unencrypted", hint)
        if origin in found:
            reader.error(item, f"{origin} stands twice", "keep one")
        found.append(origin)
    return tuple(found)


def _addresses(node: Node | None, reader: Reader) -> tuple[IPNetwork, ...]:
    found: list[IPNetwork] = []
    for item in _each(node, reader, "addresses"):
        try:
            network = parse_network(reader.text(item, "each of addresses"))
        except InterlockError as error:
            reader.error(item, str(error), error.hint)
            continue
        if network.prefixlen == 0:
            reader.error(item, f"{network} is every address", "list the ranges the hosts really resolve to")
        found.append(network)
    return tuple(found)


def _allow_headers(node: Node | None, reader: Reader) -> frozenset[str]:
    found: set[str] = set()
    for item in _each(node, reader, "allow_headers"):
        name = reader.text(item, "each of allow_headers").lower()
        if name and not _TOKEN.match(name):
            reader.error(item, f"{name!r} is not a header's name")
        elif name in _ONE_HOP or name.startswith(("proxy-", "x-interlock-")):
            reader.error(item, f"{name!r} can never pass", "it belongs to one hop or to Interlock itself")
        found.add(name)
    return frozenset(found)


def _unmask(node: Node | None, reader: Reader) -> Mapping[str, str]:
    """Ids of masking rules to their written reason; written as a mapping or as a list of {id, reason}."""
    found: dict[str, str] = {}
    if node is not None and isinstance(node.value, dict):
        for name, value in node.value.items():
            if not _NAME.match(name):
                reader.error(node.keys[name], f"unmask {name!r} is not the id of a masking rule")
            found[name] = reader.text(value, f"the reason to unmask {name!r}")
        return MappingProxyType(found)
    for item in reader.items(node, "unmask"):
        if isinstance(item.value, str):
            hint = f"write {item.value}: why it is needed in the clear"
            reader.error(item, "unmask needs a written reason", hint)
            continue
        members = reader.mapping(item, "an unmask entry", required=("id", "reason"))
        name = reader.name(members.get("id"), "id")
        if name in found:
            reader.error(item, f"unmask {name!r} stands twice")
        found[name] = reader.text(members.get("reason"), "reason")
    return MappingProxyType(found)


def _each(node: Node | None, reader: Reader, what: str) -> list[Node]:
    """The items of a list, or the one text that stands for a list of one; an empty list is an error."""
    if node is not None and isinstance(node.value, str):
        return [node]
    items = reader.items(node, what)
    if node is not None and not items and isinstance(node.value, list):
        reader.error(node, f"{what} is empty", "leave it out or name something")
    return items
