"""Keeps vaults in their store, beside the event loop: read before a session's first mask, written before a request
goes.

Without a store (no master key) vaults live as long as this process, because nothing could open them afterwards.
"""

from __future__ import annotations

import asyncio

from interlock.errors import InterlockError
from interlock.masking import Vault, tokens_in
from interlock.ports import Clock, VaultStore

__all__ = ["Keeper"]

_PATIENCE = 5.0
_RETRY = 5.0
_MAX_UNKNOWN = 10_000


class Keeper:
    """Reads and writes vaults; what fails is the vault's to bear: it then gives no new tokens."""

    def __init__(self, clock: Clock) -> None:
        self.store: VaultStore | None = None
        self._clock = clock
        self._retry = 0.0
        self._unknown: set[tuple[str, str]] = set()

    async def ready(self, vault: Vault, text: bytes = b"") -> None:
        """Have the vault hold what the store has of it. `text` may hold tokens that another gateway gave out."""
        store = self.store
        if not vault.kept or store is None:
            return
        known = vault.opened and not vault.broken
        strange = self._strange(vault, text) if known else set()
        if known and not strange:
            return
        if vault.broken and self._clock.monotonic() < self._retry:
            return
        self._retry = self._clock.monotonic() + _RETRY
        try:
            vault.put(await asyncio.wait_for(asyncio.to_thread(store.read, vault.session), _PATIENCE))
        except (OSError, InterlockError, TimeoutError):
            vault.fail()
        if len(self._unknown) < _MAX_UNKNOWN:
            self._unknown |= {(vault.session, token) for token in strange if token not in vault}

    async def settle(self, vault: Vault) -> bool:
        """Write what is new. False where it could not be: then what was masked with it is to be masked again."""
        store = self.store
        if not vault.waits:
            return True
        rows = vault.take()
        if store is None:
            vault.fail(rows)
            return False
        try:
            kept = await asyncio.wait_for(asyncio.to_thread(store.write, vault.session, rows), _PATIENCE)
        except (OSError, InterlockError, TimeoutError):
            vault.fail(rows)
            return False
        vault.put(kept)
        return True

    def _strange(self, vault: Vault, text: bytes) -> set[str]:
        if b">" not in text:
            return set()
        found = tokens_in(text.decode("utf-8", "replace"))
        return {token for token in found if token not in vault and (vault.session, token) not in self._unknown}
