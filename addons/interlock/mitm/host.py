"""What the pipeline changes in the mitmproxy that hosts it, once, when everything is loaded."""

from __future__ import annotations

import asyncio
import collections
from typing import Any

from mitmproxy import master
from mitmproxy.proxy import mode_specs

__all__ = ["lift_upstream_limit", "settle", "shows_flows", "stop_listening"]

_CHANGERS = (
    "blocklist", "maplocal", "mapremote", "modifybody", "modifyheaders", "onboarding", "save", "savehar",
    "serverplayback", "stickyauth", "stickycookie", "upstreamauth",
)  # fmt: skip
"""Built-in addons that would act after the pipeline and change, answer or write what it judged."""

_UPSTREAM_CONCURRENCY = 100


async def settle(owner: master.Master, *, loopback: bool) -> None:
    """Remove what would undo decisions, stop hot reload, and listen on loopback where that is demanded."""
    for name in _CHANGERS:
        addon = owner.addons.get(name)
        if addon is not None:
            owner.addons.remove(addon)
    for script in getattr(owner.addons.get("scriptloader"), "addons", []):
        if script.reloadtask is not None:
            script.reloadtask.cancel()
    if loopback and not owner.options.listen_host and _listens_everywhere(owner):
        server = owner.addons.get("proxyserver")
        owner.options.update(listen_host="127.0.0.1")
        modes = [mode_specs.ProxyMode.parse(text) for text in owner.options.mode]
        await server.servers.update([])
        await server.servers.update(modes)


async def stop_listening(owner: master.Master) -> None:
    """Close every listener, so that a client learns at once that nobody is there."""
    server = owner.addons.get("proxyserver")
    if server is not None:
        await server.servers.update([])


def shows_flows(owner: master.Master) -> bool:
    """Whether a person looks at flows through this Master (mitmweb, the console interface)."""
    return owner.addons.get("view") is not None


def lift_upstream_limit(owner: master.Master, client: Any) -> None:
    """mitmproxy lets one client connection have five requests at one upstream; several streams would block the next."""
    server = owner.addons.get("proxyserver")
    handler = server.connections.get(client.id) if server is not None else None
    if handler is not None:
        handler.max_conns = collections.defaultdict(lambda: asyncio.Semaphore(_UPSTREAM_CONCURRENCY))


def _listens_everywhere(owner: master.Master) -> bool:
    return any(not mode_specs.ProxyMode.parse(text).custom_listen_host for text in owner.options.mode)
