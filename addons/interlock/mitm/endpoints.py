"""The gateway's own endpoints: `http://interlock.internal/…` through the forward proxy, `/-/interlock/…` in reverse.

They are answered here and never dialled. `health` is for anybody; the rest needs an identity, and tells it about itself
alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import msgspec
from mitmproxy import http

from interlock import __version__
from interlock.errors import BodyRejected, Refused
from interlock.mitm.agents_desk import AgentsDesk
from interlock.mitm.call import Call
from interlock.mitm.own_mcp import answer
from interlock.mitm.tending import condition
from interlock.model import JSON, Principal
from interlock.protocols.body import read_json
from interlock.reasons import Reason

if TYPE_CHECKING:
    from interlock.mitm.services import Services

__all__ = ["MAX_OWN", "Endpoints", "public"]

MAX_OWN: Final = 64 << 10
"""The largest body that they take."""

_READ = ("GET", "HEAD")
_THERE = "there are /health, /whoami, /limits, /approvals/ID, and to POST to /access and /mcp"
_UNKNOWN: JSON = {"type": "about:blank", "title": "Not Found", "status": 404, "detail": "no such approval of yours"}


def public(call: Call, flow: http.HTTPFlow, services: Services) -> bool:
    """Answer what needs no identity; says whether it did. Where nothing can be recorded nothing passes: 503."""
    if call.marks.get("own") == "/health" and flow.request.method in _READ:
        recordings = condition(services)
        state = "ready" if recordings["written"] else str(Reason.RECORDING_UNAVAILABLE)
        document = {"status": state, "version": __version__, "evidence": services.anchors.health()}
        _answer(call, flow, {**document, "recordings": recordings}, 200 if recordings["written"] else 503)
        return True
    return False


class Endpoints:
    """For authenticated agents. Raises Refused: NOT_FOUND, or what they cannot have."""

    def __init__(self, services: Services) -> None:
        self._desk = AgentsDesk(services)

    async def head(self, call: Call, flow: http.HTTPFlow, principal: Principal, run: str) -> None:
        """A request's head has come: answer what needs no body."""
        path, method = str(call.marks.get("own")), flow.request.method
        if method == "POST" and path in ("/access", "/mcp"):
            return
        if method == "DELETE" and path == "/mcp":
            _answer(call, flow, None, 204)
        elif method == "GET" and path == "/mcp":
            _answer(call, flow, None, 405)
        elif method not in _READ:
            raise Refused(Reason.NOT_FOUND, hint=_THERE)
        elif path == "/whoami":
            _answer(call, flow, self._desk.whoami(principal, run))
        elif path == "/limits":
            _answer(call, flow, self._desk.what_may_i_do(principal))
        elif path.startswith("/approvals/"):
            await self._approval(call, flow, principal, path.removeprefix("/approvals/"))
        else:
            raise Refused(Reason.NOT_FOUND, hint=_THERE)

    async def body(self, call: Call, flow: http.HTTPFlow, principal: Principal, run: str) -> None:
        """The whole request is here."""
        raw = flow.request.raw_content
        if raw is None or len(raw) > MAX_OWN or "content-encoding" in flow.request.headers:
            raise BodyRejected(Reason.BODY_TOO_LARGE if raw else Reason.BODY_UNDECODABLE)
        document = read_json(raw)
        if call.marks.get("own") == "/access":
            asked = document if isinstance(document, dict) else {}
            _answer(call, flow, await self._desk.request_access(call, principal, run, asked), 202)
            return

        async def tool(name: str, arguments: Mapping[str, JSON]) -> JSON:
            return await self._tool(call, principal, run, name, arguments)

        found = await answer(document, flow.request.headers.get("mcp-protocol-version", ""), tool)
        _answer(call, flow, found, 200 if found is not None else 202)

    async def _tool(self, call: Call, principal: Principal, run: str, name: str, arguments: Mapping[str, JSON]) -> JSON:
        if name == "whoami":
            return self._desk.whoami(principal, run)
        if name == "what_may_i_do":
            return self._desk.what_may_i_do(principal)
        if name == "request_access":
            return await self._desk.request_access(call, principal, run, arguments)
        return await self._desk.approval_status(principal, str(arguments.get("id", "")))

    async def _approval(self, call: Call, flow: http.HTTPFlow, principal: Principal, id: str) -> None:
        """Unknown and foreign alike, to the letter."""
        try:
            _answer(call, flow, await self._desk.approval_status(principal, id))
        except Refused as error:
            if error.reason != Reason.NOT_FOUND:
                raise
            _answer(call, flow, _UNKNOWN, 404)


def _answer(call: Call, flow: http.HTTPFlow, document: JSON, status: int = 200) -> None:
    call.answered = True
    body = msgspec.json.encode(document) if document is not None else b""
    headers = {"content-type": "application/json", "cache-control": "no-store"}
    flow.response = http.Response.make(status, body, headers)
