"""Changes to how mitmproxy forwards a request, made where no hook can reach.

1. The credential goes into a copy of the request that exists only between the upstream connection being ready and
   the bytes being written: no hook, no flow view and no flow file ever sees it (invariant 4).
2. A request that somebody changed after it was judged (an edit in mitmweb) is judged again before it leaves.
3. The body of a request that is already refused is thrown away as it arrives instead of being buffered.
4. An exchange that the gateway itself breaks off ends with a refusal, not with mitmproxy's page about a server.

The repairs in `wire` go in with them. The methods replaced are those of mitmproxy 12.2's HttpStream; `install`
refuses to start on any other shape.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from mitmproxy import http
from mitmproxy.proxy import commands
from mitmproxy.proxy.layers.http import HttpStream, SendHttp
from mitmproxy.proxy.layers.http._events import RequestData, ResponseData, ResponseProtocolError
from mitmproxy.proxy.layers.http._hooks import HttpRequestHook

from interlock.errors import BodyRejected, InterlockError, Refused
from interlock.mitm import wire
from interlock.mitm.replacement import Replacement, put_in
from interlock.reasons import Reason

__all__ = ["Seal", "Transit", "fingerprint", "install", "with_credential"]

type Seal = tuple[object, ...]

_USES = (
    "flow", "request_body_buf", "client_state", "state_done", "stream_id", "context", "check_killed", "send_response",
)  # fmt: skip
_STATES = (
    "flow", "server_state", "client_state", "state_stream_response_body", "state_done", "state_errored", "stream_id",
    "context", "send_response",
)  # fmt: skip
_DISCARD_LIMIT = 256 * 1024
_REJUDGE_LIMIT = 5
_MEANWHILE = "somebody changed the request while it was being forwarded"


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

    def ended(self, flow: http.HTTPFlow) -> Refused | None:
        """Why it is to end now; None while it may go on."""
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
    """Replace the two methods; returns a function that puts mitmproxy's own back. Raises InterlockError."""
    passage = _Passage(transit)
    mended = wire.install()
    try:
        restore = put_in(
            Replacement(HttpStream, "state_consume_request_body", ("self", "event"), passage.reading, _USES),
            Replacement(HttpStream, "make_server_connection", ("self",), passage.dialling, _USES),
            Replacement(HttpStream, "handle_protocol_error", ("self", "event"), passage.breaking, _STATES),
        )
    except InterlockError:
        mended()
        raise

    def undo() -> None:
        restore()
        mended()

    return undo


class _Passage:
    """A request's way through an HttpStream, from the first byte of its body to the wire."""

    def __init__(self, transit: Transit) -> None:
        self._transit = transit
        self._consume: Callable[..., Any]
        self._connect: Callable[..., Any]
        self._broke: Callable[..., Any]
        self._holds: weakref.WeakKeyDictionary[HttpStream, _Hold] = weakref.WeakKeyDictionary()

    def reading(self, consume: Any) -> Any:
        """`read` in place of mitmproxy's method, which it goes on to."""
        self._consume, read = consume, self.read
        return lambda self, event: read(self, event)  # noqa: PLW0108 - functions bind

    def dialling(self, connect: Any) -> Any:
        """`dial` in place of mitmproxy's method, which it goes on to."""
        self._connect, dial = connect, self.dial
        return lambda self: dial(self)  # noqa: PLW0108

    def breaking(self, broke: Any) -> Any:
        """`fail` in place of mitmproxy's method, which it goes on to."""
        self._broke, fail = broke, self.fail
        return lambda self, event: fail(self, event)  # noqa: PLW0108

    def read(self, stream: HttpStream, event: Any) -> Iterator[Any]:
        """The next part of the body: kept up to the limit, thrown away where the answer is decided already."""
        transit, flow = self._transit, stream.flow
        if isinstance(event, RequestData):
            size = len(stream.request_body_buf) + len(event.data)
            if size > transit.limit(flow) and not transit.refused(flow):
                stream.request_body_buf.clear()
                transit.stop(flow, BodyRejected(Reason.BODY_TOO_LARGE))
            if transit.refused(flow):
                yield from self._discard(stream, event)
                return
        try:
            yield from self._consume(stream, event)
        finally:
            hold = self._holds.pop(stream, None)
            if hold is not None and hold.original is not None:
                flow.request = hold.original

    def dial(self, stream: HttpStream) -> Generator[Any, Any, bool]:
        """The upstream connection, for a request as it was judged; from here on the flow holds what goes out."""
        transit, flow = self._transit, stream.flow
        seal = yield from self._judged(stream)
        if seal is None or not (yield from self._connect(stream)):
            return False
        if (ended := transit.ended(flow)) is not None:
            transit.stop(flow, ended)
            yield from stream.send_response()
            return False
        outgoing = transit.outgoing(flow)
        if outgoing is None or seal != fingerprint(flow.request) or flow.response:
            yield from self._refuse(stream, Reason.INTERNAL_ERROR if outgoing is None else Reason.EDIT_REFUSED)
            return False
        self._holds.setdefault(stream, _Hold()).original = flow.request
        flow.request = outgoing
        return True

    def fail(self, stream: HttpStream, event: Any) -> Iterator[Any]:
        """The exchange breaks off; where the gateway broke it off, the client is told why."""
        flow, state = stream.flow, stream.server_state
        ended = self._transit.ended(flow) if type(event) is ResponseProtocolError else None
        if ended is not None and stream.client_state != stream.state_errored:
            if state == stream.state_stream_response_body:
                give: Any = flow.response.stream if flow.response is not None else None
                for chunk in give(b"") if callable(give) else ():
                    yield SendHttp(ResponseData(stream.stream_id, chunk), stream.context.client)
            elif state not in (stream.state_done, stream.state_errored):
                if not self._transit.refused(flow):
                    self._transit.stop(flow, ended)
                yield from stream.send_response()
                return
        yield from self._broke(stream, event)

    def _judged(self, stream: HttpStream) -> Generator[Any, Any, Seal | None]:
        """The seal under which the request may leave; it is judged again as long as somebody changes it."""
        flow = stream.flow
        for _ in range(_REJUDGE_LIMIT):
            seal = self._transit.sealed(flow)
            if seal is not None and seal == fingerprint(flow.request):
                return seal
            yield HttpRequestHook(flow)
            if (yield from stream.check_killed(True)):
                return None
            if flow.response:
                yield from stream.send_response()
                return None
        yield from self._refuse(stream, Reason.EDIT_REFUSED)
        return None

    def _refuse(self, stream: HttpStream, reason: Reason) -> Iterator[Any]:
        """Answer where the request had almost left; a flow that was answered meanwhile keeps its answer only if it is
        the gateway's own."""
        flow = stream.flow
        if not self._transit.refused(flow) or flow.response is None:
            self._transit.stop(flow, Refused(reason, _MEANWHILE if reason is Reason.EDIT_REFUSED else ""))
        yield from stream.send_response()

    def _discard(self, stream: HttpStream, event: RequestData) -> Iterator[Any]:
        """Throw the body away; past a bound, answer at once and close instead of reading on."""
        hold = self._holds.setdefault(stream, _Hold())
        hold.discarded += len(event.data)
        if hold.discarded <= _DISCARD_LIMIT or stream.flow.response is None:
            return
        self._holds.pop(stream, None)
        stream.client_state = stream.state_done
        yield from stream.send_response()
        yield commands.CloseConnection(stream.context.client)


def with_credential(request: http.Request, headers: http.Headers, path: bytes) -> http.Request:
    """A copy of `request` with other headers and path; body and everything else are shared."""
    changed = http.Request.__new__(http.Request)
    kind = type(request.data)
    changed.data = data = kind.__new__(kind)
    data.__dict__.update(request.data.__dict__)
    data.headers, data.path = headers, path
    return changed
