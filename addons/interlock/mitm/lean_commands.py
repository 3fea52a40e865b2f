"""How commands and events go from layer to layer inside mitmproxy, with fewer questions about what each of them is.

A request is some forty commands, most of them one of three kinds, and mitmproxy asks of each whether it is any of nine;
of each hook and each answer to one it asks anew whether its class is a dataclass.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mitmproxy.proxy import commands, events
from mitmproxy.proxy.layers import http as layers_http
from mitmproxy.proxy.layers.http import SendHttp
from mitmproxy.proxy.layers.http._base import ReceiveHttp
from mitmproxy.proxy.layers.http._events import RequestHeaders

from interlock.mitm.replacement import Replacement

__all__ = ["COMMANDS"]

_CHILDREN = ("make_stream", "streams", "connections", "command_sources", "get_connection", "register_connection")


def _made(original: Any) -> Any:
    """A hook, or what is said when it ended: that its class is a right one is looked at once for each class."""
    known, make = set[type](), object.__new__

    def __new__(cls: type, *args: Any, **kwargs: Any) -> Any:  # noqa: N807
        if cls in known:
            return make(cls)
        made = original(cls, *args, **kwargs)
        known.add(cls)
        return made

    return __new__


def _passed_on(_: Any) -> Any:
    """An event on its way into a stream or a connection: what comes by the dozen with every request is told apart by
    its class, all else asked about as mitmproxy does.
    """

    def event_to_child(self: Any, child: Any, event: Any) -> Iterator[Any]:
        for command in child.handle_event(event):
            kind = type(command)
            if kind is ReceiveHttp:
                inner = command.event
                if isinstance(inner, RequestHeaders):
                    yield from self.make_stream(inner.stream_id)
                stream = self.streams.get(inner.stream_id)
                if stream is not None:  # gone: its end was dealt with already
                    yield from event_to_child(self, stream, inner)
            elif kind is SendHttp:
                yield from event_to_child(self, self.connections[command.connection], command.event)
            elif kind is commands.SendData:
                yield command
            else:
                yield from _rarer(self, child, command)

    return event_to_child


def _rarer(self: Any, child: Any, command: commands.Command) -> Iterator[Any]:
    """Who waits for the end of a command is noted; connections and streams are looked after, the rest goes outwards."""
    if command.blocking or isinstance(command, commands.RequestWakeup):
        self.command_sources[command] = child
    if isinstance(command, layers_http.DropStream):
        self.streams.pop(command.stream_id, None)
    elif isinstance(command, layers_http.GetHttpConnection):
        yield from self.get_connection(command)
    elif isinstance(command, layers_http.RegisterHttpConnection):
        yield from self.register_connection(command)
    else:
        if isinstance(command, commands.OpenConnection):
            self.connections[command.connection] = child
        yield command


COMMANDS = (
    Replacement(layers_http.HttpLayer, "event_to_child", ("self", "child", "event"), _passed_on, _CHILDREN),
    Replacement(commands.StartHook, "__new__", ("cls", "args", "kwargs"), _made),
    Replacement(events.CommandCompleted, "__new__", ("cls", "args", "kwargs"), _made),
)
"""What takes the place of mitmproxy's own."""
