"""The vaults of all sessions, under one master key: the same on every gateway that has that key."""

from __future__ import annotations

from collections import OrderedDict

from interlock.masking import BUDGET, Vault, derive

__all__ = ["FILE", "Vaults"]

FILE = "vault.sqlite"
"""Where vaults are kept, in the folder of recordings."""

_SESSIONS = 2048


class Vaults:
    """Vaults by session; that of the least recently used session goes first. A session is (issuer, subject, run)."""

    def __init__(self, master: bytes, *, kept: bool = False, limit: int = _SESSIONS, budget: int = BUDGET) -> None:
        """`kept`: a store holds them beyond this process. `budget`: distinct values of a kind in a session."""
        self._master = master
        self._kept = kept
        self._limit = limit
        self._budget = budget
        self._vaults: OrderedDict[str, Vault] = OrderedDict()

    def of(self, session: str) -> Vault:
        """The session's vault."""
        found = self._vaults.get(session)
        if found is None:
            found = self._vaults[session] = Vault(self._key(session), kept=self._kept, budget=self._budget)
            if len(self._vaults) > self._limit:
                self._vaults.popitem(last=False)
        else:
            self._vaults.move_to_end(session)
        return found

    def key(self, session: str, connection: str) -> bytes:
        """The key of hashes, fakes and findings of one connection in one session."""
        return derive(self._key(session), "connection", connection)

    def stable(self, connection: str) -> bytes:
        """The key of hashes and fakes that stay the same beyond sessions."""
        return derive(self._master, "scope connection", connection)

    def _key(self, session: str) -> bytes:
        return derive(self._master, "session", session)
