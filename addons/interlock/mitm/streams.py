"""Two changes to how mitmproxy forwards a request, made where no hook can reach.

1. The credential goes into a copy of the request that exists only between the upstream connection being ready and
   the bytes being written: no hook, no flow view and no flow file ever sees it (invariant 4).
2. A request that somebody changed after it was judged (an edit in mitmweb) is judged again before it leaves.
3. The body of a request that is already refused is thrown away as it arrives instead of being buffered.

The repairs in `wire` go in with them. The methods replaced are those of mitmproxy 12.2's HttpStream; `install`
refuses to start on any other shape.
"""

from __future__ import annotations

import copy
import inspect
import weakref
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from mitmproxy import http
from mitmproxy.proxy import commands
from mitmproxy.proxy.layers.http import HttpStream
from mitmproxy.proxy.layers.http._events import ErrorCode, RequestData, ResponseProtocolError
from mitmproxy.proxy.layers.http._hooks import HttpRequestHook

from interlock.errors import BodyRejected, InterlockError, Refused
from interlock.mitm import wire
from interlock.reasons import Reason

__all__ = ["Seal", "Transit", "fingerprint", "install", "with_credential"]

type Seal = tuple[object, ...]

_DISCARD_LIMIT = 256 * 1024
_REJUDGE_LIMIT = 5


class Transit(Protocol):
    """What the stream asks of the pipeline, per flow."""

    def refused(self, flow: http.HTTPFlow) -> bool:
        """Whether an answer of the gateway's own is already decided."""
        ...

    def limit(self, flow: http.HTTPFlow) -> int:
        """How many bytes of the request's body may be buffered."""
        ...

    def stop(self, flow: http.HTTPFlow, error: Refused) -> None:
        """Refuse the request now."""
        ...

    def sealed(self, flow: http.HTTPFlow) -> Seal | None:
        """Fingerprint of the request as it was judged; None means it was not."""
        ...

    def outgoing(self, flow: http.HTTPFlow) -> http.Request | None:
        """The request as it is to be sent, credential included; None refuses."""
        ...


@dataclass(slots=True)
class _Hold:
    original: http.Request | None = None
    discarded: int = 0


def fingerprint(request: http.Request) -> Seal:
    """Everything of a request that an upstream would see; compared by value, cheap where nothing was replaced."""
    data = request.data
    return (
        data.method, data.scheme, data.host, data.port, data.authority, data.path, data.headers.fields, data.content,
        data.http_version, data.trailers and data.trailers.fields,
    )  # fmt: skip


def install(transit: Transit) -> Callable[[], None]:
    """Replace the two methods; returns a function that puts mitmproxy's own back."""
    consume, connect = HttpStream.state_consume_request_body, HttpStream.make_server_connection
    for method, names in ((consume, ("self", "event")), (connect, ("self",))):
        if tuple(inspect.signature(inspect.unwrap(method)).parameters) != names:
            raise InterlockError(
                "this version of mitmproxy forwards requests differently from the one Interlock was built for",
                hint="install the version pinned in requirements.lock",
            )
    holds: weakref.WeakKeyDictionary[HttpStream, _Hold] = weakref.WeakKeyDictionary()

    def make_server_connection(self: HttpStream) -> Generator[Any, Any, bool]:
        for _ in range(_REJUDGE_LIMIT):
            seal = transit.sealed(self.flow)
            if seal is not None and seal == fingerprint(self.flow.request):
                break
            yield HttpRequestHook(self.flow)
            if (yield from self.check_killed(True)):
                return False
            if self.flow.response:
                yield from self.send_response()
                return False
        else:
            yield from self.handle_protocol_error(ResponseProtocolError(self.stream_id, "not judged", ErrorCode.KILL))
            return False
        seal = transit.sealed(self.flow)
        if not (yield from connect(self)):
            return False
        outgoing = transit.outgoing(self.flow)
        if outgoing is None or seal != fingerprint(self.flow.request) or self.flow.response:
            yield from self.handle_protocol_error(ResponseProtocolError(self.stream_id, "not judged", ErrorCode.KILL))
            return False
        holds.setdefault(self, _Hold()).original = self.flow.request
        self.flow.request = outgoing
        return True

    def state_consume_request_body(self: HttpStream, event: Any) -> Iterator[Any]:
        if isinstance(event, RequestData):
            if len(self.request_body_buf) + len(event.data) > transit.limit(self.flow) and not transit.refused(
                self.flow
            ):
                self.request_body_buf.clear()
                transit.stop(self.flow, BodyRejected(Reason.BODY_TOO_LARGE))
            if transit.refused(self.flow):
                yield from _discard(self, event, holds)
                return
        try:
            yield from consume(self, event)
        finally:
            hold = holds.pop(self, None)
            if hold is not None and hold.original is not None:
                self.flow.request = hold.original

    mended = wire.install()
    target: Any = HttpStream
    target.state_consume_request_body = state_consume_request_body
    target.make_server_connection = make_server_connection

    def restore() -> None:
        target.state_consume_request_body = consume
        target.make_server_connection = connect
        mended()

    return restore


def _discard(
    stream: HttpStream, event: RequestData, holds: weakref.WeakKeyDictionary[HttpStream, _Hold]
) -> Iterator[Any]:
    """Throw the body away; past a bound, answer at once and close instead of reading on."""
    hold = holds.setdefault(stream, _Hold())
    hold.discarded += len(event.data)
    if hold.discarded <= _DISCARD_LIMIT or stream.flow.response is None:
        return
    holds.pop(stream, None)
    stream.client_state = stream.state_done
    yield from stream.send_response()
    yield commands.CloseConnection(stream.context.client)


def with_credential(request: http.Request, headers: http.Headers, path: bytes) -> http.Request:
    """A copy of `request` with other headers and path; body and everything else are shared."""
    changed = http.Request.__new__(http.Request)
    changed.data = copy.copy(request.data)
    changed.data.headers, changed.data.path = headers, path
    return changed
