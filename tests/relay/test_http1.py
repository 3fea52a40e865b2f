"""Heads and bodies, read in one way or not at all."""

from __future__ import annotations

import asyncio

import pytest

from interlock.relay.http1 import Head, Malformed, copy_body, read_head, write_head


def reader(data: bytes) -> asyncio.StreamReader:
    """Bytes that end."""
    found = asyncio.StreamReader(limit=65536)
    found.feed_data(data)
    found.feed_eof()
    return found


class Kept:
    """A writer that keeps what it gets."""

    def __init__(self) -> None:
        self.data = b""

    def write(self, data: bytes) -> None:
        self.data += data

    async def drain(self) -> None:
        return


async def copied(headers: tuple[tuple[str, str], ...], data: bytes) -> tuple[bytes, bytes]:
    """What was copied of a body, and what was left."""
    source, sink = reader(data), Kept()
    await copy_body(Head("", headers), source, sink)  # type: ignore[arg-type]
    return sink.data, await source.read()


async def test_heads_are_read_and_written_as_they_are_spelled() -> None:
    """Order, case and repeated names survive."""
    raw = b"GET http://a/ HTTP/1.1\r\nHost: a\r\nX-A: 1\r\nx-a:2\r\n\r\n"
    head = await read_head(reader(raw))
    assert head is not None
    assert (head.method, head.target, head.all("x-a")) == ("GET", "http://a/", ["1", "2"])
    assert write_head(head.line, head.headers) == raw.replace(b"x-a:2", b"x-a: 2")
    answer = await read_head(reader(b"HTTP/1.1 407 \r\n\r\n"))
    assert answer is not None
    assert answer.status == 407
    assert await read_head(reader(b"")) is None


@pytest.mark.parametrize(
    "raw",
    [
        b"GET / HTTP/1.1\r\n", b"GET  / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nA b: c\r\n\r\n",
        b"GET / HTTP/1.1\r\nA : c\r\n\r\n", b"GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: b\nC: d\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: \x00\r\n\r\n", b"GET /\xc3\xa9 HTTP/1.1\r\n\r\n", b"HTTP/1.1 99 x\r\n\r\n", b"\r\n\r\n",
    ],
)  # fmt: skip
async def test_heads_with_two_readings_are_refused(raw: bytes) -> None:
    """Odd line ends, spaces, folding, control characters, a head that never ends."""
    with pytest.raises(Malformed):
        await read_head(reader(raw))


async def test_a_body_is_copied_and_nothing_beyond_it() -> None:
    """By length, by chunks with extensions and trailers, or not at all."""
    assert await copied((("Content-Length", "3"),), b"abcNEXT") == (b"abc", b"NEXT")
    assert await copied((), b"NEXT") == (b"", b"NEXT")
    chunked = b"3;x=y\r\nabc\r\n0\r\nTrailer: 1\r\n\r\n"
    assert await copied((("Transfer-Encoding", "chunked"),), chunked + b"NEXT") == (chunked, b"NEXT")


@pytest.mark.parametrize(
    ("headers", "data"),
    [
        ((("Content-Length", "4"),), b"abc"),
        ((("Content-Length", "+3"),), b"abc"),
        ((("Content-Length", "3, 3"),), b"abc"),
        ((("Transfer-Encoding", "chunked"),), b"3\r\nabcd\r\n0\r\n\r\n"),
        ((("Transfer-Encoding", "chunked"),), b"-1\r\n\r\n"),
        ((("Transfer-Encoding", "chunked"),), b"3\nabc\n0\n\n"),
        ((("Transfer-Encoding", "chunked"),), b"0\r\n" + b"A: b\r\n" * 20_000 + b"\r\n"),
        ((("Transfer-Encoding", "chunked, chunked"),), b"0\r\n\r\n"),
    ],
)
async def test_bodies_with_two_readings_are_refused(headers: tuple[tuple[str, str], ...], data: bytes) -> None:
    """Cut short, signed or repeated lengths, wrong chunks, trailers without end."""
    with pytest.raises(Malformed):
        await copied(headers, data)
