"""The forward placement: a client that knows only its proxy, plain and through an intercepted tunnel."""

from __future__ import annotations

import socket

import httpx
import pytest
from tests.e2e.harness import Running

from interlock.demo.serving import Reply

DOCUMENT = Reply(body=b'{"title": "Hello", "email": "erika.mustermann@example.com"}')


def test_plain_http_through_the_proxy(gateway: Running) -> None:
    """Absolute-form requests are judged, masked, and carry nothing of the proxy's upstream."""
    gateway.world.plain.reply = DOCUMENT
    token = gateway.world.token("analyst")
    with gateway.proxied(token) as client:
        answer = client.get(f"{gateway.world.plain.url}/documents/1")

    assert answer.status_code == 200
    assert answer.json()["title"] == "Hello"
    assert "erika.mustermann" not in answer.text
    (arrived,) = gateway.world.plain.seen
    assert arrived.target == "/documents/1"
    assert not [name for name, _ in arrived.headers if name.startswith("proxy")]
    assert token not in repr(arrived.headers)


def test_tls_through_a_tunnel(gateway: Running) -> None:
    """CONNECT carries the identity; inside, the gateway's certificate, its credential and its masks."""
    gateway.world.tls.reply = DOCUMENT
    with gateway.proxied(gateway.world.token("analyst")) as client:
        url = f"https://localhost:{gateway.world.tls.port}/documents"
        answers = [client.get(f"{url}/1"), client.post(f"{url}/2", json={"a": 1})]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert "erika.mustermann" not in answers[0].text + answers[1].text
    wanted = f"Bearer {gateway.world.services.warehouse_credential}"
    assert [arrived.header("authorization") for arrived in gateway.world.tls.seen] == [wanted, wanted]


def test_http2_on_both_sides(gateway: Running) -> None:
    """The same over HTTP/2, to a client and an upstream that speak it."""
    with gateway.proxied(gateway.world.token("analyst"), http2=True) as client:
        answer = client.post(f"https://localhost:{gateway.world.h2.port}/documents/1", json={"a": 1})

    assert (answer.status_code, answer.http_version) == (200, "HTTP/2")
    assert answer.json()["ok"] is True
    assert "erika.mustermann" not in answer.text
    (arrived,) = gateway.world.h2.seen
    assert arrived.body == b'{"a":1}'
    assert arrived.header("authorization") == f"Bearer {gateway.world.services.warehouse_credential}"


def test_without_a_token_the_tunnel_is_refused(gateway: Running) -> None:
    """407 before any byte goes on."""
    with gateway.proxied() as client, pytest.raises(httpx.ProxyError, match="407"):
        client.get(f"https://localhost:{gateway.world.tls.port}/documents/1")

    assert gateway.world.tls.seen == []


def test_without_a_token_plain_http_is_refused(gateway: Running) -> None:
    """407 with a challenge."""
    with gateway.proxied() as client:
        answer = client.get(f"{gateway.world.plain.url}/documents/1")

    assert answer.status_code == 407
    assert "proxy-authenticate" in answer.headers
    assert gateway.world.plain.seen == []


def test_a_host_that_belongs_to_no_connection_is_refused(gateway: Running) -> None:
    """The issuer listens on this machine, but agents may not reach it."""
    with gateway.proxied(gateway.world.token("analyst")) as client:
        answer = client.get(f"{gateway.world.services.issuer.url}/jwks")

    assert answer.status_code == 403
    assert "unknown-host" in answer.text


def test_a_tunnel_that_is_not_tls_is_refused(gateway: Running) -> None:
    """Opaque bytes after CONNECT reach nobody."""
    token = gateway.world.token("analyst")
    with socket.create_connection(("127.0.0.1", gateway.ports.forward), timeout=60) as client:
        target = f"localhost:{gateway.world.tls.port}"
        head = f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\nProxy-Authorization: Bearer {token}\r\n\r\n"
        client.sendall(head.encode())
        assert b" 200 " in client.recv(4096).partition(b"\r\n")[0]
        client.sendall(b"SSH-2.0-OpenSSH_9.9\r\n\r\n")
        answer = b""
        while piece := client.recv(4096):
            answer += piece

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert gateway.world.tls.seen == []


def test_the_inner_host_must_be_the_tunnels(gateway: Running) -> None:
    """A Host header that differs from the CONNECT target is refused."""
    with gateway.proxied(gateway.world.token("analyst")) as client:
        url = f"https://localhost:{gateway.world.tls.port}/documents/1"
        answer = client.get(url, headers={"host": "metadata.example.com"})

    assert 400 <= answer.status_code < 500
    assert gateway.world.tls.seen == []


def test_the_gateways_own_host_answers_without_dialling(gateway: Running) -> None:
    """`interlock.internal` is the gateway itself."""
    with gateway.proxied(gateway.world.token("analyst")) as client:
        answer = client.get("http://interlock.internal/health")

    assert answer.status_code == 200
