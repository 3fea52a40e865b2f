"""The gateway's own settings: where it listens, what it keeps, how much it takes. All optional, safe by
default.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path

from interlock.errors import InterlockError
from interlock.schema import Reader
from interlock.settings_origin import canonical_host, is_loopback
from interlock.source import Node

__all__ = ["Gateway", "Limits", "Listen", "read_file", "read_gateway", "read_listen", "read_reference"]

_LISTEN = re.compile(r"(?P<host>\[[^\]]+\]|[^:\[\]\s]+):(?P<port>[0-9]{1,5})\Z")
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+\Z")
_FORWARD_HEADERS = ("proxy-authorization",)
_REVERSE_HEADERS = ("authorization", "x-api-key", "api-key", "x-goog-api-key")
_MAX_LIMIT = 1 << 40
_FILES = ("trust", "certificate")
_REFERENCE = re.compile(r"[a-z][a-z0-9-]*:[^\s\x00-\x1f\x7f]+\Z")


@dataclass(frozen=True, slots=True)
class Listen:
    """An address to listen on; port 0 lets the system choose."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return is_loopback(self.host)


_DEFAULT_LISTEN = Listen("127.0.0.1", 8080)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what is taken and kept (invariant 12): sizes in bytes, times in seconds, else counts."""

    body: int = 32 << 20
    response: int = 64 << 20
    token: int = 16 << 10
    held_block: int = 1 << 20
    sessions: int = 10_000
    connections: int = 10_000
    recording_queue: int = 1024
    refusal_log: int = 4 << 20
    masked_values: int = 500
    regex_time: float = 0.02
    analyse_time: float = 5.0
    pending: int = 5
    held: int = 1000
    cooldown: float = 60.0


@dataclass(frozen=True, slots=True)
class Gateway:
    """How this gateway runs. `None` for a listener means there is none.

    `route` says how one reverse listener tells connections apart: by `path` (`/connections/<name>/...`) or by
    `host`. `durability`: `process` survives a crash of the gateway, `power` also one of the machine (fsync
    before forwarding). `observe_until` is in seconds since the epoch (0: not observing). `trust` is a file of
    further upstream CAs; `certificate` the listeners' own, in one PEM file with its key. `client_certificates`
    has TLS clients asked for theirs. `token_headers` and `reverse_token_headers` (lower case) are where the
    agents' tokens are looked for, in this order. `master_key` says where the key is kept from which all sessions'
    masking keys follow (empty: a random one, for this process alone). `store` is where approvals are kept
    (`sqlite:FILE`, or where a database's URL is; empty: a file in the recordings folder), `name` what this gateway
    is called in it (empty: the machine and where it listens).
    """

    forward: Listen | None = _DEFAULT_LISTEN
    reverse: Listen | None = None
    route: str = "path"
    recordings: Path = Path("recordings")
    durability: str = "process"
    token_headers: tuple[str, ...] = _FORWARD_HEADERS
    reverse_token_headers: tuple[str, ...] = _REVERSE_HEADERS
    observe_until: float = 0.0
    trust: Path | None = None
    certificate: Path | None = None
    client_certificates: bool = False
    master_key: str = ""
    store: str = ""
    name: str = ""
    limits: Limits = field(default_factory=Limits)

    @property
    def max_body(self) -> int:
        """The largest request body taken anywhere, in bytes; a connection may allow less or more."""
        return self.limits.body

    @property
    def max_token(self) -> int:
        """The largest token taken, in bytes."""
        return self.limits.token


def read_gateway(node: Node | None, reader: Reader, *, base: Path = Path()) -> Gateway:
    """The `gateway:` section; everything in it is optional. Relative files are relative to `base`.

    Without any listener it is a forward proxy at 127.0.0.1:8080; as soon as one is written, only those
    written exist.
    """
    if node is None:
        return Gateway(recordings=base / "recordings")
    members = reader.mapping(
        node,
        "gateway",
        optional=(
            "forward", "reverse", "route", "recordings", "durability", "token_headers",
            "reverse_token_headers", "observe_until", "client_certificates", "master_key", "store", "name",
            *_FILES, "limits",
        ),
    )  # fmt: skip
    get = members.get
    forward, reverse = (read_listen(get(name), reader, name) for name in ("forward", "reverse"))
    if "forward" not in members and "reverse" not in members:
        forward = _DEFAULT_LISTEN
    if forward and forward == reverse and forward.port:
        reader.error(members["reverse"], "forward and reverse cannot share one address", "give each its own port")
    files = {name: read_file(members.get(name), reader, name, base) for name in _FILES}
    return Gateway(
        forward=forward,
        reverse=reverse,
        route=reader.choice(members.get("route"), "route", ("path", "host"), "path"),
        recordings=read_file(members.get("recordings"), reader, "recordings", base) or base / "recordings",
        durability=reader.choice(members.get("durability"), "durability", ("process", "power"), "process"),
        token_headers=_headers(members.get("token_headers"), reader, "token_headers", _FORWARD_HEADERS),
        reverse_token_headers=_headers(get("reverse_token_headers"), reader, "reverse_token_headers", _REVERSE_HEADERS),
        master_key=read_reference(members.get("master_key"), reader, "master_key"),
        store=_store(members.get("store"), reader, base),
        name=reader.text(members.get("name"), "name"),
        observe_until=_date(members.get("observe_until"), reader),
        client_certificates=reader.flag(members.get("client_certificates"), "client_certificates"),
        limits=_limits(members.get("limits"), reader),
        **files,
    )


def read_listen(node: Node | None, reader: Reader, what: str) -> Listen | None:
    """An address to listen on; None after telling the reader what is wrong."""
    text = reader.text(node, what)
    if node is None or not text:
        return None
    match = _LISTEN.match(text)
    if not match:
        hint = "as in 127.0.0.1:8080; to listen everywhere, write 0.0.0.0:8080 or [::]:8080"
        reader.error(node, f"{what} {text!r} is not an address and a port", hint)
        return None
    try:
        host = canonical_host(match["host"])
    except InterlockError as error:
        reader.error(node, str(error), error.hint)
        return None
    port = int(match["port"])
    if port >= 1 << 16:
        reader.error(node, f"port {port} does not exist", "0 to 65535")
        return None
    return Listen(host, port)


def read_file(node: Node | None, reader: Reader, what: str, base: Path) -> Path | None:
    """A file's path, relative to the folder of rules; None where none is said."""
    text = reader.text(node, what)
    if node is None or not text:
        return None
    if "\x00" in text:
        reader.error(node, f"{what} is not a file name")
        return None
    return base / text


def read_reference(node: Node | None, reader: Reader, what: str) -> str:
    """Where a secret is kept; the text is never repeated, because it may be the secret itself."""
    text = reader.text(node, what)
    if node is None or _REFERENCE.match(text):
        return text
    reader.error(node, f"{what} must say where the key is kept", "env:NAME or file:/run/secrets/name, never the key")
    return ""


def _store(node: Node | None, reader: Reader, base: Path) -> str:
    """A file of our own, with its whole path; otherwise where a URL is kept, because that may hold a password."""
    text = reader.text(node, "store")
    if node is None or not text:
        return ""
    kind, _, rest = text.partition(":")
    if kind == "sqlite" and rest and "\x00" not in rest and not rest.startswith("//"):
        return f"sqlite:{base / rest}"
    if kind in ("env", "file") and rest:
        return text
    reader.error(node, "store must be sqlite:FILE, env:NAME or file:PATH", "a database's URL is named, never written")
    return ""


def _headers(node: Node | None, reader: Reader, what: str, default: tuple[str, ...]) -> tuple[str, ...]:
    found = tuple(name.lower() for name in reader.texts(node, what))
    for name in found:
        if node is not None and name and not _TOKEN.match(name):
            reader.error(node, f"{name!r} is not a header's name", "as in proxy-authorization")
    return found or default


def _date(node: Node | None, reader: Reader) -> float:
    text = reader.text(node, "observe_until")
    if node is None or not text:
        return 0.0
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        reader.error(node, f"observe_until {text!r} is not a date", "as in 2030-01-31 or 2030-01-31T18:00+01:00")
        return 0.0
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _limits(node: Node | None, reader: Reader) -> Limits:
    if node is None:
        return Limits()
    names = [entry.name for entry in fields(Limits)]
    members = reader.mapping(node, "limits", optional=names)
    found: dict[str, int | float] = {}
    for name, value in members.items():
        default = getattr(Limits(), name)
        if isinstance(default, float):
            found[name] = reader.duration(value, name, default)
        elif name in ("sessions", "connections", "recording_queue", "masked_values", "pending", "held"):
            found[name] = reader.number(value, name, default, low=1)
        else:
            found[name] = reader.size(value, name, default)
        if not 0 < found[name] <= _MAX_LIMIT:
            reader.error(value, f"{name} cannot be {found[name]:g}", "a limit is more than nothing and has an end")
            found[name] = default
    return Limits(**found)  # type: ignore[arg-type]
