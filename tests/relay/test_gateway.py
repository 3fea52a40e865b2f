"""The gateway's address, and what it says about us."""

from __future__ import annotations

import asyncio

import pytest
from tests.relay.fake_gateway import FakeGateway

from interlock.errors import InterlockError
from interlock.model import Secret
from interlock.relay.gateway import credentials, parse_gateway, whoami

TOKEN = Secret("canary-token-5")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:9/", "http://[::1]:9"),
        ("https://gateway.example.com", "https://gateway.example.com:443"),
    ],
)
def test_addresses_are_read(text: str, shown: str) -> None:
    """With or without scheme and port."""
    assert str(parse_gateway(text)) == shown


@pytest.mark.parametrize(
    "text",
    ["", "ftp://a", "http://", "http://a:x", "http://127.0.0.1:8080/path", "http://u:canary@127.0.0.1:1", "socks5://127.0.0.1:1"],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    """And a password in it is not repeated."""
    with pytest.raises(InterlockError) as caught:
        parse_gateway(text)
    assert "canary" not in str(caught.value)


def test_a_token_goes_over_the_network_only_encrypted() -> None:
    """Unless it is asked for."""
    with pytest.raises(InterlockError, match="would show the token"):
        parse_gateway("http://gateway.example.com:8080")
    assert not parse_gateway("http://gateway.example.com:8080", insecure=True).tls


async def test_the_gateway_says_who_we_are() -> None:
    """Asked with the very credentials that the relay will use."""
    with FakeGateway() as gateway:
        found = await whoami(parse_gateway(gateway.url), "run-1", TOKEN)
        assert (found.identity, found.subject, found.groups) == ("corp", "erika", ("engineer",))
        assert gateway.seen[0].headers["proxy-authorization"] == credentials("run-1", TOKEN)


async def test_a_refusal_is_in_the_gateways_words() -> None:
    """Without what could steer a terminal, and without the token."""
    refused = pytest.raises(InterlockError, match="the token has expired")
    with FakeGateway(accepted={"other"}) as gateway, refused as caught:
        await whoami(parse_gateway(gateway.url), "run-1", TOKEN)
    assert "\x1b" not in str(caught.value)
    assert TOKEN.reveal() not in str(caught.value)


@pytest.mark.parametrize("said", [b"", b"SSH-2.0-x\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"])
async def test_what_is_no_gateway_is_said(said: bytes) -> None:
    """Another program on that port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(InterlockError, match="not an Interlock gateway"):
            await whoami(parse_gateway(f"http://127.0.0.1:{port}"), "run-1", TOKEN)
