"""Follows one chain from its first line to its last, and says what does not hold.

A finding is grave when somebody must have changed the file; torn lines and missing ends also come from a crash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from interlock.recording.event import GENESIS, MAX_EVENT, Event
from interlock.recording.reading import Line

__all__ = ["Finding", "Walk"]

_MAX_FINDINGS = 100
_MAX_JUNK = 2 * MAX_EVENT + 1


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold. `what` is one word for machines, `message` says it to people.

    Grave: `changed` `removed` `reordered` `spliced` `opened` `closed` `truncated` `missing` `dropped` `unreadable`
    `salt` `key` `flows` `head` `signature` `stamp` `replaced` `unexpected`. Explained by a crash, or by what is
    meant to happen, as well: `torn` `gap` `open` `empty` `more` `lost` `continues` `deleted` `erased` `uncovered`
    `copy`.
    """

    file: str
    line: int
    what: str
    message: str
    grave: bool


class Walk:
    """One chain being followed. After `finish`, `findings`, `last` (the last intact event) and `events` hold."""

    def __init__(
        self,
        file: str,
        opens: Callable[[Event], str],
        *,
        anchors: Mapping[int, tuple[str, str]] | None = None,
        after: Event | None = None,
    ) -> None:
        """`opens` says what is wrong with the first event; `anchors` are hashes by number, each with who knows it.

        With `after`, the lines are those that follow that event.
        """
        self.findings: list[Finding] = []
        self.last = after
        self.events = 0
        self.torn = False
        self._file = file
        self._opens = opens
        self._anchors = dict(anchors or {})
        self._lines = 0
        self._head = after.hash if after is not None else ""
        self._seq = after.seq if after is not None else 0
        self._junk: list[Line] = []
        self._junk_bytes = b""
        self._slack = 0
        self._omitted = 0

    def find(self, line: int, what: str, message: str, *, grave: bool = True) -> None:
        """Notes a finding; beyond a hundred they are only counted."""
        if len(self.findings) < _MAX_FINDINGS:
            self.findings.append(Finding(self._file, line, what, message, grave))
        else:
            self._omitted += 1

    def feed(self, line: Line) -> None:
        """The next line."""
        self._lines = line.number
        if line.torn:
            self.torn = True
            self.find(line.number, "torn", "the last line was never finished", grave=False)
        elif line.event is None or line.fault:
            self._junk.append(line)
            self._junk_bytes = (self._junk_bytes + line.raw)[:_MAX_JUNK]
            if len(self._junk) > _MAX_FINDINGS:
                self._judge_junk(None)
        else:
            self._event(line.number, line.event)

    def finish(self) -> None:
        """The end of the file."""
        self._judge_junk(None)
        missing = [seq for seq in sorted(self._anchors) if seq > self._seq]
        if missing:
            last, who = missing[-1], self._anchors[missing[-1]][1]
            events = f"events {self._seq + 1} to {last} are" if last > self._seq + 1 else f"event {last} is"
            self.find(self._lines, "truncated", f"{events} missing at the end: {who}")
        if self._omitted:
            self.findings.append(Finding(self._file, 0, "more", f"{self._omitted} more findings", False))

    def _event(self, number: int, event: Event) -> None:
        self._judge_junk(event)
        self.events += 1
        if self.last is None:
            self._first(number, event)
        elif not self._follows(number, event):
            return
        else:
            self._order(number, event)
        known, who = self._anchors.get(event.seq, (event.hash, ""))
        if known != event.hash:
            self.find(number, "changed", f"is another event than the one known: {who}")
        self.last, self._head, self._seq, self._slack = event, event.hash, event.seq, 0

    def _first(self, number: int, event: Event) -> None:
        fault = self._opens(event)
        if fault:
            self.find(number, "opened", fault)

    def _follows(self, number: int, event: Event) -> bool:
        """Whether the chain goes on from here; an event out of order is passed over."""
        expected = self._seq + 1
        if event.seq < expected:
            self.find(number, "reordered", f"event {event.seq} stands after event {self._seq}")
            return False
        if event.seq > expected + self._slack:
            self.find(number, "removed", f"events {expected} to {event.seq - 1} are missing before this one")
        elif not self._slack and event.prev != self._head:
            what = "it belongs to another session, or the one before it was rewritten"
            self.find(number, "spliced", f"does not follow from the event before: {what}")
        return True

    def _order(self, number: int, event: Event) -> None:
        if event.kind == "opened":
            self.find(number, "spliced", "a session opens only once")
        elif self.last and self.last.kind == "closed" and event.kind not in ("reopened", "gap"):
            self.find(number, "closed", "stands after the end of the session")

    def _judge_junk(self, event: Event | None) -> None:
        """Damaged lines are explained by a `gap` event that describes them, or somebody changed them.

        After changed lines, the next event may be any: `_slack` says how many numbers it may jump.
        """
        if not self._junk:
            return
        junk, first = self._junk_bytes[:-1], self._junk[0].number
        said = event.data if event and event.kind == "gap" and event.prev == (self._head or GENESIS) else {}
        if said.get("bytes") == len(junk) and said.get("sha256") == hashlib.sha256(junk).hexdigest():
            self.find(first, "gap", "a line was torn; the gateway noted it and went on", grave=False)
        else:
            for line in self._junk:
                self.find(line.number, "changed", f"the line {line.fault}")
            self._slack += len(self._junk)
        self._junk, self._junk_bytes = [], b""
