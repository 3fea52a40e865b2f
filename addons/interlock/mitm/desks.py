"""A gateway's desk, opened as its rules say: where approvals are kept, and what the gateway is called there."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import secrets
import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING

from interlock.approval.bringing import Bringing
from interlock.approval.desk import Desk
from interlock.approval.flood import Flood
from interlock.engine.notifying import notified
from interlock.engine.rules import Rules
from interlock.engine.stores import store_url
from interlock.errors import Refused
from interlock.ports import Clock
from interlock.reasons import Reason
from interlock.recording.review_log import bring
from interlock.settings import Gateway

if TYPE_CHECKING:
    from interlock.ports import ApprovalStore
    from interlock.store.approvals import Approvals

__all__ = ["open_desk", "unavailable"]

_STORE = "interlock.store.opening"


async def open_desk(rules: Rules, clock: Clock) -> tuple[Desk, ApprovalStore]:
    """The desk, following its store. Raises OSError when that cannot be used, InterlockError for a wrong URL.

    What it needs is imported beside the event loop: that takes half a second.
    """
    gateway, console = rules.gateway, rules.console
    opening = await asyncio.to_thread(importlib.import_module, _STORE)
    store: Approvals = await opening.open_store(store_url(rules))
    try:
        name = gateway.name or _name(gateway)
        desk = Desk(
            store,
            clock,
            gateway=name,
            bringing=Bringing(store.journal(), bring(gateway.recordings, clock), name, clock),
            flood=Flood(gateway.limits.pending, gateway.limits.cooldown),
            targets=notified(rules),
            console=console.url if console.identity else "",
        )
        await desk.start()
    except BaseException:
        with contextlib.suppress(Exception):
            await store.close()
        raise
    return desk, store


def _name(gateway: Gateway) -> str:
    """The machine and where it listens; where the system chooses the port, a random word tells it apart."""
    listen = gateway.forward or gateway.reverse
    where = f":{listen.port}" if listen is not None and listen.port else f"-{secrets.token_hex(3)}"
    return socket.gethostname() + where


@contextlib.contextmanager
def unavailable() -> Iterator[None]:
    """What the store cannot do is refused, with its reason."""
    try:
        yield
    except OSError:
        raise Refused(Reason.APPROVAL_UNAVAILABLE, "the store of approvals cannot be used") from None
