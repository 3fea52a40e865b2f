"""What a stage is: an object with the hooks it cares about, and the products it needs and gives.

A stage's hook raises `Refused` (or anything else) to stop the exchange; the pipeline answers. Methods left out do
nothing. `after` names stages that must be loaded before this one, `before` those that may not be loaded after it.
"""

from __future__ import annotations

import asyncio
from typing import ClassVar

from mitmproxy import http
from mitmproxy.tls import ClientHelloData

from interlock.errors import Refused
from interlock.mitm.call import Call
from interlock.reasons import Reason

__all__ = ["Stage", "need", "outlive"]


def need[T](product: T | None) -> T:
    """The product of an earlier stage. Raises Refused (STAGE_MISSING) when that stage did not give it."""
    if product is None:
        raise Refused(Reason.STAGE_MISSING)
    return product


def outlive(error: BaseException) -> None:
    """Return when a hook may go on after `error`; raise it again where this very task or process is to end.

    mitmproxy leaves a flow hanging for ever over what is no Exception: a crash in compiled code, or a cancelled future
    that somebody else awaited as well. Those are refused like any other failure.
    """
    if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
        raise error
    if isinstance(error, asyncio.CancelledError):
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise error


class Stage:
    """One step of the pipeline; subclasses override the hooks they need."""

    name: ClassVar[str] = ""
    after: ClassVar[tuple[str, ...]] = ()
    before: ClassVar[tuple[str, ...]] = ()

    def added(self, before: frozenset[str]) -> None:
        """The stage joins a pipeline that holds the stages `before` it."""

    async def connect(self, call: Call, flow: http.HTTPFlow) -> None:
        """A CONNECT request, before the tunnel is opened."""

    def tls_clienthello(self, data: ClientHelloData) -> None:
        """The first TLS bytes of a client, with the server name it asks for."""

    async def headers(self, call: Call, flow: http.HTTPFlow) -> None:
        """The head of a request, before its body is read."""

    async def request(self, call: Call, flow: http.HTTPFlow) -> None:
        """A whole request."""

    def outgoing(self, call: Call, request: http.Request) -> http.Request:
        """The request as it goes on the wire; what is returned here is seen by no hook."""
        return request

    async def response_headers(self, call: Call, flow: http.HTTPFlow) -> None:
        """The head of an upstream's answer."""

    async def response(self, call: Call, flow: http.HTTPFlow) -> None:
        """A whole answer."""

    async def stopped(self, call: Call, flow: http.HTTPFlow) -> None:
        """The gateway's own refusal was given as the answer."""

    async def error(self, call: Call, flow: http.HTTPFlow) -> None:
        """The exchange ended without a whole answer."""

    async def websocket_message(self, call: Call, flow: http.HTTPFlow) -> None:
        """The newest message of an upgraded connection."""
