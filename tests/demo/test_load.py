"""The bench's own instruments measure what they say."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from interlock.demo.load import Measurement, measure, message_size, upstream, warm

REQUEST = b"POST / HTTP/1.1\r\nhost: x\r\nContent-Length: 2\r\n\r\n{}"


async def test_every_answer_is_counted_and_checked() -> None:
    """Requests, latencies and right answers agree."""
    async with upstream(b'{"ok": true}') as port:
        found = await measure(port, [REQUEST] * 4, connections=4, seconds=0.2)

    assert found.requests == len(found.latencies) > 0
    assert found.wrong == 0
    assert found.rate > 0


async def test_what_refuses_is_not_warm() -> None:
    """Windows go on until one has right answers alone."""
    answers, windows = [b"503", b"503", b"503"], []

    async def refusing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        windows.append(writer)
        with contextlib.suppress(asyncio.IncompleteReadError):
            while await reader.readexactly(len(REQUEST)):
                status = answers.pop() if answers else b"200"
                writer.write(b"HTTP/1.1 %b x\r\ncontent-length: 2\r\n\r\n{}" % status)
        writer.close()

    async with await asyncio.start_server(refusing, "127.0.0.1", 0) as server:
        await warm(server.sockets[0].getsockname()[1], [REQUEST], connections=1, seconds=0.05)
    assert not answers
    assert len(windows) > 1


def test_percentiles_come_from_all_latencies() -> None:
    """The median and the tail of a known set."""
    found = Measurement(requests=100, seconds=2.0, latencies=[number / 100 for number in range(100, 0, -1)])

    assert (found.rate, found.percentile(0.5), found.percentile(0.99)) == (50.0, 0.51, 1.0)
    assert Measurement().percentile(0.5) == 0.0


@pytest.mark.parametrize(
    ("buffer", "size"), [(REQUEST, len(REQUEST)), (REQUEST[:20], 0), (b"GET / HTTP/1.1\r\n\r\n", 18)]
)
def test_a_message_ends_where_its_head_says(buffer: bytes, size: int) -> None:
    """Nothing before the head is complete; then head and body."""
    assert message_size(buffer) == size
