"""The test authority makes certificates that verify."""

from __future__ import annotations

import ssl
from pathlib import Path

import httpx
from tests.servers.certificates import Authority

from interlock.demo.serving import Reply, Request, Served


class Hello(Served):
    """Says hello."""

    def answer(self, request: Request) -> Reply:
        """Always the same."""
        return Reply.of({"path": request.path})


def test_its_servers_verify_and_others_do_not(tmp_path: Path) -> None:
    """A client that trusts it reaches its servers; the system's trust does not."""
    authority = Authority(tmp_path / "ca")
    trusting = ssl.create_default_context(cafile=str(authority.pem))
    with Hello(tls=authority.server("localhost", "127.0.0.1")) as service:
        answer = httpx.get(f"{service.url}/x", verify=trusting)
        try:
            httpx.get(f"{service.url}/x", verify=ssl.create_default_context())
            refused = False
        except httpx.ConnectError:
            refused = True

    assert answer.json() == {"path": "/x"}
    assert refused
