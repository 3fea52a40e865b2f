"""The guard at the front of mitmproxy's addon chain: it denies until the pipeline says ready, and whenever it is gone.

mitmproxy logs an exception in a hook and forwards the request, un-loads a script that was saved broken, and serves
requests before `running`. The guard is registered outside the script loader, so none of that removes it. It knows
nothing but one question: may traffic pass right now?
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from mitmproxy import ctx, http
from mitmproxy.proxy import server_hooks

from interlock.reasons import Reason

__all__ = ["Guard", "close_client", "close_server"]

_log = logging.getLogger("interlock")


class Guard:
    """First in the chain. `open` answers why traffic must stop, or None."""

    name = "interlock-guard"

    def __init__(self, closed: Callable[[], Reason | None]) -> None:
        self._closed = closed

    def http_connect(self, flow: http.HTTPFlow) -> None:
        """No tunnel is opened while the gateway is not ready."""
        self._deny(flow)

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """No request is read while the gateway is not ready."""
        self._deny(flow)

    def request(self, flow: http.HTTPFlow) -> None:
        """No request is forwarded while the gateway is not ready."""
        self._deny(flow)

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """Nothing streams past the guard."""
        self._hide(flow)

    def response(self, flow: http.HTTPFlow) -> None:
        """No upstream's answer passes while the gateway is not ready."""
        self._hide(flow)

    def server_connect(self, data: server_hooks.ServerConnectionHookData) -> None:
        """No upstream is dialled while the gateway is not ready."""
        if self._why() is not None:
            data.server.error = str(Reason.NOT_READY)

    def websocket_message(self, flow: http.HTTPFlow) -> None:
        """No message passes while the gateway is not ready."""
        if self._why() is not None and flow.websocket is not None and flow.websocket.messages:
            flow.websocket.messages[-1].drop()

    def tcp_start(self, flow: Any) -> None:
        """Raw TCP never passes, ready or not."""
        close_client(flow.client_conn)

    udp_start = tcp_start
    dns_request = tcp_start

    def _why(self) -> Reason | None:
        try:
            return self._closed()
        except Exception:
            return Reason.NOT_READY

    def _deny(self, flow: http.HTTPFlow) -> None:
        why = self._why()
        if why is not None and (flow.response is None or flow.request.stream):
            flow.request.stream = False
            flow.response = unavailable(why)

    def _hide(self, flow: http.HTTPFlow) -> None:
        why = self._why()
        if why is not None and flow.response is not None:
            flow.response.stream = False
            flow.response = unavailable(why)


def unavailable(why: Reason) -> http.Response:
    """The guard's own answer: it depends on nothing that could be broken."""
    body = b'{"type":"about:blank","title":"Interlock stopped this request","status":503,"detail":"%s"}'
    return http.Response.make(
        503,
        body % why.says.encode(),
        {"content-type": "application/problem+json", "cache-control": "no-store", "x-should-retry": "false"},
    )


def close_client(client: Any, *, torn: bool = False) -> None:
    """Close a client connection at once, in the middle of whatever it is doing.

    `torn`: without what the hook at hand would still have it be sent.
    """
    server = ctx.master.addons.get("proxyserver")
    handler = server.connections.get(client.id) if server is not None else None
    if handler is None or client not in handler.transports:
        return
    try:
        writer = handler.transports[client].writer
        if torn and writer is not None:
            writer.close()
        handler.close_connection(client)
    except Exception:
        _log.warning("a client connection could not be closed")


def close_server(flow: http.HTTPFlow) -> bool:
    """Close the upstream connection that a flow waits for an answer on. Says whether there was one; never raises."""
    server = ctx.master.addons.get("proxyserver")
    handler = server.connections.get(flow.client_conn.id) if server is not None else None
    if handler is None or flow.server_conn not in handler.transports:
        return False
    try:
        handler.close_connection(flow.server_conn)
    except Exception:
        _log.warning("an upstream connection could not be closed")
        return False
    return True
