"""The rules the console goes by: those in force, read again when they change, the last good ones otherwise."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from interlock.engine.rules import Rules, load_rules, rules_digest
from interlock.errors import InterlockError

__all__ = ["Keeper"]

_log = logging.getLogger("interlock")
_EVERY = 1.0


class Keeper:
    """Who may decide what is read from `rules`; where people sign in stays as it was at the start."""

    def __init__(self, folder: Path, rules: Rules) -> None:
        self._folder = folder
        self.rules = rules
        self.broken = False
        """Whether the folder holds rules that cannot be used; nothing is decided by older ones then."""

    async def watch(self) -> None:
        """Look every second, until cancelled."""
        while True:
            await asyncio.sleep(_EVERY)
            await self.look()

    async def look(self) -> None:
        """Take changed rules over if they are right as a whole."""
        try:
            if await asyncio.to_thread(rules_digest, self._folder) != self.rules.digest or self.broken:
                self.rules = await asyncio.to_thread(load_rules, self._folder)
                self.broken = False
        except (InterlockError, OSError):
            if not self.broken:
                _log.error("the rules changed and cannot be used: nothing is decided until they are mended")
            self.broken = True
