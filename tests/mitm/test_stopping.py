"""Work that nobody waits for any longer ends: a thread that timed out is soon free for the next body."""

from __future__ import annotations

import asyncio
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from interlock import commands
from interlock.errors import Refused
from interlock.mitm.authorize import Authorize
from interlock.model import Access
from interlock.reasons import Reason
from interlock.settings_gateway import Limits


def authorize(analyse_time: float) -> Authorize:
    """The stage with a limit; of its services it needs nothing else here."""
    limits = Limits(analyse_time=analyse_time)
    services: Any = SimpleNamespace(rules=SimpleNamespace(gateway=SimpleNamespace(limits=limits)))
    return Authorize(services)


def test_a_body_that_takes_too_long_is_refused_and_its_thread_comes_back() -> None:
    """More of them than there are threads; each is refused, then reads no further command, and the next one passes."""
    stage, seen, went_on = authorize(0.05), [], threading.Event()

    def endless() -> None:
        for nth in range(1_000_000):
            (found,) = commands.analyse(f"echo {nth} {threading.get_ident()}", "shell")
            if found.access is Access.UNKNOWN:
                seen.append(found.arguments["flags"])
                return

    async def scene() -> str:
        for _ in range(3):
            with pytest.raises(Refused) as told:
                await stage._in_worker(endless)
            assert told.value.reason is Reason.NOT_UNDERSTOOD
        went_on.set()
        stage._services.rules.gateway.limits = Limits(analyse_time=60)
        return await stage._in_worker(lambda: commands.analyse("ls", "shell")[0].name)

    assert asyncio.run(scene()) == "shell.read"
    stage._pool.shutdown()
    assert seen == [["not-understood", "unfinished"]] * len(seen)


def test_what_fails_in_a_thread_is_told() -> None:
    """As it would be without one."""

    async def scene() -> None:
        with pytest.raises(Refused) as told:
            await authorize(60)._in_worker(fails)
        assert told.value.reason is Reason.BODY_UNPARSABLE

    def fails() -> None:
        raise Refused(Reason.BODY_UNPARSABLE)

    asyncio.run(scene())
