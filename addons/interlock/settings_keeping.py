"""What becomes of recordings later: the members `encrypt`, `ship`, `retain` and `holds` of `recording:`.

Which places recordings can be shipped to, and which members each takes, the parts in `recording/ship_sinks/` say.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from interlock.errors import Place
from interlock.schema import Reader
from interlock.settings_gateway import read_reference
from interlock.settings_glob import star
from interlock.settings_origin import is_loopback
from interlock.source import Node

__all__ = ["KEEPING", "Hold", "Keeping", "Kinds", "Retain", "ShipSpec", "Whom", "check_keeping", "read_keeping"]

KEEPING = ("encrypt", "ship", "retain", "holds")
SHIP_EVERY = 300.0
"""How often a session that is open is shipped, in seconds, unless the rules say otherwise."""

_SHORTEST = 3600.0
_OFTENEST = 5.0
_MOST = 100
_MOST_TARGETS = 8
_ULID = 26

type Kinds = Mapping[str, tuple[Collection[str], Collection[str]]]
"""The places that exist, by the scheme of their address: members in clear, and members that name a secret."""


@dataclass(frozen=True, slots=True)
class Whom:
    """Whose sessions are meant: all members that are said must fit, of a list any. `*` stands for any characters of a
    subject.
    """

    identity: str = ""
    groups: frozenset[str] = frozenset()
    subjects: tuple[str, ...] = ()

    def fits(self, identity: str, subject: str, groups: Collection[str]) -> bool:
        """Whether these are theirs."""
        return (
            self.identity in ("", identity)
            and (not self.groups or not self.groups.isdisjoint(groups))
            and (not self.subjects or any(star(text)(subject) for text in self.subjects))
        )


@dataclass(frozen=True, slots=True)
class Retain:
    """How long (seconds after its end) a session is kept; `to` and `on` (connections it used) narrow whose."""

    id: str
    seconds: float
    to: Whom | None = None
    on: frozenset[str] = frozenset()
    place: Place = field(default=Place(""), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold: what is never deleted or erased while it stands."""

    id: str
    why: str
    to: Whom | None = None
    sessions: frozenset[str] = frozenset()
    place: Place = field(default=Place(""), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ShipSpec:
    """A place that sessions are copied to. `options` stand in clear, `secrets` say where each is kept.

    `flows` and `keys`: whether flow files, and the wrapped keys of encrypted sessions, go there too. `every`: how long,
    in seconds, what a session that is open recorded waits at most.
    """

    id: str
    to: str
    options: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    flows: bool = True
    keys: bool = False
    every: float = SHIP_EVERY
    place: Place = field(default=Place(""), compare=False, repr=False)

    @property
    def kind(self) -> str:
        """The scheme of the address: which part serves it."""
        return self.to.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Keeping:
    """`encrypt` says where the operator's keys are: the one in use, then older ones. `retain` without any rule keeps
    everything.
    """

    encrypt: tuple[str, ...] = ()
    ship: tuple[ShipSpec, ...] = ()
    retain: tuple[Retain, ...] = ()
    holds: tuple[Hold, ...] = ()


def read_keeping(members: Mapping[str, Node], reader: Reader, kinds: Kinds) -> Keeping:
    """These members of the section. What is wrong with them the reader is told."""
    return Keeping(
        encrypt=_encrypt(members.get("encrypt"), reader),
        ship=_each(members.get("ship"), reader, "ship", _MOST_TARGETS, lambda item: _ship(item, reader, kinds)),
        retain=_each(members.get("retain"), reader, "retain", _MOST, lambda item: _retain(item, reader)),
        holds=_each(members.get("holds"), reader, "holds", _MOST, lambda item: _hold(item, reader)),
    )


def check_keeping(
    keeping: Keeping, reader: Reader, *, connections: Collection[str], identities: Collection[str]
) -> None:
    """What is named must exist: a misspelt group cannot be seen, a misspelt connection or identity can."""
    for rule in keeping.retain:
        for name in sorted(rule.on):
            reader.known(Node(None, rule.place), f"retention rule {rule.id!r}: connection", name, connections)
    entries: tuple[Retain | Hold, ...] = (*keeping.retain, *keeping.holds)
    for entry in entries:
        if entry.to is not None and entry.to.identity:
            reader.known(Node(None, entry.place), f"{entry.id!r}: identity", entry.to.identity, identities)


def _encrypt(node: Node | None, reader: Reader) -> tuple[str, ...]:
    if node is not None and isinstance(node.value, list):
        return tuple(read_reference(item, reader, "encrypt") for item in reader.items(node, "encrypt"))
    text = read_reference(node, reader, "encrypt")
    return (text,) if text else ()


def _each[T: (ShipSpec, Retain, Hold)](
    node: Node | None, reader: Reader, what: str, most: int, read: Callable[[Node], T | None]
) -> tuple[T, ...]:
    items = reader.items(node, what)
    if node is not None and len(items) > most:
        reader.error(node, f"{what} has more than {most} entries")
    found: dict[str, T] = {}
    for item in items[:most]:
        entry = read(item)
        if entry is not None and entry.id in found:
            reader.error(item, f"{what} {entry.id!r} stands twice", "give each an id of its own")
        elif entry is not None:
            found[entry.id] = entry
    return tuple(found.values())


def _is_private(endpoint: str) -> bool:
    """Whether nobody can read along."""
    try:
        split = urlsplit(endpoint)
        host = split.hostname or ""
    except ValueError:
        return False
    return bool(host) and (split.scheme == "https" or (split.scheme == "http" and is_loopback(host)))


def _retain(item: Node, reader: Reader) -> Retain | None:
    members = reader.mapping(item, "a retention rule", required=("id", "for"), optional=("to", "on"))
    seconds = reader.duration(members.get("for"), "for", _SHORTEST)
    if "for" in members and seconds < _SHORTEST:
        reader.error(members["for"], "recordings are kept for an hour at least", "as in 30d")
    name = reader.name(members.get("id"), "id")
    on = frozenset(reader.texts(members.get("on"), "on"))
    to = _whom(members.get("to"), reader)
    return Retain(name, seconds, to, on, item.place) if name else None


def _hold(item: Node, reader: Reader) -> Hold | None:
    members = reader.mapping(item, "a hold", required=("id", "why"), optional=("to", "sessions"))
    sessions = frozenset(reader.texts(members.get("sessions"), "sessions"))
    for name in sessions:
        if len(name) != _ULID:
            reader.error(members["sessions"], f"{name!r} is not a session", "interlock sessions lists them")
    if members and "to" not in members and "sessions" not in members:
        reader.error(item, "a hold must say what it holds", "to: {groups: [...]}, sessions: [...] or to: anyone")
    name, why = reader.name(members.get("id"), "id"), reader.text(members.get("why"), "why")
    to = members.get("to")
    whom = Whom() if to is not None and to.value == "anyone" else _whom(to, reader)
    return Hold(name, why, whom, sessions, item.place) if name else None


def _whom(node: Node | None, reader: Reader) -> Whom | None:
    if node is None:
        return None
    members = reader.mapping(node, "whose", optional=("from", "groups", "subjects"))
    if isinstance(node.value, dict) and not members:
        reader.error(node, "to names nobody", "as in to: {groups: [support]}")
    groups = frozenset(reader.texts(members.get("groups"), "groups"))
    return Whom(reader.text(members.get("from"), "from"), groups, reader.texts(members.get("subjects"), "subjects"))


def _ship(item: Node, reader: Reader, kinds: Kinds) -> ShipSpec | None:
    said = item.value.get("to") if isinstance(item.value, dict) else None
    address = said.value if said is not None and isinstance(said.value, str) else ""
    scheme = address.partition(":")[0]
    every = dict.fromkeys(name for clear, secret in kinds.values() for name in (*clear, *secret))
    clear, secret = kinds.get(scheme, (every, ()))
    optional = ("id", "flows", "keys", "every", *clear, *secret)
    members = reader.mapping(item, "an entry of ship", required=("to",), optional=optional)
    if said is None or scheme not in kinds or "@" in address or "?" in address or "\x00" in address:
        if said is not None:
            known = ", ".join(name if name == "store" else f"{name}://…" for name in kinds)
            reader.error(said, f"recordings cannot be shipped to {scheme!r}", f"without any secret in it: {known}")
        return None
    if "endpoint" in members and not _is_private(reader.text(members["endpoint"], "endpoint")):
        reader.error(members["endpoint"], "endpoint must be https (http is for this machine only)")
    wait = reader.duration(members.get("every"), "every", SHIP_EVERY)
    if "every" in members and wait < _OFTENEST:
        reader.error(members["every"], "open sessions are shipped every 5 seconds at most", "as in 5m")
    return ShipSpec(
        id=reader.name(members.get("id"), "id") or scheme,
        to=address,
        options={name: reader.text(members[name], name) for name in clear if name in members},
        secrets={name: read_reference(members[name], reader, name) for name in secret if name in members},
        flows=reader.flag(members.get("flows"), "flows", default=True),
        keys=reader.flag(members.get("keys"), "keys"),
        every=wait,
        place=item.place,
    )
