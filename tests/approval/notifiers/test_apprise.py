"""Chat and mail services get a few plain words and a link."""

from __future__ import annotations

import asyncio
import json
import logging

import pytest

from interlock.approval.notifier import Message
from interlock.approval.notifiers.apprise import PART, sentences
from interlock.model import JSON

BODY: dict[str, JSON] = {
    "event": "pending", "requester": "agent-7", "acting_for": "erika", "connection": "warehouse",
    "operation": "sql.write", "kind": "operation", "content_unseen": False, "expires": 1_800_000_000.0,
    "link": "https://interlock.example.com/approvals/apr-1",
}  # fmt: skip
MESSAGE = Message("apr-1:pending", BODY, 0.0)


def test_words_for_people() -> None:
    """What waits, for whom, until when, and where to decide."""
    assert sentences(BODY) == (
        "Interlock: sql.write on warehouse waits for a decision",
        "Asked by agent-7 for erika\nDecide before 2027-01-15 08:00 UTC\nhttps://interlock.example.com/approvals/apr-1",
    )


def test_words_that_warn() -> None:
    """Content that nobody saw, and break-glass."""
    _, text = sentences({**BODY, "kind": "break-glass", "content_unseen": True})
    assert "nobody has seen" in text
    assert "two people" in text


def test_words_for_grants() -> None:
    """Their operations, and until when."""
    given: dict[str, JSON] = {
        "event": "granted", "holder": "agent-7", "connection": "w", "operations": ["a", "b"], "until": 1_800_000_000.0,
    }  # fmt: skip
    assert sentences(given) == ("Interlock: a, b on w was granted", "Asked by agent-7\nUntil 2027-01-15 08:00 UTC")
    assert sentences({})[0] == "Interlock:  on  changed"


async def test_a_service_is_told(unused_tcp_port: int) -> None:
    """Over a real socket, through Apprise's own JSON service."""
    got: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-l"))
        got.append(await reader.readexactly(length))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", unused_tcp_port)
    await PART.send(MESSAGE, f"json://127.0.0.1:{unused_tcp_port}/", "")
    server.close()
    sent = json.loads(got[0])
    assert (sent["title"], sent["message"]) == sentences(BODY)


@pytest.mark.parametrize("url", ["", "nonsense", "nosuch://canary-token", "json://canary-token@127.0.0.1:1/"])
async def test_what_fails_says_nothing_secret(url: str, caplog: pytest.LogCaptureFixture) -> None:
    """A service that is unknown or away: an error without the URL, and nothing in the log."""
    with caplog.at_level(logging.DEBUG), pytest.raises(OSError, match=r"service") as failed:
        await PART.send(MESSAGE, url, "")
    assert "canary" not in str(failed.value)
    assert "canary" not in caplog.text
