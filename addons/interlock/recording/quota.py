"""How much disk each principal's recordings take, and that nobody takes more than they may.

Evidence and flows of all of a principal's sessions count, and a little for each folder. What lies on the disk is
counted in the background, at the start and now and then; what live sessions add is known at once. Until the first
count is done, only what was added since the start counts.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from interlock.errors import Refused
from interlock.ports import Clock
from interlock.reasons import Reason
from interlock.recording.ulid import is_ulid

if TYPE_CHECKING:
    from interlock.recording.session import Session

__all__ = ["FOLDER_BYTES", "Account", "Quotas", "Sizes"]

FOLDER_BYTES: Final = 8192
"""What a session takes beside its evidence and flows: its folder, its salt, its place in the indexes."""
_FILES = ("evidence.jsonl", "flows.mitm")
_AGAIN_SECONDS = 600.0
_AGAIN_SECONDS_OVER = 60.0
_MAX_ALARMS = 100

type Sizes = dict[str, tuple[str, int]]
"""Session name to whose it is (empty: nobody can tell) and how many bytes it takes."""


class Account:
    """What one principal's recordings take, in bytes. `who` is for the operator's log."""

    __slots__ = ("bytes", "told", "who")

    def __init__(self, who: str) -> None:
        self.bytes = 0
        self.told = False
        self.who = who


class Quotas:
    """The accounts of one recordings folder. Used from the event loop, but for `count`. `limit` 0 means no end."""

    def __init__(self, folder: Path, limit: int, clock: Clock, whose: Callable[[str], str]) -> None:
        self.limit = limit
        self._folder = folder
        self._clock = clock
        self._whose = whose
        self._accounts: dict[str, Account] = {}
        self._owners: dict[str, str] = {}
        self._alarms: list[str] = []
        self._counted: float | None = None
        self._stopped = False

    def account(self, owner: str, who: str = "") -> Account:
        """The account of an owner (what stands for a principal in the index of runs)."""
        found = self._accounts.get(owner)
        if found is None:
            found = self._accounts[owner] = Account(who)
        found.who = found.who or who
        return found

    def check(self, account: Account) -> None:
        """Raises Refused (RECORDING_QUOTA) when it is used up."""
        if account.bytes <= self.limit or not self.limit:
            return
        if not account.told:
            account.told = True
            if len(self._alarms) < _MAX_ALARMS:
                self._alarms.append(account.who)
        raise Refused(
            Reason.RECORDING_QUOTA,
            hint="the operator frees room (`interlock retain`), or raises `quota` under `recording` in the rules",
        )

    def charge(self, session: Session) -> None:
        """Adds what a session grew by since the last time. Raises Refused (RECORDING_QUOTA)."""
        account, size = session.account, session.size
        account.bytes += size - session.charged
        session.charged = size
        if account.bytes > self.limit:
            self.check(account)

    def over(self) -> int:
        """How many principals have used up theirs."""
        return sum(account.bytes > self.limit for account in self._accounts.values()) if self.limit else 0

    def alarms(self) -> list[str]:
        """Who has used up theirs since this was asked the last time."""
        found, self._alarms = self._alarms, []
        return found

    def stop(self) -> None:
        """Ends a count soon."""
        self._stopped = True

    def count(self) -> Sizes | None:
        """What lies on the disk, for `settle`; None when it is not yet time, or it cannot be read. For a thread."""
        now = self._clock.monotonic()
        wait = _AGAIN_SECONDS_OVER if self.over() else _AGAIN_SECONDS
        if not self.limit or (self._counted is not None and now - self._counted < wait):
            return None
        found: Sizes = {}
        try:
            with os.scandir(self._folder) as entries:
                for entry in entries:
                    if self._stopped:
                        return None
                    if is_ulid(entry.name):
                        found[entry.name] = self._owner(entry.name), _size(entry.path)
        except OSError:
            return None
        self._owners = {name: owner for name, (owner, _) in found.items() if owner}
        self._counted = now
        return found

    def settle(self, found: Sizes | None, live: Iterable[Session]) -> None:
        """Takes a count over: what live sessions take is known better."""
        if found is None:
            return
        for account in self._accounts.values():
            account.bytes = 0
        for session in live:
            session.charged = session.size
            session.account.bytes += session.charged
            found.pop(session.id, None)
        for owner, size in found.values():
            if owner:
                self.account(owner).bytes += size
        self._accounts = {owner: account for owner, account in self._accounts.items() if account.bytes}
        for account in self._accounts.values():
            account.told = account.told and account.bytes > self.limit

    def _owner(self, name: str) -> str:
        return self._owners.get(name) or self._whose(name)


def _size(folder: str) -> int:
    size = FOLDER_BYTES
    for name in _FILES:
        try:
            size += os.stat(f"{folder}/{name}", follow_symlinks=False).st_size
        except OSError:
            continue
    return size
