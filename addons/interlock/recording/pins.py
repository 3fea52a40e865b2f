"""How an MCP server's tools were described when they were first seen or accepted, in one small file a connection.

    {"version": 1, "tools": {"search": {"pin": {"digest", "since", "by", "definition"}, "pending": {...}}}}

`digest` is SHA-256 over the whole definition with its members sorted: names, descriptions, schemas, annotations,
icons. `pending` is another description that the server gave since; `accept` makes it the pin. The file is replaced
as a whole, under a lock beside it, so that the gateway and `interlock pins` can both write.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from interlock.errors import Refused
from interlock.model import JSON
from interlock.reasons import Reason
from interlock.recording.chain import open_plain
from interlock.recording.disk import replace_file

__all__ = ["Described", "Pins", "accept", "changed_members", "describe", "load", "locked", "save"]

MAX_TOOLS = 4096
_MAX_FILE = 32 << 20
_MAX_DEFINITION = 64 << 10
_MAX_TOTAL = 8 << 20
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9_.:/-]{1,200}")
_TEXT = 200


@dataclass(frozen=True, slots=True)
class Described:
    """One description of a tool. `since` is RFC 3339; `by` who accepted it, empty where nobody was asked.

    `definition` is None where it is too large to be kept: its digest counts all the same.
    """

    digest: str
    since: str
    by: str = ""
    definition: Mapping[str, JSON] | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Pins:
    """What a file holds: the pins by tool, and other descriptions that wait to be accepted."""

    tools: Mapping[str, Described] = field(default_factory=dict)
    pending: Mapping[str, Described] = field(default_factory=dict)


def describe(definition: Mapping[str, JSON], since: str, by: str = "") -> Described:
    """A definition with its digest. Raises Refused (BODY_UNPARSABLE) for one that cannot be written out."""
    try:
        text = json.dumps(definition, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()
    except (ValueError, TypeError, RecursionError):
        raise Refused(Reason.BODY_UNPARSABLE, "a tool's definition cannot be written out") from None
    kept = dict(definition) if len(text) <= _MAX_DEFINITION else None
    return Described(hashlib.sha256(text).hexdigest(), since, by, kept)


def changed_members(old: Described, new: Described) -> tuple[str, ...]:
    """The members of the definition that differ, sorted; empty where one of the two was too large to be kept."""
    if old.definition is None or new.definition is None:
        return ()
    names = {*old.definition, *new.definition}
    gone: JSON = {"": None}
    return tuple(sorted(name for name in names if old.definition.get(name, gone) != new.definition.get(name, gone)))


def load(path: Path) -> Pins:
    """What the file holds; nothing where there is none. Raises Refused (PINS_UNREADABLE)."""
    try:
        with open_plain(path) as file:
            data = file.read(_MAX_FILE + 1)
    except FileNotFoundError:
        return Pins()
    except OSError as error:
        raise _unreadable(path, error.strerror or "not a plain file") from None
    try:
        found = msgspec.json.decode(data) if len(data) <= _MAX_FILE else None
        if not isinstance(found, dict) or found.get("version") != 1 or not isinstance(found.get("tools"), dict):
            raise ValueError
        entries: dict[str, dict[str, JSON]] = found["tools"]
        if len(entries) > MAX_TOOLS or not all(_NAME.fullmatch(name) for name in entries):
            raise ValueError
        pins = {name: _read(entry["pin"]) for name, entry in entries.items() if entry.get("pin")}
        pending = {name: _read(entry["pending"]) for name, entry in entries.items() if entry.get("pending")}
    except (msgspec.MsgspecError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _unreadable(path, "it is not what interlock pins writes") from None
    return Pins(pins, pending)


def save(path: Path, pins: Pins) -> None:
    """Replace the file. Raises Refused (PINS_UNREADABLE) where that cannot be done; the old one then stays."""
    left = _MAX_TOTAL
    tools: dict[str, JSON] = {}
    for name in sorted({*pins.tools, *pins.pending}):
        entry: dict[str, JSON] = {}
        for kind, found in (("pin", pins.tools.get(name)), ("pending", pins.pending.get(name))):
            if found is not None:
                entry[kind], left = _written(found, left)
        tools[name] = entry
    text = msgspec.json.format(json.dumps({"version": 1, "tools": tools}).encode(), indent=2) + b"\n"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(path, text)
    except OSError as error:
        raise _unreadable(path, error.strerror or "it cannot be written") from None


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Alone with a file of pins, among those who ask. Waits. Raises Refused (PINS_UNREADABLE)."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        fd = os.open(path.with_name(f".{path.name}.lock"), flags, 0o600)
    except OSError as error:
        raise _unreadable(path, error.strerror or "it cannot be locked") from None
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


def accept(pins: Pins, names: tuple[str, ...], by: str, now: str) -> tuple[Pins, tuple[str, ...]]:
    """The pins with pending descriptions accepted (of these tools, or of all), and the tools that were."""
    chosen = tuple(name for name in sorted(pins.pending) if not names or name in names)
    accepted = {
        name: Described(entry.digest, now, by, entry.definition)
        for name, entry in pins.pending.items()
        if name in chosen
    }
    left = {name: entry for name, entry in pins.pending.items() if name not in chosen}
    return Pins({**pins.tools, **accepted}, left), chosen


def _read(entry: JSON) -> Described:
    if not isinstance(entry, dict):
        raise TypeError
    digest, since, by, definition = (entry.get(name) for name in ("digest", "since", "by", "definition"))
    texts = isinstance(digest, str) and _DIGEST.fullmatch(digest) and isinstance(since, str)
    if not texts or not isinstance(by or "", str) or not isinstance(definition, dict | None):
        raise TypeError
    return Described(str(digest), str(since)[:_TEXT], str(by or "")[:_TEXT], definition)


def _written(found: Described, left: int) -> tuple[JSON, int]:
    size = len(json.dumps(found.definition)) if found.definition is not None else 0
    kept = dict(found.definition) if found.definition is not None and size <= left else None
    entry: JSON = {"digest": found.digest, "since": found.since, "by": found.by, "definition": kept}
    return entry, left - size if kept is not None else left


def _unreadable(path: Path, why: str) -> Refused:
    return Refused(
        Reason.PINS_UNREADABLE,
        f"{Reason.PINS_UNREADABLE.says} ({path.name}: {why})",
        hint="mend the file, or take it away and review the tools anew with interlock pins",
    )
