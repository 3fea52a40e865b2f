"""A webhook is signed so that its receiver can tell who sent it, when and what."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator

import pytest

from interlock.approval.notifier import Message
from interlock.approval.notifiers.webhook import PART
from interlock.encodings.webhooks import signature

SECRET = "a secret of enough letters"
MESSAGE = Message("apr-1:pending", {"event": "pending", "operation": "über"}, 1_800_000_000.9)


class Receiver:
    """Takes one request a connection, and answers as it is told."""

    answer = b"HTTP/1.1 204 No Content\r\n\r\n"

    def __init__(self) -> None:
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.lines: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        self.lines.append(head[0])
        headers = dict(line.split(": ", 1) for line in head[1:] if line)
        self.requests.append((headers, await reader.readexactly(int(headers["Content-Length"]))))
        writer.write(self.answer)
        await writer.drain()
        writer.close()


@pytest.fixture
async def receiver(unused_tcp_port: int) -> AsyncIterator[tuple[Receiver, str]]:
    made = Receiver()
    server = await asyncio.start_server(made.serve, "127.0.0.1", unused_tcp_port)
    yield made, f"http://127.0.0.1:{unused_tcp_port}/hook?a=b"
    server.close()


async def test_a_receiver_can_verify_it(receiver: tuple[Receiver, str]) -> None:
    """Id, time and body are under the signature; verified here as the documentation says."""
    made, url = receiver
    await PART.send(MESSAGE, url, SECRET)
    ((headers, body),) = made.requests
    lower = {name.lower(): value for name, value in headers.items()}
    signed = f"{lower['webhook-id']}.{lower['webhook-timestamp']}.".encode() + body
    code = base64.b64encode(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()).decode()

    assert made.lines == ["POST /hook?a=b HTTP/1.1"]
    assert lower["webhook-signature"] == f"v1,{code}"
    assert (lower["webhook-id"], lower["webhook-timestamp"]) == ("apr-1:pending", "1800000000")
    assert lower["content-type"] == "application/json"
    assert json.loads(body) == MESSAGE.body
    assert SECRET not in str(made.requests)


def test_the_standards_own_example() -> None:
    """Secrets with `whsec_` are base64, as Standard Webhooks has them."""
    key = base64.b64encode(b"0123456789abcdef0123456789").decode()
    expected = hmac.new(b"0123456789abcdef0123456789", b"msg.1.{}", hashlib.sha256).digest()
    assert signature(f"whsec_{key}", "msg", 1, b"{}") == "v1," + base64.b64encode(expected).decode()


@pytest.mark.parametrize("secret", ["", "tiny", "whsec_", "whsec_é", "whsec_c2hvcnQ="])
def test_weak_secrets_sign_nothing(secret: str) -> None:
    """A key that could be guessed is no key; the error does not name it."""
    with pytest.raises(OSError, match="secret") as failed:
        signature(secret, "id", 1, b"")
    assert not secret or secret not in str(failed.value)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", "answered 500"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", "answered 302"),
        (b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n", "answered 410"),
        (b"no http at all\r\n\r\n", "cannot be reached"),
        (b"", "cannot be reached"),
    ],
)
async def test_anything_but_yes_is_tried_again(receiver: tuple[Receiver, str], answer: bytes, says: str) -> None:
    """Errors, redirects (which are not followed) and nonsense."""
    made, url = receiver
    made.answer = answer
    with pytest.raises(OSError, match=says):
        await PART.send(MESSAGE, url, SECRET)
    assert len(made.requests) == 1


@pytest.mark.parametrize(
    "url", ["http://hooks.example.com/", "https://u:p@hooks.example.com/", "file:///etc/passwd", "x"]
)
async def test_addresses_that_are_none(url: str) -> None:
    """What a secret holds is checked like what stands in the rules."""
    with pytest.raises(OSError, match="address"):
        await PART.send(MESSAGE, url, SECRET)


async def test_nobody_there(unused_tcp_port: int) -> None:
    """An error that names neither address nor secret."""
    with pytest.raises(OSError, match="cannot be reached: ConnectError") as failed:
        await PART.send(MESSAGE, f"http://127.0.0.1:{unused_tcp_port}/canary", SECRET)
    assert "canary" not in str(failed.value)
