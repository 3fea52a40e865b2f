"""Whoever waits on a client connection stops when that ends."""

from __future__ import annotations

import asyncio

import pytest
from mitmproxy import connection

from interlock.mitm.waiting import Waiting


def client() -> connection.Client:
    """A connected one."""
    found = connection.Client(peername=("127.0.0.1", 1), sockname=("127.0.0.1", 2), timestamp_start=0.0)
    found.state = connection.ConnectionState.OPEN
    return found


async def forever() -> str:
    """No answer."""
    await asyncio.Event().wait()
    return ""


async def test_the_answer_comes() -> None:
    """And nobody waits any more."""
    waiting = Waiting()

    async def answer() -> str:
        assert (len(waiting), waiting.on("a")) == (1, 1)
        return "yes"

    assert await waiting.until(client(), "a", answer()) == "yes"
    assert (len(waiting), waiting.on("a")) == (0, 0)


async def test_a_client_that_leaves_ends_it() -> None:
    """Only what waits on that client."""
    waiting, one, other = Waiting(), client(), client()
    tasks = [asyncio.create_task(waiting.until(each, "a", forever())) for each in (one, one, other)]
    await asyncio.sleep(0)
    assert waiting.on("a") == 3
    waiting.left(one)
    assert await tasks[0] is None
    assert await tasks[1] is None
    assert waiting.on("a") == 1
    waiting.left(other)
    assert await tasks[2] is None


async def test_a_client_that_is_gone_already() -> None:
    """Nothing is waited for."""
    gone = client()
    gone.state = connection.ConnectionState.CLOSED
    assert await Waiting().until(gone, "a", forever()) is None


async def test_an_error_is_raised() -> None:
    """To whoever waited."""
    waiting = Waiting()

    async def fail() -> str:
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        await waiting.until(client(), "a", fail())
    assert len(waiting) == 0
