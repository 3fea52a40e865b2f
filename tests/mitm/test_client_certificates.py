"""Client certificates on real TLS: as an identity of their own, and as what a token is bound to (RFC 8705)."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import socket
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from tests.mitm.harness import RULES, Running, say
from tests.mitm.test_contain import status
from tests.mitm.upstream import answer
from tests.servers.certificates import Authority

from interlock.identity import mint

WORKERS = """identities:
  - {name: workers, scheme: mtls, ca: workers.pem, subject: san-dns}
"""
BOUND_ONLY = RULES.replace("  reverse:", "  client_certificates: true\n  reverse:")
WITH_WORKERS = RULES.replace("identities:\n", WORKERS)
RULE = """  - id: workers
    permit: ["http.get /work/**"]
    on: [docs, tls]
    to: {from: workers, subjects: [agent-7.example.com]}
"""
AGENT = "agent-7.example.com"


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """The operator's own authority for clients."""
    return Authority(tmp_path_factory.mktemp("workers"))


@pytest.fixture(scope="module")
def certificates(workers: Authority, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path | None]:
    """Clients' key and certificate files: what each of them presents."""
    strangers = Authority(tmp_path_factory.mktemp("strangers"))
    return {
        "good": workers.issue(AGENT, client=True),
        "other": workers.issue("agent-8.example.com", client=True),
        "server": workers.issue("server.example.com"),
        "stranger": strangers.issue(AGENT, client=True),
        "none": None,
    }


@pytest.fixture
async def gateway(start, tmp_path, workers) -> AsyncIterator[Running]:
    """A gateway that knows workers by their certificates."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "workers.pem").write_bytes(workers.pem.read_bytes())
    async with start(rules={"text": WITH_WORKERS, "policy": RULE}) as running:
        yield running


def thumbprint(file: Path | None) -> str:
    """`x5t#S256` of a certificate in a PEM file."""
    der = x509.load_pem_x509_certificate(file.read_bytes()).public_bytes(Encoding.DER) if file else b""
    return base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()


def bound(gateway: Running, file: Path | None) -> str:
    """A token of the demo issuer that is good only together with this certificate."""
    claims: dict[str, Any] = {"sub": "erika", "groups": ["reader"], "cnf": {"x5t#S256": thumbprint(file)}}
    identity = next(entry for entry in gateway.services.rules.identities if entry.name == "demo")
    return mint(identity, claims, 600, now=gateway.clock.now()).reveal()


def context(conf: Path, file: Path | None) -> ssl.SSLContext:
    """A client's TLS: it trusts the gateway, and presents a certificate where it has one."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.load_verify_locations(str(conf / "mitmproxy-ca-cert.pem"))
    if file is not None:
        made.load_cert_chain(file)
    return made


async def ask(
    gateway: Running, tls: ssl.SSLContext, mode: str, *lines: str
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, bytes]:
    """One request on a new TLS connection to the gateway itself."""
    reader, writer = await asyncio.open_connection(*gateway.address(mode), ssl=tls, server_hostname="localhost")
    return reader, writer, await say(reader, writer, *lines)


def request(upstream: Any, placement: str, path: str, token: str = "") -> tuple[str, ...]:
    """The head of a GET in one placement."""
    if placement == "reverse":
        named = (f"Authorization: Bearer {token}",) if token else ()
        return f"GET /connections/docs{path} HTTP/1.1", "Host: localhost", *named
    origin = f"127.0.0.3:{upstream.ports['docs']}"
    named = (f"Proxy-Authorization: Bearer {token}",) if token else ()
    return f"GET http://{origin}{path} HTTP/1.1", f"Host: {origin}", *named


REFUSED = {"reverse": 401, "regular": 407}
PLACEMENTS = pytest.mark.parametrize("placement", ["reverse", "regular"])


@PLACEMENTS
@pytest.mark.parametrize(
    ("who", "reason"),
    [
        ("good", ""),
        ("other", "no-rule"),
        ("none", "token-missing"),
        ("stranger", "certificate-refused"),
        ("server", "certificate-refused"),
    ],
)
async def test_a_certificate_is_an_identity(gateway, upstream, conf, certificates, placement, who, reason) -> None:
    """Its name is the principal; without one, or with one nobody here signed for clients, the challenge comes."""
    upstream.reply = answer(b"{}")
    tls = context(conf, certificates[who])
    _, writer, data = await ask(gateway, tls, placement, *request(upstream, placement, "/work/x"))
    writer.close()

    wanted = {"": 200, "no-rule": 403}
    assert status(data) == wanted.get(reason, REFUSED[placement])
    assert len(upstream.seen) == (0 if reason else 1)
    if reason:
        assert reason in gateway.reasons()
    if who == "good":
        assert AGENT.encode() in gateway.recorded()


@PLACEMENTS
async def test_an_expired_certificate_is_refused(gateway, upstream, conf, certificates, placement) -> None:
    """On a connection that was opened while it was good, and on a new one."""
    upstream.reply = answer(b"{}")
    tls, lines = context(conf, certificates["good"]), request(upstream, placement, "/work/x")
    reader, writer, first = await ask(gateway, tls, placement, *lines)
    gateway.clock.ahead = 2 * 86_400
    second = await say(reader, writer, *lines)
    writer.close()
    _, writer, third = await ask(gateway, tls, placement, *lines)
    writer.close()

    assert [status(data) for data in (first, second, third)] == [200, REFUSED[placement], REFUSED[placement]]
    assert len(upstream.seen) == 1


@PLACEMENTS
async def test_a_resumed_session_has_the_same_identity(gateway, upstream, conf, certificates, placement) -> None:
    """Clients that resume TLS sessions present no certificate again."""
    upstream.reply = answer(b"{}")
    tls, lines = context(conf, certificates["good"]), request(upstream, placement, "/work/x")
    asked, answers, session = "\r\n".join([*lines, "", ""]).encode(), [], None
    for _ in range(2):
        data, session = await asyncio.to_thread(blocking, gateway.address(placement), tls, session, asked)
        answers.append(status(data))

    assert answers == [200, 200]


def blocking(
    address: tuple[str, int], tls: ssl.SSLContext, session: ssl.SSLSession | None, data: bytes
) -> tuple[bytes, ssl.SSLSession | None]:
    """One request with TLS as the standard library's sockets do it, which alone hand sessions out."""
    with (
        socket.create_connection(address, timeout=60) as plain,
        tls.wrap_socket(plain, server_hostname="localhost", session=session) as secured,
    ):
        secured.sendall(data)
        return secured.recv(65536), secured.session


@PLACEMENTS
@pytest.mark.parametrize(
    ("who", "reason"), [("good", ""), ("other", "token-binding"), ("none", "token-binding"), ("stranger", "")]
)
@pytest.mark.parametrize("text", [WITH_WORKERS, BOUND_ONLY], ids=["with workers", "tokens alone"])
async def test_a_bound_token_needs_its_certificate(
    start, upstream, conf, workers, certificates, tmp_path, placement, who, reason, text
) -> None:
    """Whoever signed the certificate: the token names the one, and TLS proved who holds its key."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "workers.pem").write_bytes(workers.pem.read_bytes())
    upstream.reply = answer(b"{}")
    file = certificates[who if who == "stranger" else "good"]
    async with start(rules={"text": text}) as gateway:
        lines = request(upstream, placement, "/open/x", bound(gateway, file))
        _, writer, warm = await ask(gateway, context(conf, file), placement, *lines)
        writer.close()
        _, writer, data = await ask(gateway, context(conf, certificates[who]), placement, *lines)
        writer.close()
        reasons = gateway.reasons()

    assert status(warm) == 200
    assert status(data) == (REFUSED[placement] if reason else 200)
    assert len(upstream.seen) == (1 if reason else 2)
    assert (reason in reasons) is bool(reason)


@pytest.mark.parametrize(
    ("who", "reason"), [("good", ""), ("other", "token-binding"), ("none", "token-binding"), ("plain", "token-binding")]
)
async def test_a_bound_token_opens_a_tunnel_only_with_its_certificate(
    gateway, upstream, conf, certificates, who, reason
) -> None:
    """The CONNECT is where it counts; what the TLS inside the tunnel presents changes nothing."""
    upstream.reply = answer(b"{}")
    target, token = f"localhost:{upstream.ports['tls']}", bound(gateway, certificates["good"])
    tls = None if who == "plain" else context(conf, certificates[who])
    reader, writer = await asyncio.open_connection(
        *gateway.address(), ssl=tls, server_hostname="localhost" if tls else None
    )
    opened = await tunnel(reader, writer, target, f"Proxy-Authorization: Bearer {token}")
    inside = b""
    if status(opened) == 200:
        inside = await within(reader, writer, context(conf, certificates["other"]), target, "/open/x")
    writer.close()

    assert status(opened) == (407 if reason else 200)
    assert len(upstream.seen) == (0 if reason else 1)
    assert (reason in gateway.reasons()) is bool(reason)
    if not reason:
        assert status(inside) == 200


@pytest.mark.parametrize(
    ("who", "reason"), [("good", ""), ("none", "token-missing"), ("stranger", "certificate-refused")]
)
async def test_a_certificate_opens_a_tunnel(gateway, upstream, conf, certificates, who, reason) -> None:
    """The identity of the connection to the proxy is the tunnel's, whatever stands inside."""
    upstream.reply = answer(b"{}")
    target = f"localhost:{upstream.ports['tls']}"
    tls = context(conf, certificates[who])
    reader, writer = await asyncio.open_connection(*gateway.address(), ssl=tls, server_hostname="localhost")
    opened = await tunnel(reader, writer, target)
    inside = b""
    if status(opened) == 200:
        inside = await within(reader, writer, context(conf, certificates["stranger"]), target, "/work/x")
    writer.close()

    assert status(opened) == (407 if reason else 200)
    assert len(upstream.seen) == (0 if reason else 1)
    if reason:
        assert reason in gateway.reasons()
    else:
        assert status(inside) == 200


async def test_a_certificate_inside_a_tunnel_is_no_identity(gateway, upstream, conf, certificates) -> None:
    """A tunnel is whoever opened it: a better certificate inside gives nobody more."""
    target, token = f"localhost:{upstream.ports['tls']}", unbound(gateway)
    reader, writer = await asyncio.open_connection(*gateway.address())
    opened = await tunnel(reader, writer, target, f"Proxy-Authorization: Bearer {token}")
    inside = await within(reader, writer, context(conf, certificates["good"]), target, "/work/x")
    writer.close()

    assert status(opened) == 200
    assert status(inside) == 403
    assert "no-rule" in gateway.reasons()
    assert upstream.seen == []


def unbound(gateway: Running) -> str:
    """A token of the demo issuer, bound to nothing."""
    identity = next(entry for entry in gateway.services.rules.identities if entry.name == "demo")
    return mint(identity, {"sub": "erika", "groups": ["reader"]}, 600, now=gateway.clock.now()).reveal()


async def tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, target: str, *more: str) -> bytes:
    """CONNECT, and the head of its answer."""
    writer.write("\r\n".join([f"CONNECT {target} HTTP/1.1", f"Host: {target}", *more, "", ""]).encode())
    with contextlib.suppress(asyncio.IncompleteReadError):
        return await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
    return b""


async def within(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tls: ssl.SSLContext, target: str, path: str
) -> bytes:
    """TLS inside the tunnel (inside TLS to the proxy), and one GET."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    inner = tls.wrap_bio(incoming, outgoing, server_hostname="localhost")

    async def step(work: Any) -> Any:
        while True:
            try:
                return work()
            except ssl.SSLWantReadError:
                writer.write(outgoing.read())
                data = await asyncio.wait_for(reader.read(65536), 5)
                if not data:
                    raise
                incoming.write(data)
            finally:
                writer.write(outgoing.read())

    await step(inner.do_handshake)
    await step(lambda: inner.write(f"GET {path} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode()))
    return await step(lambda: inner.read(65536))
