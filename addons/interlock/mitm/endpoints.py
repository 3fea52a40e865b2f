"""The gateway's own endpoints: `http://interlock.internal/…` through the forward proxy, `/-/interlock/…` in reverse.

They are answered here and never dialled. `health` is for anybody; the rest needs an identity.
"""

from __future__ import annotations

import msgspec
from mitmproxy import http

from interlock import __version__
from interlock.errors import Refused
from interlock.mitm.call import Call
from interlock.model import JSON, Principal
from interlock.reasons import Reason

__all__ = ["private", "public"]


def public(call: Call, flow: http.HTTPFlow) -> bool:
    """Answer what needs no identity; says whether it did."""
    if call.marks.get("own") == "/health" and flow.request.method in ("GET", "HEAD"):
        _answer(call, flow, {"status": "ready", "version": __version__})
        return True
    return False


def private(call: Call, flow: http.HTTPFlow, principal: Principal, run: str) -> None:
    """Answer an authenticated agent. Raises Refused (NOT_FOUND)."""
    if call.marks.get("own") == "/whoami" and flow.request.method in ("GET", "HEAD"):
        _answer(
            call,
            flow,
            {
                "identity": principal.identity,
                "issuer": principal.issuer,
                "subject": principal.subject,
                "groups": [*sorted(principal.groups)],
                "acting_for": principal.acting_for or None,
                "expires": int(principal.expires),
                "run": run or None,
            },
        )
        return
    raise Refused(Reason.NOT_FOUND, hint="there are /health and /whoami")


def _answer(call: Call, flow: http.HTTPFlow, document: JSON) -> None:
    call.answered = True
    flow.response = http.Response.make(
        200, msgspec.json.encode(document), {"content-type": "application/json", "cache-control": "no-store"}
    )
