"""The pinned tools of one connection, in memory: what a server offers is compared here, without waiting for a disk.

`sync` takes over what an operator accepted meanwhile and writes what is new; it is for another thread, between
`snapshot` and `adopt`. Until a file that cannot be used is mended, nothing is known and everything is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from interlock.errors import Refused
from interlock.model import JSON
from interlock.reasons import Reason
from interlock.recording.pins import MAX_TOOLS, Described, Pins, changed_members, describe, load, locked, save

__all__ = ["PinStore", "Synced", "Verdict"]


type Masked = Callable[[Mapping[str, JSON]], Mapping[str, JSON] | None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of one description. `finding`: first, added, changed, or empty for the pinned one.

    `reason` is why it must not be offered (None: it may). `members` are those that changed.
    """

    finding: str = ""
    reason: Reason | None = None
    digest: str = ""
    pinned: str = ""
    by: str = ""
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Synced:
    """What `sync` found: the pins as they are now in memory and on disk, or why they cannot be used."""

    pins: Pins
    written: frozenset[str]
    stamp: tuple[object, ...]
    error: Refused | None = None


class PinStore:
    """`reviewed` is an operator's file that only they write (None: the first description of a tool is its pin).

    `changed` and `added` are `forbid` or `report`. `dirty`: memory holds what is not on disk yet.
    """

    def __init__(self, file: Path, reviewed: Path | None = None, *, changed: str = "forbid", added: str = "") -> None:
        self.settings = (file, reviewed, changed, added)
        self._file, self._reviewed = file, reviewed
        self._refuses_changed = changed != "report"
        self._refuses_added = (added or ("forbid" if reviewed else "report")) != "report"
        self._pins: dict[str, Described] = {}
        self._pending: dict[str, Described] = {}
        self._written: frozenset[str] = frozenset()
        self._stamp: tuple[object, ...] = ()
        self.dirty = False
        self._began = ""
        self.error: Refused | None = None
        self.adopt(self.sync(self.snapshot()))

    def offered(self, name: str, definition: Mapping[str, JSON], now: str, masked: Masked | None = None) -> Verdict:
        """Compare a description with the pin; the first one is pinned. Never raises.

        `masked` makes of a definition what may be kept of it on disk (None: nothing).
        """
        if self.error is not None:
            return Verdict("unreadable", Reason.PINS_UNREADABLE)
        try:
            found = describe(definition, now)
        except Refused as error:
            return Verdict("unreadable", error.reason)
        pin = self._pins.get(name)
        if pin is not None and pin.digest == found.digest:
            if self._pending.pop(name, None) is not None:
                self.dirty = True
            return Verdict(digest=found.digest, pinned=pin.digest, by=pin.by)
        if masked is not None and found.definition is not None and found != self._pending.get(name):
            found = replace(found, definition=masked(found.definition))
        if pin is None:
            return self._new(name, found)
        self._wait(name, found)
        reason = Reason.TOOL_CHANGED if self._refuses_changed else None
        return Verdict("changed", reason, found.digest, pin.digest, pin.by, changed_members(pin, found))

    def called(self, name: str) -> Reason | None:
        """Why a tool may not be called now; None where nothing is known against it."""
        if self.error is not None:
            return Reason.PINS_UNREADABLE
        if name not in self._pins and self._refuses_added:
            return Reason.TOOL_ADDED
        # Some servers find their tools whatever the case of the name.
        folded = name.casefold()
        changed = any(known.casefold() == folded and known in self._pins for known in self._pending)
        return Reason.TOOL_CHANGED if self._refuses_changed and changed else None

    def definitions(self, name: str) -> tuple[Mapping[str, JSON], ...]:
        """How the tool was described, pinned and since: both may say what its arguments are."""
        found = (self._pins.get(name), self._pending.get(name))
        return tuple(entry.definition for entry in found if entry is not None and entry.definition is not None)

    # -- the files

    @property
    def due(self) -> bool:
        """Whether `sync` has something to do; looks at the files' dates, so not for the event loop."""
        return self.dirty or self.error is not None or _stamp(self._file, self._reviewed) != self._stamp

    def snapshot(self) -> tuple[Pins, frozenset[str]]:
        """What memory holds, for `sync`."""
        self.dirty = False
        return Pins(dict(self._pins), dict(self._pending)), self._written

    def sync(self, snapshot: tuple[Pins, frozenset[str]]) -> Synced:
        """Read the files, write what they lack. Never raises: what cannot be used is in the result."""
        memory, written = snapshot
        try:
            with locked(self._file):
                disk = load(self._file)
                pins = self._merged(memory, disk, written)
                stored = Pins(disk.tools if self._reviewed else pins.tools, pins.pending)
                if stored != disk:
                    save(self._file, stored)
                return Synced(pins, frozenset(pins.tools), _stamp(self._file, self._reviewed))
        except Refused as error:
            return Synced(Pins(), frozenset(), (), error)

    def adopt(self, synced: Synced, before: Pins | None = None) -> None:
        """Take over what `sync` found; what came into memory since `before` stays."""
        self.error = synced.error
        if synced.error is not None:
            return
        before = before or Pins()
        fresh = {name: pin for name, pin in self._pins.items() if before.tools.get(name) is not pin}
        waits = {name: entry for name, entry in self._pending.items() if before.pending.get(name) is not entry}
        gone = before.pending.keys() - self._pending.keys()
        kept = {name: entry for name, entry in synced.pins.pending.items() if name not in gone}
        self._pins = {**fresh, **synced.pins.tools}
        self._pending = {**kept, **waits}
        self._written, self._stamp = synced.written, synced.stamp
        self.dirty = self.dirty or bool(fresh or waits)

    def _merged(self, memory: Pins, disk: Pins, written: frozenset[str]) -> Pins:
        """What an operator wrote counts; what they took out stays out; what is only in memory comes to it."""
        if self._reviewed is not None:
            pins = dict(load(self._reviewed).tools)
        else:
            pins = {name: pin for name, pin in memory.tools.items() if name not in written} | dict(disk.tools)
        waits = disk.pending if not self._pins and not self._pending else {}
        pending = {
            name: entry
            for name, entry in {**waits, **memory.pending}.items()
            if name not in pins or pins[name].digest != entry.digest
        }
        return Pins(pins, pending)

    # -- parts

    def _new(self, name: str, found: Described) -> Verdict:
        if len(self._pins) + len(self._pending) >= MAX_TOOLS and name not in self._pending:
            return Verdict("added", Reason.TOOL_ADDED, found.digest)
        first = not self._pins or self._began == found.since[:_MINUTE]
        if self._reviewed is not None or (self._refuses_added and not first):
            self._wait(name, found)
        else:
            self._began = self._began or found.since[:_MINUTE]
            self._pins[name] = found
            self.dirty = True
        reason = Reason.TOOL_ADDED if self._refuses_added and name not in self._pins else None
        return Verdict("first" if first and self._reviewed is None else "added", reason, found.digest)

    def _wait(self, name: str, found: Described) -> None:
        known = self._pending.get(name)
        if known is None or known.digest != found.digest:
            self._pending[name] = found
            self.dirty = True


_MINUTE = len("2026-01-01T00:00")


def _stamp(*paths: Path | None) -> tuple[object, ...]:
    found: list[object] = []
    for path in paths:
        try:
            stat = path.stat() if path is not None else None
            found.append(stat and (stat.st_mtime_ns, stat.st_size, stat.st_ino))
        except OSError:
            found.append(None)
    return tuple(found)
