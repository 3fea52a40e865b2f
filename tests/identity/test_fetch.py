"""The default fetch against real servers on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import ipaddress
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from tests.identity.issuer import ec_key, pem

from interlock.identity.fetch import HttpFetch


@contextlib.asynccontextmanager
async def _server(
    answer: bytes, *, hang: bool = False, tls: ssl.SSLContext | None = None
) -> AsyncIterator[tuple[str, list[bytes]]]:
    """Answers every connection with these bytes, then closes it or stays silent."""
    seen: list[bytes] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(asyncio.IncompleteReadError):
            seen.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(answer)
            await writer.drain()
            if hang:
                await reader.read()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/keys", seen
    finally:
        server.close()
        await asyncio.wait_for(server.wait_closed(), 10)


def _ok(body: bytes, more: str = "") -> bytes:
    return f"HTTP/1.1 200 OK\r\ncontent-length: {len(body)}\r\n{more}\r\n".encode() + body


async def test_document_is_fetched() -> None:
    """A plain 200 answer; no content coding is asked for."""
    async with _server(_ok(b'{"keys": []}')) as (url, seen):
        assert await HttpFetch()(url) == b'{"keys": []}'
    assert b"accept-encoding: identity" in seen[0].lower()


async def test_environment_chooses_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gateway never fetches its keys through a proxy, least of all itself."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with _server(_ok(b"{}")) as (url, _):
        assert await HttpFetch()(url) == b"{}"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\n{}",
        b"HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\n\r\n",
        _ok(b"x", "content-encoding: gzip\r\n"),
        _ok(b"x" * 300_000),
        b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort",
        b"SSH-2.0-server\r\n",
        b"",
    ],
    ids=["status", "redirect", "empty", "compressed", "large", "cut", "not-http", "closed"],
)
async def test_other_answers_are_os_errors(answer: bytes) -> None:
    """Nothing but a whole small 200 answer counts, and no redirect is followed."""
    async with _server(answer) as (url, seen):
        with pytest.raises(OSError):
            await HttpFetch()(url)
    assert len(seen) == 1


async def test_silent_server_is_given_up() -> None:
    """Also one that sent its head and then nothing."""
    for start in (b"", b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n"):
        async with _server(start, hang=True) as (url, _):
            with pytest.raises(OSError, match=r"ReadTimeout|within 0\.2 seconds"):
                await HttpFetch(timeout=0.2)(url)


async def test_one_that_sends_a_byte_at_a_time_is_given_up() -> None:
    """No pause of it is long; the whole is, and its error says so."""

    async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(OSError):
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
            while True:
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.02)

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    with pytest.raises(OSError, match=r"did not answer within 0\.2 seconds"):
        await HttpFetch(timeout=0.2)(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/keys")
    server.close()
    await asyncio.wait_for(server.wait_closed(), 10)


@pytest.mark.parametrize(
    "url", ["", "nonsense", "ftp://127.0.0.1/x", "http://127.0.0.1:1/x", "http://[::", "https://127.0.0.1:1"]
)
async def test_bad_addresses_are_os_errors(url: str) -> None:
    """Unreachable and impossible addresses alike."""
    with pytest.raises(OSError):
        await HttpFetch(timeout=1)(url)


async def test_plain_server_is_no_https_server() -> None:
    """TLS is not optional where the address says https."""
    async with _server(_ok(b"{}")) as (url, _):
        with pytest.raises(OSError):
            await HttpFetch(timeout=1)(url.replace("http:", "https:"))
    # The server ends when nobody holds a connection to it any more: the client closed its own.


def _certificate(folder: Path) -> Path:
    """A self-signed certificate for 127.0.0.1, with its key, in one file."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "idp")])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(ec_key().public_key())
    builder = builder.serial_number(1).not_valid_before(now - datetime.timedelta(days=1))
    builder = builder.not_valid_after(now + datetime.timedelta(days=1))
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    builder = builder.add_extension(x509.SubjectAlternativeName([address]), critical=False)
    file = folder / "idp.pem"
    file.write_bytes(builder.sign(ec_key(), hashes.SHA256()).public_bytes(Encoding.PEM) + pem(ec_key()))
    return file


async def test_certificates_are_verified(tmp_path: Path) -> None:
    """An unknown authority is refused; one the operator trusts is not."""
    file = _certificate(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(file)
    async with _server(_ok(b"{}"), tls=tls) as (url, seen):
        secure = url.replace("http:", "https:")
        with pytest.raises(OSError):
            await HttpFetch()(secure)
        assert seen == []
        assert await HttpFetch(ssl.create_default_context(cafile=str(file)))(secure) == b"{}"
