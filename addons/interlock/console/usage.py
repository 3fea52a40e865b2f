"""How permissions were used, for those who stand by them: counted from the recordings of this machine, now and then."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass

from interlock.access.gathering import gather
from interlock.access.tallies import Usage
from interlock.console.archive import Archive
from interlock.engine.rules import Rules
from interlock.errors import InterlockError
from interlock.model import Permission
from interlock.ports import Clock
from interlock.recording.event import stamp
from interlock.recording.runs import session_folders
from interlock.recording.session import EVIDENCE
from interlock.replay.walk import Window

__all__ = ["DAYS", "Counted", "Used", "used_by"]

DAYS = 90
_KEPT = 60.0
_MOST_BYTES = 128 << 20
_NAMES = 6
_PROCESSES = 2
"""What is much is counted in processes of its own: people decide here meanwhile."""


@dataclass(frozen=True, slots=True)
class Used:
    """How one permission was used: so often, by so many people, last when (RFC 3339), what of it; what was refused."""

    uses: int = 0
    people: int = 0
    last: str = ""
    refused: int = 0
    approved: int = 0
    operations: tuple[tuple[str, int], ...] = ()


class Counted:
    """What was counted lately. `usage` blocks, one caller at a time: call it in a worker thread."""

    def __init__(self, archive: Archive, clock: Clock) -> None:
        self._archive, self._clock = archive, clock
        self._lock = threading.Lock()
        self._known: tuple[str, float, Usage] | None = None

    def usage(self, rules: Rules) -> Usage:
        """Of the last 90 days, at most a minute old. Raises InterlockError where it cannot be counted here, OSError."""
        with self._lock:
            known, now = self._known, self._clock.monotonic()
            if known is not None and known[0] == rules.digest and now - known[1] < _KEPT:
                return known[2]
            self._check()
            window = Window(stamp(self._clock.now() - DAYS * 86400.0))
            found = gather([self._archive.folder], rules, window, processes=_PROCESSES)
            self._known = rules.digest, self._clock.monotonic(), found
            return found

    def _check(self) -> None:
        if not self._archive.here:
            raise InterlockError("the recordings are on another machine", hint="run interlock access report there")
        total = 0
        for name in session_folders(self._archive.folder):
            try:
                total += (self._archive.folder / name / EVIDENCE).stat().st_size
            except OSError:
                continue
            if total > _MOST_BYTES:
                raise InterlockError("there is too much to count it here", hint="run interlock access report")


def used_by(usage: Usage, permission: Permission) -> Used:
    """What of it was used under this permission, by those whom its scope covers."""
    uses = people = refused = approved = 0
    last, operations = "", Counter[str]()
    for (issuer, subject, rule), row in usage.rows.items():
        known = usage.people.get((issuer, subject))
        if rule != permission.rule or known is None or not permission.scope.covers(known.principal):
            continue
        uses, refused, approved = uses + row.uses, refused + row.refused, approved + row.approved
        people += row.uses > 0
        last = max(last, row.last)
        operations.update(row.operations)
    return Used(uses, people, last, refused, approved, tuple(operations.most_common(_NAMES)))
