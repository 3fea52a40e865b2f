"""Every hook of every stage is made to raise: the call is answered, not forwarded or not handed on, and recorded."""

from __future__ import annotations

import asyncio
import gc
import inspect
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from tests.mitm.harness import Running, until
from tests.mitm.upstream import HOST, PERSON, Upstream

from interlock.mitm import assembly
from interlock.mitm.call import Call
from interlock.mitm.contain import Contain
from interlock.mitm.stage import Stage

CANARY = "canary-5d1f0c"
CLOSED = (httpx.NetworkError, httpx.ProtocolError, httpx.ProxyError)
"""How a closed connection shows; a time-out is none of them: no client may be left hanging."""


class Panic(BaseException):
    """What a crash in a compiled extension looks like: not an Exception."""


ERRORS: tuple[type[BaseException], ...] = (ValueError, Panic, asyncio.CancelledError)
HOOKS = tuple(name for name in vars(Stage) if not name.startswith("_") and callable(vars(Stage)[name]))
STAGES = {"contain": Contain, **assembly._STAGES}
OVERRIDDEN = [
    (stage, hook)
    for stage, cls in STAGES.items()
    for hook in HOOKS
    if hook != "added" and getattr(cls, hook) is not getattr(Stage, hook)
]


def test_all_stages_and_all_hooks_are_walked() -> None:
    """A new hook or a new stage joins the walk by itself; each hook has a scenario that reaches it."""
    assert {stage for stage, _ in OVERRIDDEN} == {*assembly._STAGES, "contain"}
    assert set(SCENARIOS) == {hook for hook in HOOKS if hook != "added"}
    assert {"connect", "headers", "request", "response_headers"} <= {hook for _, hook in OVERRIDDEN}


def break_hook(gateway: Running, stage: str, hook: str, error: type[BaseException]) -> list[str]:
    """Make one hook of one stage raise; the list says how often it was called."""
    called: list[str] = []
    target = next(entry for entry in gateway.pipeline.stages if entry.name == stage)

    def fail(*_: Any) -> Any:
        called.append(hook)
        raise error(CANARY)

    async def fail_later(*_: Any) -> Any:
        fail()

    asynchronous = inspect.iscoroutinefunction(getattr(Stage, hook))
    setattr(target, hook, fail_later if asynchronous else fail)
    return called


async def ask(gateway: Running, upstream: Upstream, path: str = "/open/x") -> str:
    """A permitted call over plain HTTP; empty when the connection was closed instead of answered."""
    async with gateway.forward(gateway.token()) as client:
        try:
            response = await client.get(f"http://{HOST}:{upstream.ports['docs']}{path}")
        except CLOSED:
            return ""
    assert response.status_code >= 400
    return response.text


async def tunnel(gateway: Running, upstream: Upstream) -> str:
    """A permitted call through a tunnel."""
    async with gateway.forward(gateway.token()) as client:
        try:
            response = await client.get(f"https://localhost:{upstream.ports['tls']}/open/x")
        except CLOSED as error:
            return repr(error)
    assert response.status_code >= 400
    return response.text


async def stopped(gateway: Running, upstream: Upstream) -> str:
    """A call that no rule permits."""
    return await ask(gateway, upstream, "/closed")


async def failing(gateway: Running, upstream: Upstream) -> str:
    """A call whose upstream hangs up instead of answering."""

    async def hang_up(_: Any, __: Any, writer: asyncio.StreamWriter) -> None:
        writer.close()

    upstream.reply = hang_up
    return await ask(gateway, upstream)


async def websocket(gateway: Running, upstream: Upstream) -> str:
    """An upgraded connection whose upstream sends a message with somebody's address."""
    upstream.reply = greet
    request = (
        f"GET http://{HOST}:{upstream.ports['sockets']}/open/ws HTTP/1.1\r\n"
        f"Host: {HOST}:{upstream.ports['sockets']}\r\nProxy-Authorization: Bearer {gateway.token()}\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    return (await gateway.raw(request.encode())).decode("latin-1")


async def greet(_: Any, __: Any, writer: asyncio.StreamWriter) -> None:
    """Accept the upgrade (RFC 6455) and send one text message."""
    writer.write(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
    )
    text = PERSON.encode()
    writer.write(bytes([0x81, len(text)]) + text)
    writer.close()


type Scenario = Callable[[Running, Upstream], Awaitable[str]]
SCENARIOS: dict[str, Scenario] = {
    "connect": tunnel,
    "tls_clienthello": tunnel,
    "headers": ask,
    "request": ask,
    "outgoing": ask,
    "response_headers": ask,
    "response": ask,
    "stopped": stopped,
    "error": failing,
    "websocket_message": websocket,
}
BEFORE = ("connect", "tls_clienthello", "headers", "request", "outgoing", "stopped")
QUIET = ("stopped", "error", "websocket_message")


@pytest.mark.parametrize("error", ERRORS, ids=lambda each: each.__name__)
@pytest.mark.parametrize(("stage", "hook"), OVERRIDDEN)
async def test_a_hook_that_raises_stops_the_call(
    gateway: Running, upstream: Upstream, caplog: pytest.LogCaptureFixture, stage: str, hook: str, error: type
) -> None:
    """Answered or closed; nothing reached the upstream, or nothing of its answer the agent; it stands in the events."""
    caplog.set_level(logging.DEBUG)
    called = break_hook(gateway, stage, hook, error)

    text = await SCENARIOS[hook](gateway, upstream)
    await until(lambda: gateway.events() or not calls_left())

    assert called
    assert PERSON not in text
    if hook in BEFORE:
        assert upstream.seen == []
    if hook not in QUIET:
        assert {"internal-error", "stopped"} & {*gateway.reasons(), *errors(gateway)}
    elif hook == "stopped":
        assert "no-rule" in gateway.reasons()
    await gateway.services.stop()
    everything = text + caplog.text + gateway.recorded().decode("latin-1")
    assert CANARY not in everything


def calls_left() -> bool:
    """Whether any call is still under way."""
    gc.collect()
    return any(type(each) is Call for each in gc.get_objects())


def errors(gateway: Running) -> set[str]:
    """What the events say of exchanges that ended without an answer."""
    return {event["data"].get("error", "") for event in gateway.events() if isinstance(event.get("data"), dict)}


async def test_the_next_call_is_served_as_if_nothing_had_happened(gateway: Running, upstream: Upstream) -> None:
    """A stage that failed once does not stop the gateway."""
    stage = gateway.pipeline.stages[-1]
    called = break_hook(gateway, stage.name, "request", ValueError)
    await ask(gateway, upstream)
    del stage.request
    async with gateway.forward(gateway.token()) as client:
        response = await client.get(f"http://{HOST}:{upstream.ports['docs']}/open/x")

    assert called
    assert response.status_code == 200
