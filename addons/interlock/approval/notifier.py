"""What a notifier is: one file in `notifiers/`. And where it is told to go, as the rules' `notify:` says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from interlock.approval.telling import EVENTS, Channel
from interlock.errors import Place
from interlock.model import JSON
from interlock.ports import SecretSource
from interlock.registry import parts
from interlock.schema import Reader
from interlock.settings import read_reference
from interlock.settings_origin import url_fault
from interlock.source import Node

__all__ = ["MEMBERS", "Message", "Notifier", "Notify", "Target", "known_notifiers", "read_notify"]

MEMBERS = ("name", "via", "url", "secret", "events")
_REFERENCES = ("env:", "file:")
_USUAL = ("pending", "reminder", "expired", "granted", "revoked")


@dataclass(frozen=True, slots=True)
class Message:
    """What is told: `key` names it (the same thing has the same key, however often it is sent), `now` is when."""

    key: str
    body: Mapping[str, JSON]
    now: float


@dataclass(frozen=True, slots=True)
class Notifier:
    """A way to tell people. `send` gets a message, the URL and the secret ("": none); it raises OSError when it should
    be tried again. `signs` says that it needs a secret; `literal` that its URL may stand in the rules.
    """

    name: str
    send: Callable[[Message, str, str], Awaitable[None]]
    signs: bool = False
    literal: bool = False


@dataclass(frozen=True, slots=True)
class Notify:
    """An entry of `notify:`. `url` and `secret` are references, or, where the notifier allows it, the URL itself."""

    name: str
    via: str
    url: str = field(repr=False)
    secret: str = ""
    events: tuple[str, ...] = _USUAL
    place: Place = field(default=Place(""), compare=False, repr=False)

    @property
    def channel(self) -> Channel:
        """What a desk knows of it."""
        return Channel(self.name, frozenset(self.events))


@dataclass(frozen=True, slots=True)
class Target:
    """A notifier and where it goes; its URL and its secret are read anew for each message."""

    channel: Channel
    notifier: Notifier
    url: SecretSource
    secret: SecretSource | None = None


@cache
def known_notifiers() -> Mapping[str, Notifier]:
    """All notifiers by name."""
    from interlock.approval import notifiers

    return parts(notifiers, Notifier)


def read_notify(node: Node, reader: Reader) -> tuple[Notify, ...]:
    """The `notify:` section: whom to tell of approvals, and how."""
    found: dict[str, Notify] = {}
    for item in reader.items(node, "notify"):
        members = reader.mapping(item, "a notifier", required=("name", "via", "url"), optional=("secret", "events"))
        name = reader.name(members.get("name"), "name")
        if name in found:
            reader.error(item, f"two notifiers are named {name!r}", "rename one of them")
        via = reader.choice(members.get("via"), "via", tuple(known_notifiers()))
        notifier = known_notifiers().get(via)
        if notifier is None:
            continue
        if notifier.signs and "secret" not in members:
            reader.error(item, f"{via} needs a secret to sign with", "secret: env:NAME or file:/run/secrets/name")
        if not notifier.signs and "secret" in members:
            reader.error(members["secret"], f"{via} has no use for a secret", "its URL holds what it needs")
        found[name] = Notify(
            name=name,
            via=via,
            url=_url(members.get("url"), notifier, reader),
            secret=read_reference(members.get("secret"), reader, "secret"),
            events=_events(members.get("events"), reader),
            place=item.place,
        )
    return tuple(found.values())


def _url(node: Node | None, notifier: Notifier, reader: Reader) -> str:
    text = reader.text(node, "url")
    if node is None or not text or text.startswith(_REFERENCES):
        return text
    fault = url_fault(text) if notifier.literal else "holds secrets, so it is named and never written"
    if fault:
        reader.error(node, f"url {fault}", "env:NAME or file:/run/secrets/name")
        return ""
    return text


def _events(node: Node | None, reader: Reader) -> tuple[str, ...]:
    found: Sequence[str] = reader.texts(node, "events")
    for name in found:
        if node is not None and name:
            reader.known(node, "event", name, EVENTS)
    return tuple(dict.fromkeys(name for name in found if name in EVENTS)) or _USUAL
