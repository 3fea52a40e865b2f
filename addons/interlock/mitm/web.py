"""mitmweb beside the pipeline: what a person may see and do there, and what they are told about it.

It is for a live look on the own machine. Commands that run scripts, write files or change traffic are taken out; an
answer that was edited after it was judged is not handed on; what stays in the list when an exchange has ended is what
the recording keeps. Requests that are edited or replayed are the business of `streams` and `pipeline`.
"""

from __future__ import annotations

import logging
import weakref
from collections.abc import Callable, Iterator
from typing import Any

from mitmproxy import flow as flows
from mitmproxy import http, master
from mitmproxy.proxy.layers.http import HttpStream
from mitmproxy.proxy.layers.http._hooks import HttpResponseHook

from interlock.errors import Refused
from interlock.mitm import flowsnapshot
from interlock.mitm.guard import close_client
from interlock.mitm.pipeline import Pipeline
from interlock.mitm.replacement import Replacement, put_in
from interlock.mitm.transit import Transit
from interlock.reasons import Reason

__all__ = ["BANNER", "Web"]

_log = logging.getLogger("interlock")

BANNER = (
    "Interlock: this view is for a person on this machine.",
    "What you see: requests after the agent's token was removed and before the credential is supplied;"
    " answers after masking, as the agent gets them.",
    "Green was permitted, red was stopped or rewritten, an eye passed only because the gateway observes;"
    " the comment says why.",
    "What you edit or replay is judged anew; changing scripts or options stops all traffic.",
)
_COMMANDS = frozenset(
    ("commands.history.add", "commands.history.clear", "commands.history.filter", "commands.history.get",
     "commands.history.next", "commands.history.prev", "cut", "eventstore.clear", "export", "export.formats",
     "flow.comment", "flow.encode.options", "flow.kill", "flow.mark", "flow.mark.toggle", "flow.resume",
     "flow.revert", "flow.set.options", "proxyserver.active_connections", "readfile.reading", "replay.client",
     "replay.client.count", "replay.client.stop", "view.clear", "view.clear_unmarked", "view.filter.set",
     "view.flows.remove", "view.flows.resolve", "view.focus.go", "view.focus.next", "view.focus.prev", "view.order",
     "view.order.options", "view.order.reverse", "view.order.set", "view.properties.inbounds",
     "view.properties.length", "view.properties.marked", "view.properties.marked.toggle", "view.settings.getval",
     "view.settings.setval", "view.settings.setval.toggle")
)  # fmt: skip
"""What is left of mitmproxy's commands: looking, marking, resuming, killing."""
_COLUMNS = ["icon", "method", "path", "status", "comment", "size", "time"]


class Web:
    """Stands behind the pipeline in the chain of a Master that shows flows. Raises InterlockError on a mitmproxy whose
    answers cannot be looked at once more."""

    name = "interlock-web"

    def __init__(self, owner: master.Master, pipeline: Pipeline) -> None:
        self._owner, self._pipeline = owner, pipeline
        self._judged: weakref.WeakKeyDictionary[http.HTTPFlow, tuple[object, ...]] = weakref.WeakKeyDictionary()
        self._restore: Callable[[], None] | None = _install(self)

    def running(self) -> None:
        """Take out what is not for looking, show the decisions, and say what is to be seen."""
        commands = self._owner.commands.commands
        for name in [name for name in commands if name not in _COMMANDS]:
            del commands[name]
        options = self._owner.options
        if "web_columns" in options and not options.has_changed("web_columns"):
            options.update(web_columns=_COLUMNS)
        for line in BANNER:
            _log.warning(line)

    def done(self) -> None:
        """Put mitmproxy's own back."""
        if self._restore is not None:
            self._restore()
            self._restore = None

    def http_connect_error(self, flow: http.HTTPFlow) -> None:
        """A tunnel that was refused is what a person looks for when an agent cannot get through."""
        if flow.request.method == "CONNECT" and Transit(self._pipeline).refused(flow):
            self._owner.addons.get("view").add([flow])

    def response(self, flow: http.HTTPFlow) -> None:
        """The answer stands as it was judged; the request is shown from here on as it is recorded."""
        call = self._pipeline.services.calls.known(flow)
        if call is not None and call.reply_stream is not None and flow.response is not None:
            flow.response.data.content = call.reply_body
        self._settle(flow)
        self._judged[flow] = _fingerprint(flow.response)

    def error(self, flow: http.HTTPFlow) -> None:
        """It ended without an answer."""
        self._settle(flow)

    def check(self, flow: http.HTTPFlow) -> None:
        """Before an answer is written: an edited one is replaced by a refusal."""
        if self._judged.get(flow) != _fingerprint(flow.response):
            self._pipeline.stop(flow, Refused(Reason.EDIT_REFUSED))

    def _settle(self, flow: http.HTTPFlow) -> None:
        """What the request held goes; what the recording keeps of it stays."""
        call = self._pipeline.services.calls.known(flow)
        if call is None or call.contained is None or not flow.live:
            return
        try:
            kept = flowsnapshot.take_request(flowsnapshot.seen(self._pipeline.services, call, flow))
            flow.request.data.content, flow.request.path = kept.body, kept.path
        except Exception:
            flow.request.data.content, flow.request.path = None, "/"


def _fingerprint(response: http.Response | None) -> tuple[object, ...]:
    if response is None:
        return ()
    data = response.data
    trailers = data.trailers.fields if data.trailers else None
    return data.status_code, data.reason, data.http_version, data.headers.fields, data.content, trailers


def _install(web: Web) -> Callable[[], None]:
    """Look at each answer once more between the last hook and the wire; what is killed ends at once.

    mitmproxy leaves the client of a killed flow waiting: an intercepted one for ever, one upstream until that answers.
    """

    def checked(send: Any) -> Any:
        def send_response(self: HttpStream, already_streamed: bool = False) -> Iterator[Any]:
            for command in send(self, already_streamed):
                yield command
                if isinstance(command, HttpResponseHook) and not already_streamed:
                    web.check(self.flow)

        return send_response

    def at_once(end: Any) -> Any:
        def kill(self: flows.Flow) -> None:
            waiting = self._resume_event
            end(self)
            if waiting is not None:
                waiting.set()
            else:
                close_client(self.client_conn)

        return kill

    return put_in(
        Replacement(HttpStream, "send_response", ("self", "already_streamed"), checked, ("flow",)),
        Replacement(flows.Flow, "kill", ("self",), at_once, ("_resume_event", "client_conn")),
    )
