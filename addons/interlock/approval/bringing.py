"""Brings into this gateway's evidence what was decided or ended where no evidence was written: each once.

A console on another machine has no recordings, and a question that expires may have nobody standing by: the store
keeps what is to be written, some gateway takes it, writes it and says where. One that dies in between finds it again
and looks whether it had written it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from interlock.errors import Refused
from interlock.model import JSON
from interlock.ports import Clock
from interlock.ports_journal import Journal, Unwritten

__all__ = ["Bringing", "Write"]

type Write = Callable[[str, Mapping[str, JSON], bool], str]
"""Writes an event under its change's name, unless (when asked to look) it is there; says where. It blocks.

It raises Refused when it cannot.
"""

_AT_ONCE = 50
_MOST = 20
_FAILURES = 8
"""Changes that cannot be written, after which a pass ends: it is the recording that is unavailable, then."""
_log = logging.getLogger("interlock")


@dataclass(frozen=True, slots=True)
class Bringing:
    """A gateway's part in it; `owner` is what it is called each time that it runs."""

    journal: Journal
    write: Write
    owner: str
    clock: Clock

    async def once(self) -> int:
        """Write what waits now; how much there was. Raises OSError when the store cannot be used."""
        count = 0
        left: list[int] = []
        for _ in range(_MOST):
            found = await self.journal.take(self.owner, self.clock.now(), _AT_ONCE)
            for one in found:
                if len(left) < _FAILURES and await self._one(one):
                    count += 1
                else:
                    left.append(one.number)
            if len(found) < _AT_ONCE or len(left) >= _FAILURES:
                break
        if left:  # only now: this pass would find them again
            await self.journal.put_back(left)
        return count

    async def _one(self, one: Unwritten) -> bool:
        try:
            reference = await asyncio.to_thread(self.write, f"change-{one.number}", one.event, one.again)
        except Refused as refused:
            _log.warning("what happened to approvals cannot be written to the evidence, and waits: %s", refused)
            return False
        await self.journal.written(one.number, reference)
        return True
