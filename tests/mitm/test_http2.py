"""HTTP/2 by hand, through a tunnel, to an HTTP/1 upstream: where two framings meet, requests are smuggled."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import h2.config
import h2.connection
import h2.errors
import h2.events
import pytest
from tests.mitm.harness import PATIENCE, Running, open_tunnel, until
from tests.mitm.upstream import HOST, PERSON, events

type Fields = list[tuple[str, str]]


@dataclass
class Answered:
    """What came back on one stream; status 0: it was reset, or the connection was closed."""

    status: int = 0
    body: bytes = b""
    trailers: Fields = field(default_factory=list)
    ended: bool = False


class Client:
    """One HTTP/2 connection that sends what it is told, well-formed or not."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        config = h2.config.H2Configuration(
            header_encoding="utf-8", validate_outbound_headers=False, normalize_outbound_headers=False
        )
        self.connection = h2.connection.H2Connection(config)
        self.connection.initiate_connection()
        self._reader, self.writer = reader, writer
        self.answers: dict[int, Answered] = {}

    def send(self, fields: Fields, body: bytes = b"", trailers: Sequence[tuple[str, str]] = ()) -> int:
        """Start a stream; its number."""
        stream = self.connection.get_next_available_stream_id()
        self.answers[stream] = Answered()
        self.connection.send_headers(stream, fields, end_stream=not body and not trailers)
        if body:
            self.connection.send_data(stream, body, end_stream=not trailers)
        if trailers:
            self.connection.send_headers(stream, list(trailers), end_stream=True)
        return stream

    async def finish(self) -> None:
        """Read until all streams have ended."""
        with contextlib.suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(PATIENCE):
                while not all(each.ended for each in self.answers.values()):
                    self.writer.write(self.connection.data_to_send())
                    data = await self._reader.read(65536)
                    if not data:
                        return
                    for event in self.connection.receive_data(data):
                        self._take(event)

    def _take(self, event: h2.events.Event) -> None:
        if isinstance(event, h2.events.ConnectionTerminated):
            for each in self.answers.values():
                each.ended = True
        answered = self.answers.get(getattr(event, "stream_id", 0))
        if answered is None:
            return
        if isinstance(event, h2.events.ResponseReceived):
            answered.status = int(dict(event.headers)[":status"])
        elif isinstance(event, h2.events.DataReceived):
            answered.body += event.data
            self.connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.TrailersReceived):
            answered.trailers = list(event.headers)
        elif isinstance(event, h2.events.StreamEnded | h2.events.StreamReset):
            answered.ended = True


async def connect(gateway: Running, port: int) -> Client:
    """A tunnel with HTTP/2 inside."""
    reader, writer, _ = await open_tunnel(gateway, f"localhost:{port}", gateway.token(), sni="localhost", alpn="h2")
    assert writer.get_extra_info("ssl_object").selected_alpn_protocol() == "h2"
    return Client(reader, writer)


def head(port: int, path: str = "/open/x", method: str = "GET", **changed: str) -> Fields:
    """A good head, with some of its pseudo-headers changed."""
    fields = {":method": method, ":scheme": "https", ":authority": f"localhost:{port}", ":path": path}
    return list((fields | {f":{name}": value for name, value in changed.items()}).items())


async def ask(gateway: Running, port: int, fields: Fields, body: bytes = b"", trailers: Sequence = ()) -> Answered:
    """One request on a connection of its own."""
    client = await connect(gateway, port)
    stream = client.send(fields, body, trailers)
    await client.finish()
    client.writer.close()
    return client.answers[stream]


async def test_a_good_request_passes(gateway, upstream) -> None:
    """What the others differ from."""
    port = upstream.ports["tls"]
    answered = await ask(gateway, port, [*head(port, method="POST"), ("content-type", "application/json")], b"{}")

    assert answered.status == 200
    assert PERSON.encode() not in answered.body
    (seen,) = upstream.seen
    assert (seen.method, seen.target, seen.body) == ("POST", "/open/x", b"{}")
    assert seen.header("host") == f"localhost:{port}"
    assert seen.header("content-length") == "2"


@pytest.mark.parametrize("length", [None, "0", "5", "100"])
async def test_a_body_is_no_second_request(gateway, upstream, length) -> None:
    """HTTP/2 needs no length; what an HTTP/1 upstream gets always has one, and it is the body's."""
    port = upstream.ports["tls"]
    body = f"DELETE /closed HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Length: 0\r\n\r\n".encode()
    more = [("content-type", "text/plain"), *([("content-length", length)] if length else [])]
    answered = await ask(gateway, port, [*head(port, method="POST"), *more], body)

    assert [seen.target for seen in upstream.seen] == (["/open/x"] if length is None else [])
    assert answered.status == 200 if length is None else answered.status in (0, 400)
    assert all(seen.body == body for seen in upstream.seen)


async def test_a_chunked_body_leaves_with_its_length(gateway, upstream, url) -> None:
    """One framing, whatever the client's was."""

    async def pieces():
        yield b'{"a":'
        yield b"1}"

    async with gateway.forward(gateway.token()) as client:
        response = await client.post(url("docs"), content=pieces(), headers={"content-type": "application/json"})

    assert response.status_code == 200
    (seen,) = upstream.seen
    assert (seen.body, seen.header("content-length"), seen.header("transfer-encoding")) == (b'{"a":1}', "7", "")


@pytest.mark.parametrize("body", ['{"n": 1}', f'{{"email": "{PERSON}"}}', ""])
async def test_an_answer_says_its_length_once(gateway, upstream, body) -> None:
    """A chunked answer that was read whole goes on with a length and nothing else."""
    upstream.reply = events(*([body] if body else [])).replace(b"text/event-stream", b"application/json")
    port = upstream.ports["docs"]
    data = await gateway.raw(
        f"GET http://{HOST}:{port}/open/x HTTP/1.1\r\nHost: {HOST}:{port}\r\n"
        f"Proxy-Authorization: Bearer {gateway.token()}\r\n\r\n".encode()
    )
    lowered = data.lower()

    head, _, got = data.partition(b"\r\n\r\n")
    assert f"content-length: {len(got)}".encode() in head.lower()
    assert PERSON.encode() not in got
    assert (lowered.count(b"content-length:"), lowered.count(b"transfer-encoding:")) == (1, 0)


SMUGGLED = [
    ({"authority": "example.com"}, []),
    ({"authority": "localhost"}, []),
    ({"authority": "user@localhost"}, []),
    ({"path": "*"}, []),
    ({"path": "open/x"}, []),
    ({"path": "//open/x"}, []),
    ({"path": "/open/../closed"}, []),
    ({"path": "https://example.com/open/x"}, []),
    ({"path": "/open/x HTTP/1.1\r\nHost: example.com\r\n\r\nGET /closed"}, []),
    ({"path": "/open/x\tHTTP/1.1"}, []),
    ({"method": "GET /closed HTTP/1.1\r\nX: "}, []),
    ({"method": "CONNECT"}, []),
    ({}, [("host", "example.com")]),
    ({}, [("x-a", "b\r\nX-Smuggled: yes")]),
    ({}, [("x-a", "b\nX-Smuggled: yes")]),
    ({}, [("x-a\r\nx-smuggled", "yes")]),
    ({}, [("x a", "b")]),
    ({}, [("transfer-encoding", "chunked")]),
    ({}, [("content-length", "5")]),
    ({}, [("connection", "upgrade"), ("upgrade", "h2c")]),
    ({}, [("authorization", "a"), ("authorization", "b")]),
]


@pytest.mark.parametrize(("changed", "more"), SMUGGLED)
async def test_a_head_that_means_something_else_in_http1_goes_nowhere(gateway, upstream, changed, more) -> None:
    """Answered or reset; the upstream saw nothing."""
    port = upstream.ports["tls"]
    answered = await ask(gateway, port, head(port, **changed) + more)

    assert answered.status == 0 or answered.status >= 400
    assert upstream.seen == []


async def test_a_refusal_on_one_stream_leaves_the_others(gateway, upstream) -> None:
    """Three requests on one connection: the middle one is refused."""
    port = upstream.ports["tls"]
    client = await connect(gateway, port)
    streams = [client.send(head(port, path)) for path in ("/open/1", "/closed", "/open/3")]
    await client.finish()
    client.writer.close()

    assert [client.answers[stream].status for stream in streams] == [200, 403, 200]
    assert sorted(seen.target for seen in upstream.seen) == ["/open/1", "/open/3"]


async def test_trailers_do_not_travel(gateway, upstream) -> None:
    """Neither way: they come after everything was judged."""
    port = upstream.ports["tls"]
    upstream.reply = events('{"n": 1}', more=b"X-Later: " + PERSON.encode() + b"\r\n").replace(
        b"text/event-stream", b"application/json"
    )
    fields = [*head(port, method="POST"), ("content-type", "application/json")]
    answered = await ask(gateway, port, fields, b"{}", [("x-http-method-override", "DELETE")])

    assert answered.status == 200
    assert answered.trailers == []
    (seen,) = upstream.seen
    assert "x-http-method-override" not in seen.names()


async def test_another_token_on_one_stream_is_refused(gateway, upstream) -> None:
    """The tunnel's identity is that of all its streams."""
    port = upstream.ports["tls"]
    other = gateway.token(subject="max")
    answered = await ask(gateway, port, [*head(port), ("proxy-authorization", f"Bearer {other}")])

    assert answered.status == 403
    assert "token-ambiguous" in gateway.reasons()
    assert upstream.seen == []


async def test_a_stream_that_is_reset_while_the_upstream_works_is_recorded(gateway, upstream) -> None:
    """The other streams of the connection go on."""
    arrived = asyncio.Event()

    async def slow(seen, _, writer) -> None:
        if seen.target == "/open/slow":
            arrived.set()
            await asyncio.sleep(5)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}")

    upstream.reply = slow
    port = upstream.ports["tls"]
    client = await connect(gateway, port)
    first = client.send(head(port, "/open/slow"))
    client.writer.write(client.connection.data_to_send())
    await asyncio.wait_for(arrived.wait(), PATIENCE)
    client.connection.reset_stream(first, h2.errors.ErrorCodes.CANCEL)
    client.answers.pop(first)
    second = client.send(head(port, "/open/quick"))
    await client.finish()
    client.writer.close()

    assert client.answers[second].status == 200
    await until(lambda: any(event["data"].get("error") == "client-gone" for event in gateway.events()))
