"""What runs ends when what let it run ends: a grant that is over, a permission that nobody stands by any more.

Where no byte of the answer was given yet, the agent gets a refusal in its protocol's shape that says that nobody knows
what was done upstream; a stream ends with its protocol's error. Where neither comes, its connection is closed.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from mitmproxy import http

from interlock.errors import Refused
from interlock.mitm.call import Call
from interlock.mitm.guard import close_server
from interlock.reasons import Reason

if TYPE_CHECKING:
    from interlock.mitm.services import Services

__all__ = ["cut"]

_SOON = 0.5
"""Seconds within which an answer has to come of it; then the client's connection is closed."""

_SENT = "Nobody knows what it did upstream: look before you send it again."
_NOT_SENT = "It was not forwarded."


def cut(services: Services, call: Call, flow: http.HTTPFlow, why: str) -> None:
    """End a call that runs: `why` in a word or two. From the event loop; never raises."""
    says = Reason.PERMISSION_ENDED.says
    call.ended = Refused(Reason.PERMISSION_ENDED, f"{says} ({why})", hint=_SENT if call.sent else _NOT_SENT)
    if call.reply_stream is not None:
        call.reply_stream.end(call.ended)
    if call.sent and not close_server(flow):  # otherwise it is stopped before it is sent
        services.clients.close_later(flow.client_conn)
    services.keep(_surely(services, call, flow))


async def _surely(services: Services, call: Call, flow: http.HTTPFlow) -> None:
    await asyncio.sleep(_SOON)
    if call.refusal is None and not call.closed:
        services.clients.close_later(flow.client_conn)
