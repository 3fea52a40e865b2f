"""Erases what the tokens of a run stand for, where rules name a key under which that is kept."""

from __future__ import annotations

import time

from interlock.credentials import open_source
from interlock.engine.rules import Rules
from interlock.engine.vaults import FILE, Vaults
from interlock.store.vault_file import VaultFile

__all__ = ["erase_values"]


def erase_values(rules: Rules, issuer: str, subject: str, run: str) -> int:
    """Says how many values went; 0 where none are kept.

    A gateway that still runs may know some in memory until it ends; it writes none of them again. Raises OSError when
    the file cannot be used, InterlockError for a key that cannot be read: without it nobody can tell whose they are.
    """
    path = rules.gateway.recordings / FILE
    if not rules.gateway.master_key or not path.exists():
        return 0
    key = open_source(rules.gateway.master_key, rules.folder).read().reveal().encode()
    file = VaultFile(path, time.time)
    try:
        return file.drop(Vaults(key, kept=True).of(f"{issuer}\0{subject}\0{run}").session)
    finally:
        file.close()
