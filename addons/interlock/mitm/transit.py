"""What a stream asks before it sends a request on: is it refused, how much of it is taken, is it what was judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mitmproxy import http

from interlock.errors import Refused
from interlock.mitm.endpoints import MAX_OWN
from interlock.mitm.stage import outlive
from interlock.mitm.streams import Seal

if TYPE_CHECKING:
    from interlock.mitm.pipeline import Pipeline

__all__ = ["Transit"]


class Transit:
    """Answers for a pipeline; nothing is said yes to while that is closed."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._calls = pipeline.services.calls

    def refused(self, flow: http.HTTPFlow) -> bool:
        """Whether the gateway answers this flow itself."""
        call = self._calls.known(flow)
        return call is not None and (call.refusal is not None or call.answered)

    def limit(self, flow: http.HTTPFlow) -> int:
        """How many bytes of a request's body are taken, as they come."""
        call = self._calls.known(flow)
        if call is None or call.contained is None:
            return MAX_OWN if call is not None and "who" in call.marks else 0
        return min(call.contained.connection.max_body, self._pipeline.services.rules.gateway.limits.body)

    def sealed(self, flow: http.HTTPFlow) -> Seal | None:
        """The fingerprint under which the request was judged."""
        call = self._calls.known(flow)
        return None if call is None or self._pipeline.closed() is not None else call.seal

    def outgoing(self, flow: http.HTTPFlow) -> http.Request | None:
        """The request with its credential, for the wire only."""
        call = self._calls.known(flow)
        if call is None or call.seal is None or self._pipeline.closed() is not None:
            return None
        try:
            request = flow.request
            for stage in self._pipeline.stages:
                request = stage.outgoing(call, request)
        except BaseException as error:
            outlive(error)
            return None
        call.sent = True
        return request

    def ended(self, flow: http.HTTPFlow) -> Refused | None:
        """Why it is to end although it was judged; None while it may go on."""
        call = self._calls.known(flow)
        return call.ended if call is not None else None

    def stop(self, flow: http.HTTPFlow, error: Refused) -> None:
        """Answer instead of what the flow holds."""
        self._pipeline.stop(flow, error)
