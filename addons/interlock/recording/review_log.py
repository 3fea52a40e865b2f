"""What people say, in the evidence: chained logs, `reviews.jsonl` and `approvals.jsonl`, that processes write in turn.

Campaigns are opened, permissions attested and questions answered by people, at consoles and terminals. Each process
takes the file under a lock for one event, appends after its last whole one, and has it on the disk before it goes on.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from interlock.errors import Refused
from interlock.model import JSON
from interlock.ports import Clock
from interlock.ports_journal import LOST
from interlock.reasons import Reason
from interlock.recording.canonical import Uncanonical
from interlock.recording.chain import Chain
from interlock.recording.disk import in_turn
from interlock.recording.entries import entries
from interlock.recording.log_file import goes_on

__all__ = ["APPROVAL_LOG", "REVIEW_LOG", "ApprovalLog", "ReviewLog", "bring"]

APPROVAL_LOG = "approvals"
REVIEW_LOG = "reviews"
_MAX_BYTES = 256 << 20
_PATIENCE = 2.0
_NAMING, _NAME = ("what", "approval", "grant", "campaign", "attestation", "event"), 256


class _Unwritable(Refused):
    """No event can hold this, whenever it is tried."""


class ReviewLog:
    """Access reviews of a recordings folder. `add` blocks for some milliseconds: call it in a worker thread."""

    name = REVIEW_LOG
    kind = "access-review"

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.path = folder / f"{self.name}.jsonl"
        self._clock = clock

    def add(self, data: Mapping[str, JSON]) -> str:
        """Writes one event and returns its reference, `<log>/<number>`. Raises Refused (RECORDING_UNAVAILABLE)."""
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with in_turn(self.path.with_name(f".{self.name}.lock"), _PATIENCE):
                return f"{self.name}/{self._append(data)}"
        except Uncanonical as error:
            raise _Unwritable(Reason.RECORDING_UNAVAILABLE, f"{self.path.name} cannot be written ({error})") from None
        except OSError as error:
            why = error.strerror or str(error)
            hint = "give it a recordings folder that it can write to: what nobody can prove is not changed"
            raise Refused(
                Reason.RECORDING_UNAVAILABLE, f"{self.path.name} cannot be written ({why})", hint=hint
            ) from None

    def bring(self, change: str, data: Mapping[str, JSON], again: bool) -> str:
        """As `add`, of a change that some process could not write; where it may stand here already (`again`), it is
        looked for first. Of what can never be an event (too large, too nested) it is kept that it happened.
        """
        if again and (number := self._number(change)):
            return f"{self.name}/{number}"
        try:
            return self.add({"change": change, **data})
        except _Unwritable:
            return self.add({"change": change, **_brief(data)})

    def _number(self, change: str) -> int:
        """Which event speaks of a change; 0 for none, or when that cannot be read."""
        with suppress(OSError):
            for event, _ in entries(self.path):
                if event.kind == self.kind and event.data.get("change") == change:
                    return event.seq
        return 0

    def add_here(self, data: Mapping[str, JSON]) -> str:
        """As `add`; "" where the recordings are not on this machine: some gateway then brings it."""
        return self.add(data) if self.path.parent.is_dir() else ""

    def _append(self, data: Mapping[str, JSON]) -> int:
        chain = Chain(self.path)
        now = self._clock.now()
        try:
            if not goes_on(chain, now):
                chain.create()
                chain.append("opened", {"continues": 0, "log": self.name}, now)
            if chain.size >= _MAX_BYTES:
                raise OSError("it has reached its limit; record into another folder")
            number = chain.append(self.kind, data, now)
            handle = chain.handle()
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        finally:
            chain.release()
        return number


def _brief(data: Mapping[str, JSON]) -> dict[str, JSON]:
    """What became of whom, without words."""
    names = {name: value for name in _NAMING if isinstance(value := data.get(name), str) and len(value) <= _NAME}
    return {**names, "why": LOST}


class ApprovalLog(ReviewLog):
    """What became of approvals and grants: people's yes and no, what ended by itself. Called as the other one."""

    name = APPROVAL_LOG
    kind = "approval"


def bring(folder: Path, clock: Clock) -> Callable[[str, Mapping[str, JSON], bool], str]:
    """What brings into the logs of a folder what others could not write: into the one that the member `log` names.

    See `ReviewLog.bring`.
    """
    logs = {log.name: log for log in (ApprovalLog(folder, clock), ReviewLog(folder, clock))}

    def write(change: str, data: Mapping[str, JSON], again: bool) -> str:
        log = logs.get(str(data.get("log", "")), logs[APPROVAL_LOG])
        return log.bring(change, {name: value for name, value in data.items() if name != "log"}, again)

    return write
