"""Commands and events that pass from layer to layer: in the order, and to whom, mitmproxy passes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from mitmproxy import connection, http, options
from mitmproxy.addons.proxyserver import Proxyserver
from mitmproxy.connection import Client
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers import http as layers_http
from mitmproxy.proxy.layers.http import (
    DropStream,
    HttpLayer,
    HTTPMode,
    HttpRequestHook,
    ReceiveHttp,
    RegisterHttpConnection,
    RequestData,
    RequestEndOfMessage,
    SendHttp,
)
from mitmproxy.test import taddons, tflow

from interlock.mitm import lean


class Child:
    """A stream or a connection that gives commands for each event, and notes what it was told."""

    def __init__(self, answers: dict[type, list[Any]]) -> None:
        self.answers, self.told = answers, list[Any]()

    def handle_event(self, event: Any) -> Iterator[Any]:
        """The commands of this kind of event."""
        self.told.append(type(event).__name__)
        yield from self.answers.get(type(event), [])


def _passed() -> tuple[list[str], list[str], list[str], list[str], list[int], list[str]]:
    """One event that makes a connection and a stream say everything they can say."""
    client = Client(peername=("127.0.0.1", 1), sockname=("127.0.0.1", 2), timestamp_start=0.0)
    server, other = (connection.Server(address=("127.0.0.1", port)) for port in (3, 4))
    hook, opening = HttpRequestHook(tflow.tflow()), commands.OpenConnection(other)
    stream = Child({RequestData: [SendHttp(RequestData(1, b"a"), server), hook], RequestEndOfMessage: [opening]})
    upstream = Child({RequestData: [commands.SendData(server, b"b"), commands.Log("c")]})
    said = [
        ReceiveHttp(RequestData(1, b"a")),
        ReceiveHttp(RequestData(9, b"to a stream that is gone")),
        ReceiveHttp(RequestEndOfMessage(1)),
        commands.RequestWakeup(1.0),
        RegisterHttpConnection(other, "refused"),
        commands.CloseConnection(client),
        DropStream(2),
    ]
    reader = Child({events.DataReceived: said})
    layer = HttpLayer(Context(client, options.Options()), HTTPMode.regular)
    layer.waiting_for_establishment[other] = []
    layer.streams = {1: stream, 2: stream}  # type: ignore[dict-item]
    layer.connections = {server: upstream}  # type: ignore[dict-item]
    outwards = [type(command).__name__ for command in layer.event_to_child(reader, events.DataReceived(client, b""))]
    owners = [f"{type(command).__name__} {owner is stream}" for command, owner in layer.command_sources.items()]
    return outwards, stream.told, upstream.told, owners, [*layer.streams], [
        f"{one.address} {holder is stream}" for one, holder in layer.connections.items()
    ]  # fmt: skip


def test_everything_reaches_whom_it_reached() -> None:
    """What goes outwards, what streams and connections are told, who waits for which command, what is forgotten."""
    theirs = _passed()
    undo = lean.install()
    try:
        assert _passed() == theirs
    finally:
        undo()
    assert theirs[0] == ["SendData", "Log", "HttpRequestHook", "OpenConnection", "RequestWakeup", "CloseConnection"]


def test_headers_make_a_stream() -> None:
    """The head of a request begins a stream, which is told of its start and of the head."""
    undo = lean.install()
    try:
        with taddons.context(Proxyserver()) as context:
            client = Client(peername=("127.0.0.1", 1), sockname=("127.0.0.1", 2), timestamp_start=0.0)
            layer = HttpLayer(Context(client, context.options), HTTPMode.regular)
            head = layers_http.RequestHeaders(1, http.Request.make("GET", "http://127.0.0.1/"), True)
            reader = Child({events.DataReceived: [ReceiveHttp(head)]})
            given = layer.event_to_child(reader, events.DataReceived(client, b""))  # type: ignore[arg-type]
            assert next(iter(given)).name == "requestheaders"  # type: ignore[attr-defined]
            assert [*layer.streams] == [1]
    finally:
        undo()


def test_hooks_are_made_as_before() -> None:
    """Their fields, their name; what is abstract or no dataclass is refused each time."""

    class Loose(commands.StartHook):
        """No dataclass."""

        name = "loose"

    undo = lean.install()
    try:
        for _ in range(2):
            flow = tflow.tflow()
            hook = HttpRequestHook(flow)
            assert (hook.flow, hook.name, hook.blocking) == (flow, "request", True)
            done = events.HookCompleted(hook)
            assert (done.command, done.reply) == (hook, None)
            for kind in (Loose, commands.StartHook, events.CommandCompleted):
                with pytest.raises((TypeError, AssertionError)):
                    kind()
    finally:
        undo()
