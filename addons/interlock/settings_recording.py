"""The `recording:` section: who signs the evidence, where its tree heads are anchored, and what becomes of it later.

All optional. Which anchors there are, and which members each takes, the parts in `recording/anchors/` say.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from interlock.errors import Place
from interlock.schema import Reader
from interlock.settings_gateway import read_file, read_reference
from interlock.settings_keeping import KEEPING, Keeping, Kinds, read_keeping
from interlock.settings_origin import url_fault
from interlock.settings_prices import Price, read_prices
from interlock.source import Node

__all__ = ["RECORDING", "AnchorSpec", "Recording", "read_recording"]

RECORDING = ("anchor_every", "signing_key", "anchors", *KEEPING, "quota", "looks", "prices")
_ANCHOR_EVERY = 10.0
_QUOTA, _LOOKS, _SMALLEST = 10 << 30, 64 << 20, 1 << 20
_SHORTEST, _LONGEST = 1.0, 86400.0
_MAX_ANCHORS = 8
_REFERENCES = ("env:", "file:")

type Sinks = Mapping[str, tuple[Collection[str], Collection[str]]]
"""The anchors that exist, by name: the members that each needs, and those that it may have."""


@dataclass(frozen=True, slots=True)
class AnchorSpec:
    """An entry of `anchors:`: where tree heads are kept outside the recordings.

    `url` is an address or where one is kept, `secret` where a secret is kept; `path` and `authorities` are files.
    `every` is the least number of seconds between two heads sent there (0: as the kind of anchor has it).
    """

    to: str
    path: Path | None = None
    url: str = field(default="", repr=False)
    secret: str = ""
    authorities: Path | None = None
    every: float = 0.0
    place: Place = field(default=Place(""), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Recording:
    """How evidence is signed and anchored. `anchor_every` is in seconds; `signing_key` says where the key is kept
    (empty: one is made beside the recordings); `keeping` is what becomes of recordings later, `quota` the bytes
    on disk that one principal's may take, `looks` at how many bytes the log of looks turns over, `prices` what tokens
    cost.
    """

    anchor_every: float = _ANCHOR_EVERY
    signing_key: str = ""
    anchors: tuple[AnchorSpec, ...] = ()
    keeping: Keeping = field(default_factory=Keeping)
    quota: int = _QUOTA
    looks: int = _LOOKS
    prices: tuple[Price, ...] = ()


def read_recording(
    node: Node | None, reader: Reader, *, base: Path = Path(), sinks: Sinks, kinds: Kinds | None = None
) -> Recording:
    """The section, with relative files relative to `base`. What is wrong with it the reader is told."""
    if node is None:
        return Recording()
    members = reader.mapping(node, "recording", optional=RECORDING)
    return Recording(
        anchor_every=_every(members.get("anchor_every"), reader),
        signing_key=read_reference(members.get("signing_key"), reader, "signing_key"),
        anchors=_anchors(members.get("anchors"), reader, base, sinks),
        keeping=read_keeping(members, reader, kinds or {}),
        quota=_size(members, "quota", _QUOTA, "as in 2GiB: evidence and flows of one principal's sessions", reader),
        looks=_size(members, "looks", _LOOKS, "as in 64MiB: then its older half goes", reader),
        prices=read_prices(members.get("prices"), reader),
    )


def _size(members: Mapping[str, Node], name: str, default: int, hint: str, reader: Reader) -> int:
    node = members.get(name)
    size = reader.size(node, name, default)
    if node is not None and size < _SMALLEST:
        reader.error(node, f"{name} must be 1MiB or more", hint)
        return default
    return size


def _every(node: Node | None, reader: Reader) -> float:
    seconds = reader.duration(node, "anchor_every", _ANCHOR_EVERY)
    if node is not None and not _SHORTEST <= seconds <= _LONGEST:
        reader.error(node, "anchor_every must be from 1s to 1d", "what came after the last anchor can be cut unseen")
        return _ANCHOR_EVERY
    return seconds


def _anchors(node: Node | None, reader: Reader, base: Path, sinks: Sinks) -> tuple[AnchorSpec, ...]:
    items = reader.items(node, "anchors")
    if node is not None and len(items) > _MAX_ANCHORS:
        reader.error(node, f"there are more than {_MAX_ANCHORS} anchors", "one outside this machine is enough")
    found: list[AnchorSpec] = []
    for item in items[:_MAX_ANCHORS]:
        spec = _anchor(item, reader, base, sinks)
        if spec in found:
            reader.error(item, "the same anchor stands twice", "keep one of them")
        elif spec is not None:
            found.append(spec)
    return tuple(found)


def _anchor(item: Node, reader: Reader, base: Path, sinks: Sinks) -> AnchorSpec | None:
    known = dict.fromkeys(name for needs, takes in sinks.values() for name in (*needs, *takes))
    said = item.value.get("to") if isinstance(item.value, dict) else None
    needs, takes = sinks.get(said.value if said and isinstance(said.value, str) else "", ((), known))
    members = reader.mapping(item, "an anchor", required=("to", *needs), optional=takes)
    to = reader.choice(members.get("to"), "to", tuple(sinks))
    if to not in sinks:
        return None
    return AnchorSpec(
        to=to,
        path=read_file(members.get("path"), reader, "path", base),
        url=_url(members.get("url"), reader),
        secret=read_reference(members.get("secret"), reader, "secret"),
        authorities=read_file(members.get("authorities"), reader, "authorities", base),
        every=reader.duration(members.get("every"), "every", 0.0),
        place=item.place,
    )


def _url(node: Node | None, reader: Reader) -> str:
    text = reader.text(node, "url")
    if node is None or not text or text.startswith(_REFERENCES):
        return text
    if fault := url_fault(text):
        reader.error(node, f"url {fault}", "https://…, env:NAME or file:/run/secrets/name")
        return ""
    return text
