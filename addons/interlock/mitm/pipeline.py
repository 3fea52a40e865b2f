"""The pipeline: one mitmproxy addon whose every hook walks the stages in order and answers instead of raising.

mitmproxy logs an exception in a hook and forwards the request. Here every hook catches: whatever is raised becomes a
refusal in the shape of the client's protocol, is recorded, and the upstream is never reached (invariant 1).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from mitmproxy import http
from mitmproxy.proxy import server_hooks
from mitmproxy.tls import ClientHelloData

from interlock.errors import InterlockError, Refused
from interlock.mitm import streams
from interlock.mitm.call import Call
from interlock.mitm.conceal import conceal_error, conceal_request
from interlock.mitm.guard import close_client
from interlock.mitm.heads import check_status
from interlock.mitm.life import Life
from interlock.mitm.reply import Reply
from interlock.mitm.snapshot import judged
from interlock.mitm.stage import need, outlive
from interlock.mitm.transit import Transit
from interlock.model import Refusal
from interlock.reasons import Reason

__all__ = ["Pipeline"]

_log = logging.getLogger("interlock")
_MESSAGES = 100  # of an upgraded connection that are kept; mitmproxy would keep all of them


class Pipeline(Life):
    """The hooks. Stages are walked in their order, and obeyed."""

    name = "interlock"

    def _take_over(self) -> Callable[[], None]:
        return streams.install(Transit(self))

    # -- connections

    def client_connected(self, client: Any) -> None:
        """Bound the number of client connections and lift mitmproxy's five concurrent upstream requests."""
        try:
            self.services.admit(client)
        except BaseException as error:
            outlive(error)
            client.error = str(_reason(error))

    def client_disconnected(self, client: Any) -> None:
        """Count it out; nobody waits for its answers any more."""
        self.services.left(client)

    def tls_clienthello(self, data: ClientHelloData) -> None:
        """Inside a tunnel the server name has to be the CONNECT's host."""
        try:
            for stage in self.stages:
                stage.tls_clienthello(data)
        except BaseException as error:
            outlive(error)
            self._refuse_connection(data.context.client, error)

    async def server_connect(self, data: server_hooks.ServerConnectionHookData) -> None:
        """Every dial: only listed origins, only permitted addresses, exactly the one that was checked."""
        try:
            await self.services.check_dial(data)
        except BaseException as error:
            outlive(error)
            data.server.error = str(_reason(error))

    # -- requests

    async def http_connect(self, flow: http.HTTPFlow) -> None:
        """A tunnel is opened for an authenticated agent to a listed origin, or refused."""
        await self._walk(flow, "connect")
        self._conceal(self.services.calls.of(flow), flow)

    async def requestheaders(self, flow: http.HTTPFlow) -> None:
        """Everything that can be said before the body is read: where it goes, and who asks."""
        again = self.services.calls.known(flow) is not None or flow.is_replay is not None
        call = self.services.calls.begin(flow)
        if not flow.live:  # shown from a file: nothing of it is on the wire
            call.answered = call.closed = True
            return
        call.last = "close" in flow.request.headers.get("connection", "").lower() and not flow.request.is_http2
        if again:
            self._refuse(call, flow, Refused(Reason.REPLAY_REFUSED))
        await self._walk(flow, "headers")
        self._conceal(call, flow)
        call.head = flow.request.headers.fields

    async def request(self, flow: http.HTTPFlow) -> None:
        """The whole request, in the order of the stages."""
        call = self.services.calls.of(flow)
        if call.refusal is not None or call.answered:
            return
        call.seal = None
        await self._walk(flow, "request")
        if call.refusal is None and not call.answered:
            call.seal = streams.fingerprint(flow.request)

    async def responseheaders(self, flow: http.HTTPFlow) -> None:
        """The head of an upstream's answer: stream it, wait for all of it, or refuse it."""
        call = self.services.calls.of(flow)
        if call.refusal is not None or call.answered:
            return
        call.answering = True
        try:
            contained = need(call.contained)
            check_status(flow.response)
            adapter = self.services.judge.adapter(contained.connection)
            call.reply = Reply(
                limit=min(contained.connection.max_response, self.services.rules.gateway.limits.response),
                reads=adapter.reply(need(judged(call, flow)), contained.connection),
                streams=contained.connection.streams,
                binary=contained.connection.binary,
                held_block=self.services.rules.gateway.limits.held_block,
            )
            for stage in self.stages:
                await stage.response_headers(call, flow)
            call.reply.begin(self.services, call, flow)
            self._finish(call, flow)
        except BaseException as error:
            outlive(error)
            self._refuse(call, flow, error)

    async def response(self, flow: http.HTTPFlow) -> None:
        """The whole of an upstream's answer (after the last byte, where it was streamed)."""
        call = self.services.calls.of(flow)
        try:
            if call.refusal is None and not call.answered:
                await self._respond(call, flow)
            elif call.refusal is not None and call.answering and call.reply_stream is None:
                # mitmproxy put the upstream's body under the answer that was set when its head came
                self.services.refusals.answer(call, flow, call.refusal)
        except BaseException as error:
            outlive(error)
            self._refuse(call, flow, error)
            if call.reply_stream is not None:  # it was given: without its end nobody takes it for a whole answer
                close_client(flow.client_conn, torn=True)
        self._finish(call, flow)
        if call.refusal is not None:
            await self._stopped(call, flow)
        call.over()

    async def error(self, flow: http.HTTPFlow) -> None:
        """The exchange ended without an answer: it is recorded all the same."""
        call = self.services.calls.of(flow)
        if call.reply is None and call.refusal is None and not call.answered:
            flow.response = None  # a head that could not be read: no stage has masked it
        for stage in reversed(self.stages):
            try:
                await stage.error(call, flow)
            except BaseException as error:
                outlive(error)
                _log.error("an ended exchange could not be recorded: %s", _reason(error))
        conceal_error(flow)

    async def websocket_message(self, flow: http.HTTPFlow) -> None:
        """A message of an upgraded connection: masked, or dropped."""
        if flow.websocket is None or not flow.websocket.messages:
            return
        call = self.services.calls.of(flow)
        try:
            for stage in self.stages:
                await stage.websocket_message(call, flow)
        except BaseException as error:
            outlive(error)
            flow.websocket.messages[-1].drop()
            flow.websocket.messages[-1].content = b""
        del flow.websocket.messages[:-_MESSAGES]

    def stop(self, flow: http.HTTPFlow, error: Refused) -> None:
        """Answer instead of what the flow holds, whatever stage it has reached."""
        self._refuse(self.services.calls.of(flow), flow, error)

    @staticmethod
    def _finish(call: Call, flow: http.HTTPFlow) -> None:
        """A client that asked for it is told that its connection ends here; the request's own word was for one hop."""
        if call.last and flow.response is not None:
            flow.response.headers["connection"] = "close"

    def _conceal(self, call: Call, flow: http.HTTPFlow) -> None:
        if call.refusal is not None or call.answered:
            gateway = self.services.rules.gateway
            conceal_request(flow.request, (*gateway.token_headers, *gateway.reverse_token_headers))

    async def _walk(self, flow: http.HTTPFlow, hook: str) -> None:
        call = self.services.calls.of(flow)
        if call.refusal is not None or call.answered:
            return
        try:
            if (why := self.closed()) is not None:
                raise Refused(why)
            for stage in self.stages:
                if not call.answered:
                    await getattr(stage, hook)(call, flow)
        except BaseException as error:
            outlive(error)
            self._refuse(call, flow, error, connect=hook == "connect")

    async def _respond(self, call: Call, flow: http.HTTPFlow) -> None:
        """Finish the answer, then let the stages see it (the recorder last of all)."""
        reply = need(call.reply)
        if flow.response is not None:
            flow.response.trailers = None
        if call.reply_stream is not None:
            call.reply_body = call.reply_stream.body()
        else:
            reply.whole(call, flow, need(judged(call, flow)))
        for stage in self.stages:
            await stage.response(call, flow)

    async def _stopped(self, call: Call, flow: http.HTTPFlow) -> None:
        """After a refusal was answered: keep the flow, and close the client where it has to come again."""
        for stage in self.stages:
            try:
                await stage.stopped(call, flow)
            except BaseException as error:
                outlive(error)
                _log.error("a stopped exchange could not be recorded: %s", _reason(error))
        if call.refusal is not None and call.refusal.closing:
            self.services.clients.close_later(flow.client_conn)

    def _refuse(self, call: Call, flow: http.HTTPFlow, error: BaseException, *, connect: bool = False) -> None:
        """Answer instead of forwarding. Nothing in here may raise: the last resort is an answer made of constants."""
        try:
            call.refusal = refusal = self.services.refusals.record(call, flow, error)
            call.last = call.last or (refusal.closing and not flow.request.is_http2)
            self.services.refusals.answer(call, flow, refusal, connect=connect)
        except BaseException as second:
            outlive(second)
            _log.error("a refusal could not be shaped: %s", type(second).__name__)
            call.refusal = call.refusal or Refusal(Reason.INTERNAL_ERROR, Reason.INTERNAL_ERROR.says)
            flow.request.stream = False
            flow.response = self.services.refusals.plain()

    def _refuse_connection(self, client: Any, error: BaseException) -> None:
        peer = str(client.peername and client.peername[0])
        self.services.refusals.note({"reason": str(_reason(error)), "peer": peer})
        close_client(client)


def _reason(error: BaseException) -> Reason:
    return error.reason if isinstance(error, InterlockError) else Reason.INTERNAL_ERROR
