"""The relay swaps credentials and nothing else."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from tests.relay.fake_gateway import FakeGateway

from interlock.errors import InterlockError
from interlock.model import Secret
from interlock.relay import FreshToken, Relay, parse_gateway

TOKEN = "canary-token-1"
RUN = "run-1"


class Tokens:
    """Hands out tokens one after the other; the last one again and again."""

    def __init__(self, *tokens: str) -> None:
        self.left = list(tokens)

    async def fetch(self) -> Secret:
        if not self.left:
            raise InterlockError("there is no token today")
        return Secret(self.left.pop(0) if len(self.left) > 1 else self.left[0])


@asynccontextmanager
async def relaying(gateway: FakeGateway, *tokens: str) -> AsyncIterator[Relay]:
    """A relay in front of a gateway."""
    async with Relay(parse_gateway(gateway.url), FreshToken(Tokens(*tokens)), RUN) as relay:
        yield relay


def client(relay: Relay) -> httpx.AsyncClient:
    """A client that knows only the proxy URL it was given."""
    return httpx.AsyncClient(proxy=relay.proxy.reveal(), trust_env=False, timeout=60)


async def raw(relay: Relay, text: str) -> bytes:
    """Bytes to the relay, and everything it answers."""
    reader, writer = await asyncio.open_connection("127.0.0.1", relay.port)
    writer.write(text.encode("latin-1"))
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    return answer


def authorization(relay: Relay) -> str:
    """What a client makes of the proxy URL."""
    userinfo = relay.proxy.reveal().partition("://")[2].partition("@")[0]
    return "Basic " + base64.b64encode(userinfo.encode()).decode()


async def test_requests_carry_run_and_token_instead_of_the_secret() -> None:
    """Several requests of one connection reach the gateway with its credentials; the secret never does."""
    with FakeGateway() as gateway:
        async with relaying(gateway, TOKEN) as relay, client(relay) as http:
            first = await http.get("http://api.example.com/a")
            second = await http.post("http://api.example.com/b", content=b"body")
            secret = relay.proxy.reveal().rpartition("@")[0].rpartition(":")[2]
        assert first.json()["target"] == "http://api.example.com/a"
        assert second.json()["body"] == "body"
        assert [seen.credentials for seen in gateway.seen] == [(RUN, TOKEN), (RUN, TOKEN)]
        assert secret not in str(gateway.seen)


async def test_chunked_bodies_pass() -> None:
    """A body of unknown length is copied by its chunks, and the next request is still found behind it."""

    async def chunks() -> AsyncIterator[bytes]:
        yield b"one "
        yield b"two"

    with FakeGateway() as gateway:
        async with relaying(gateway, TOKEN) as relay, client(relay) as http:
            assert (await http.post("http://api.example.com/a", content=chunks())).json()["body"] == "one two"
            assert (await http.get("http://api.example.com/b")).status_code == 200


async def test_tunnels_carry_run_and_token() -> None:
    """A CONNECT is passed on with the gateway's credentials, and bytes flow both ways."""

    async def shout(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write((await reader.readline()).upper())
        writer.close()

    upstream = await asyncio.start_server(shout, "127.0.0.1", 0)
    port = upstream.sockets[0].getsockname()[1]
    with FakeGateway() as gateway:
        async with relaying(gateway, TOKEN) as relay, upstream:
            head = f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\nProxy-Authorization: {authorization(relay)}\r\n\r\n"
            reader, writer = await asyncio.open_connection("127.0.0.1", relay.port)
            writer.write(head.encode())
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
            writer.write(b"hello\n")
            assert await asyncio.wait_for(reader.read(), 10) == b"HELLO\n"
            writer.close()
        assert gateway.seen[0].credentials == (RUN, TOKEN)


@pytest.mark.parametrize(
    "shown",
    ["", "Proxy-Authorization: Basic cnVuOndyb25n\r\n", "Proxy-Authorization: Bearer wrong\r\n",
     "Proxy-Authorization: Basic %%%\r\n", "Authorization: Bearer wrong\r\n"],
)  # fmt: skip
async def test_a_stranger_gets_nothing(shown: str) -> None:
    """Without the run's secret: 407, and the gateway hears nothing."""
    with FakeGateway() as gateway:
        async with relaying(gateway, TOKEN) as relay:
            for line in ("GET http://api.example.com/ HTTP/1.1", "CONNECT api.example.com:443 HTTP/1.1"):
                answer = await raw(relay, f"{line}\r\nHost: api.example.com\r\n{shown}\r\n")
                assert answer.startswith(b"HTTP/1.1 407 ")
                assert b'Proxy-Authenticate: Basic realm="interlock"' in answer
        assert gateway.seen == []


async def test_the_secret_twice_is_refused() -> None:
    """Two credentials cannot be told apart: 407."""
    with FakeGateway() as gateway:
        async with relaying(gateway, TOKEN) as relay:
            line = f"Proxy-Authorization: {authorization(relay)}\r\n"
            answer = await raw(relay, f"GET http://api.example.com/ HTTP/1.1\r\n{line}{line}\r\n")
        assert answer.startswith(b"HTTP/1.1 407 ")
        assert gateway.seen == []


@pytest.mark.parametrize(
    "request_text",
    [
        "GET / HTTP/1.1\r\n{auth}\r\n",
        "GET http://a.example.com/ HTTP/1.1\n{auth}\r\n",
        "GET http://a.example.com/ HTTP/1.1\r\n{auth} folded: yes\r\n\r\n",
        "GET http://a.example.com/ HTTP/2.0\r\n{auth}\r\n",
        "POST http://a.example.com/ HTTP/1.1\r\n{auth}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST http://a.example.com/ HTTP/1.1\r\n{auth}Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST http://a.example.com/ HTTP/1.1\r\n{auth}Transfer-Encoding: gzip, chunked\r\n\r\n",
        "POST http://a.example.com/ HTTP/1.1\r\n{auth}Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\n{auth}\r\n",
        "GET http://a.example.com/ HTTP/1.1\r\n{auth}X: " + "a" * 70_000 + "\r\n\r\n",
    ],
)
async def test_what_can_be_read_in_two_ways_ends_the_connection(request_text: str) -> None:
    """Nothing is repaired: the connection ends, and at most the unfinished request itself was begun."""
    with FakeGateway() as gateway:
        async with relaying(gateway, TOKEN) as relay:
            auth = f"Proxy-Authorization: {authorization(relay)}\r\n"
            answer = await raw(relay, request_text.format(auth=auth))
        assert b" 200 " not in answer
        assert all(not seen.body for seen in gateway.seen)


async def test_a_second_request_without_the_secret_is_not_sent() -> None:
    """Every request proves itself, also on a connection that has proved itself before."""
    with FakeGateway() as gateway:
        async with relaying(gateway, TOKEN) as relay:
            auth = f"Proxy-Authorization: {authorization(relay)}\r\n"
            await raw(
                relay,
                f"GET http://a.example.com/1 HTTP/1.1\r\n{auth}\r\nGET http://a.example.com/2 HTTP/1.1\r\n\r\n",
            )
        assert [seen.target for seen in gateway.seen if seen.target.endswith("/2")] == []


async def test_a_token_that_is_turned_down_is_replaced_once() -> None:
    """On 407 another token is fetched; when it is taken, the child never notices."""
    with FakeGateway(accepted={"second"}) as gateway:
        async with relaying(gateway, "first", "second") as relay:
            reader, writer = await asyncio.open_connection("127.0.0.1", relay.port)
            head = f"CONNECT 127.0.0.1:{gateway.port} HTTP/1.1\r\nProxy-Authorization: {authorization(relay)}\r\n\r\n"
            writer.write(head.encode())
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
            writer.close()
            assert relay.refused == 0
        assert [seen.credentials[1] for seen in gateway.seen] == ["first", "second"]


async def test_a_token_refused_for_good_is_a_403_for_the_child() -> None:
    """The child cannot mend the token: it gets a final answer with the gateway's words, without a challenge."""
    with FakeGateway(accepted={"other"}) as gateway:
        async with relaying(gateway, TOKEN) as relay:
            auth = f"Proxy-Authorization: {authorization(relay)}\r\n"
            answer = await raw(relay, f"CONNECT a.example.com:443 HTTP/1.1\r\n{auth}\r\n")
            assert answer.startswith(b"HTTP/1.1 403 ")
            assert b"the token has expired" in answer
            assert relay.refused == 1


async def test_no_token_and_no_gateway_are_said_plainly() -> None:
    """The relay answers 502 in words that hold no secret."""
    with FakeGateway() as gateway:
        async with relaying(gateway) as relay:
            auth = f"Proxy-Authorization: {authorization(relay)}\r\n"
            answer = await raw(relay, f"GET http://a.example.com/ HTTP/1.1\r\n{auth}\r\n")
            assert answer.startswith(b"HTTP/1.1 502 ")
            assert b"there is no token today" in answer
        address = parse_gateway(gateway.url)
    async with Relay(address, FreshToken(Tokens(TOKEN)), RUN) as relay:
        auth = f"Proxy-Authorization: {authorization(relay)}\r\n"
        answer = await raw(relay, f"CONNECT a.example.com:443 HTTP/1.1\r\n{auth}\r\n")
        assert answer.startswith(b"HTTP/1.1 502 ")
        assert TOKEN.encode() not in answer


async def test_secrets_are_hidden_and_differ_by_run() -> None:
    """No repr shows the secret, and every relay makes its own."""
    with FakeGateway() as gateway:
        async with relaying(gateway, TOKEN) as one, relaying(gateway, TOKEN) as other:
            assert one.proxy != other.proxy
            assert "***" in repr(one.proxy)
            assert TOKEN not in repr(vars(one))
