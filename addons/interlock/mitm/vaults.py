"""Keeps vaults in their store, beside the event loop: read before a session's first mask, written before a request
goes.

Without a store (no master key) vaults live as long as this process, because nothing could open them afterwards.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets

from interlock.credentials import open_source
from interlock.engine.rules import Rules
from interlock.engine.vaults import FILE, Vaults
from interlock.errors import InterlockError
from interlock.masking import Vault, tokens_in
from interlock.ports import Clock, VaultStore
from interlock.store.vault_file import VaultFile

__all__ = ["FILE", "Keeper", "open_vaults"]

_log = logging.getLogger("interlock")
_SHORTEST = 32
_KEPT_SECONDS = 30 * 86400.0
_TIDY_SECONDS = 3600.0

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

    async def tidy(self) -> None:
        """Forget sessions that nobody wrote to for thirty days, now and every hour."""
        while self.store is not None:
            with contextlib.suppress(OSError):
                await asyncio.to_thread(self.store.forget, self._clock.now() - _KEPT_SECONDS)
            await asyncio.sleep(_TIDY_SECONDS)

    def close(self) -> None:
        """Nothing follows."""
        if self.store is not None:
            self.store.close()

    def _strange(self, vault: Vault, text: bytes) -> set[str]:
        if b">" not in text:
            return set()
        found = tokens_in(text.decode("utf-8", "replace"))
        return {token for token in found if token not in vault and (vault.session, token) not in self._unknown}


def open_vaults(rules: Rules, clock: Clock) -> tuple[Vaults, Keeper]:
    """The vaults under the rules' master key, with their store; under a random key and without one where none is named.

    Raises InterlockError for a key that cannot be had, or that is too short to be one.
    """
    gateway, keeper = rules.gateway, Keeper(clock)
    if not gateway.master_key:
        if any(rule.action == "token" for rule in rules.masking):
            _log.info("gateway.master_key is not set: tokens stand for values until this gateway ends")
        return Vaults(secrets.token_bytes(32), budget=gateway.limits.masked_values), keeper
    key = open_source(gateway.master_key, rules.folder).read().reveal()
    if len(key) < _SHORTEST:
        hint = "make one with: openssl rand -base64 32"
        raise InterlockError(f"gateway.master_key ({gateway.master_key}) is shorter than 32 characters", hint=hint)
    keeper.store = VaultFile(gateway.recordings / FILE, clock.now)
    return Vaults(key.encode(), kept=True, budget=gateway.limits.masked_values), keeper
