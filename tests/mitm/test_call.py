"""A flow's state goes with its flow: nothing of a call that has ended stays in memory."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import pytest
from mitmproxy.proxy.layers.http import HttpStream
from mitmproxy.test import tflow
from tests.mitm.harness import until
from tests.mitm.upstream import answer

from interlock.mitm.call import Call, Calls


async def _hang_up(_: Any, __: Any, writer: asyncio.StreamWriter) -> None:
    writer.close()


def _left(before: frozenset[int] = frozenset()) -> frozenset[int]:
    """The calls that are still there, but for those of tests before."""
    gc.collect()
    return frozenset(id(each) for each in gc.get_objects() if type(each) is Call) - before


@pytest.mark.parametrize(
    ("name", "path", "reply", "status"),
    [
        ("docs", "/open/x", None, 200),
        (
            "docs",
            "/open/x",
            answer(b'{"to": "erika@example.com"}', headers=[("Content-Type", "application/json")]),
            200,
        ),
        ("docs", "/open/x", answer(b'{"a": ', headers=[("Content-Type", "application/json")]), 502),
        ("docs", "/closed", None, 403),
        ("docs", "/open/x", _hang_up, 502),
    ],
    ids=["permitted", "masked", "unreadable", "refused", "no-answer"],
)
async def test_nothing_of_an_ended_call_stays(gateway, upstream, url, name, path, reply, status) -> None:
    """What it holds refers to its flow and back; both go all the same, however it ended."""
    if reply is not None:
        upstream.reply = reply
    before = _left()
    async with gateway.forward(gateway.token()) as client:
        for _ in range(5):
            assert (await client.get(url(name, path))).status_code == status
    await until(lambda: not _left(before), patience=60)


async def test_a_stream_that_ended_is_taken_apart(gateway, upstream, url) -> None:
    """It does not refer to itself any more, so that it goes at once and nothing waits for the garbage collector."""
    gc.disable()
    try:
        async with gateway.forward(gateway.token()) as client:
            response = await client.get(url("docs"))
            streams = [each for each in gc.get_objects() if type(each) is HttpStream and hasattr(each, "flow")]
            ours = [each for each in streams if each.flow.request.path == "/open/x"]
    finally:
        gc.enable()
    assert response.status_code == 200
    for stream in ours:
        assert stream.context.layers == []
        assert list(stream.client_state(None)) == list(stream.server_state(None)) == []
        assert not hasattr(stream.client_state, "__self__")
        reply = gateway.services.calls.of(stream.flow).reply
        assert reply.judge is None
        assert reply.may is None


def test_a_call_is_its_flows_and_its_gateways_alone() -> None:
    """Another gateway has not met it, nor has one that sees a copy of the flow; no flow file shows it."""
    calls, others, flow = Calls(), Calls(), tflow.tflow()
    assert calls.known(flow) is None
    call = calls.of(flow)

    assert calls.known(flow) is calls.of(flow) is call
    assert others.known(flow) is None
    assert calls.known(flow.copy()) is None
    assert "interlock" not in repr(flow.get_state())
    assert calls.begin(flow) is not call
    assert calls.of(flow) is not call
