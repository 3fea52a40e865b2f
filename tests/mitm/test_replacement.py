"""What is replaced inside mitmproxy: another shape of it stops the start, and nothing passes meanwhile."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from mitmproxy import flow, http, optmanager
from mitmproxy.net import tls
from mitmproxy.net.http import http1
from mitmproxy.proxy import context, layer, mode_servers, server
from mitmproxy.proxy.layers import http as layers_http
from mitmproxy.proxy.layers import websocket
from mitmproxy.proxy.layers.http import HttpStream, _http1
from mitmproxy.proxy.mode_servers import ProxyConnectionHandler
from mitmproxy.utils import human
from tests.mitm.harness import PATIENCE

from interlock.errors import InterlockError
from interlock.mitm import handler, lean, runner, streams, web, wire
from interlock.mitm.egress import Egress
from interlock.mitm.replacement import Replacement, check_attributes, put_in


def other(*, unheard_of: object = None) -> None:
    """What a later mitmproxy might have in some place."""


PLACES: list[tuple[Any, str, Callable[[], Any]]] = [
    (HttpStream, "state_consume_request_body", lambda: streams.install(None)),
    (HttpStream, "make_server_connection", lambda: streams.install(None)),
    (_http1, "format_error", wire.install),
    (_http1, "make_body_reader", wire.install),
    (_http1.Http1Server, "read_headers", wire.install),
    (_http1.Http1Client, "read_headers", wire.install),
    (_http1.Http1Connection, "wait", wire.install),
    (server.ConnectionHandler, "handle_connection", wire.install),
    (websocket.WebsocketConnection, "send2", wire.install),
    (tls, "create_client_proxy_context", wire.install),
    (HttpStream, "send_response", lambda: web._install(None)),
    (flow.Flow, "kill", lambda: web._install(None)),
    (ProxyConnectionHandler, "server_event", handler.install),
    (ProxyConnectionHandler, "handle_hook", handler.install),
    (mode_servers, "ProxyConnectionHandler", handler.install),
    (server.ConnectionHandler, "open_connection", lambda: Egress().install()),
    (http1, "expected_http_body_size", runner.remembered_sizes),
    (human, "parse_size", runner.lean_ids),
    (optmanager._Option, "current", lean.install),
    (layer.Layer, "handle_event", lean.install),
    (context.Context, "fork", lean.install),
    (http.Headers, "get_all", lean.install),
    (http.Headers, "get", lean.install),
    (layers_http, "validate_headers", lean.install),
    (http.MessageData, "__post_init__", runner.unchecked_messages),
]


@pytest.mark.parametrize(
    ("owner", "name", "install"), PLACES, ids=[f"{place[1]}-{n}" for n, place in enumerate(PLACES)]
)
@pytest.mark.parametrize("found", [other, None])
def test_another_shape_is_not_replaced(monkeypatch, owner, name, install, found) -> None:
    """The error names what has changed and says what to do; the rest is as it was."""
    monkeypatch.setattr(owner, name, found)
    before = HttpStream.state_consume_request_body, _http1.make_body_reader, server.asyncio
    with pytest.raises(InterlockError) as caught:
        install()

    assert name in str(caught.value)
    assert "requirements.lock" in caught.value.hint
    assert before == (HttpStream.state_consume_request_body, _http1.make_body_reader, server.asyncio)


@pytest.mark.parametrize("script", [False, True])
@pytest.mark.parametrize(("owner", "name"), [(_http1.Http1Connection, "wait"), (HttpStream, "make_server_connection")])
async def test_the_gateway_does_not_start(start, start_dump, monkeypatch, caplog, script, owner, name) -> None:
    """It ends with status 1 and says why, in `interlock run` and in mitmdump."""
    monkeypatch.setattr(owner, name, other)
    async with (start_dump if script else start)() as gateway:
        assert gateway.exited == 1

    said = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert any(name in line and "requirements.lock" in line for line in said)


async def test_nothing_passes_where_nothing_ends_the_process(start, upstream, url, monkeypatch) -> None:
    """503, and no upstream is dialled."""
    monkeypatch.setattr(websocket.WebsocketConnection, "send2", other)
    async with start(errorcheck=False) as gateway, gateway.forward(gateway.token()) as client:
        response = await client.get(url("docs"), timeout=PATIENCE)

    assert response.status_code == 503
    assert upstream.dials == 0


class Base:
    """An owner with an attribute of each kind."""

    declared: int

    def __init__(self) -> None:
        self.begun = 1

    def method(self) -> str:
        """The original."""
        return "original"


def test_attributes_are_known_by_what_declares_or_begins_them() -> None:
    """Declared in the class, set when an object begins, or methods; anything else stops the start."""
    check_attributes(type("Sub", (Base,), {}), "declared", "begun", "method")
    with pytest.raises(InterlockError, match="missing"):
        check_attributes(Base, "method", "missing")


def test_replacements_are_nested_and_taken_out_again() -> None:
    """A replacement is given what it replaces, also where that is one already."""

    def louder(inner: Any) -> Any:
        def method(self: Base) -> str:
            return inner(self) + "!"

        return method

    replacement = Replacement(Base, "method", ("self",), louder, ("begun",))
    first, second = put_in(replacement), put_in(replacement)
    said = Base().method()
    second()
    first()

    assert said == "original!!"
    assert Base().method() == "original"
