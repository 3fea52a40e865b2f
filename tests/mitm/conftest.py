"""One certificate authority and one set of rules a session; upstreams and a gateway a test."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from mitmproxy import certs
from tests.mitm.harness import CREDENTIAL, NAMES, Running, dump, own, write_rules
from tests.mitm.people import People
from tests.mitm.upstream import HOST, Upstream
from tests.servers.certificates import Authority
from tests.servers.http2 import Http2Upstream

HERE = Path(__file__).parent


class PreferringHttp2(ssl.SSLContext):
    """mitmproxy takes the client's first choice, and httpx names HTTP/1.1 first."""

    def set_alpn_protocols(self, alpn_protocols: Iterable[str]) -> None:
        """HTTP/2 alone where it is offered at all."""
        super().set_alpn_protocols(["h2"] if "h2" in alpn_protocols else alpn_protocols)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder runs mitmproxy inside the test process."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.mitm)


@pytest.fixture(scope="session")
def conf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """mitmproxy's own folder, with its certificate authority made once."""
    folder = tmp_path_factory.mktemp("conf")
    certs.CertStore.from_store(folder, "mitmproxy", 2048)
    return folder


@pytest.fixture(scope="session")
def trust(conf: Path) -> ssl.SSLContext:
    """What a client behind the gateway trusts."""
    context = PreferringHttp2(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(str(conf / "mitmproxy-ca-cert.pem"))
    return context


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Signs the upstreams' certificates."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def server_tls(authority: Authority) -> ssl.SSLContext:
    """The upstreams' TLS."""
    return authority.server("localhost", "127.0.0.1")


@pytest.fixture(autouse=True)
def _credential(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The credential that the gateway supplies."""
    monkeypatch.setenv("MITM_CREDENTIAL", CREDENTIAL)
    return


@pytest.fixture
async def upstream(server_tls: ssl.SSLContext) -> AsyncIterator[Upstream]:
    """All upstreams of the rules, in plain and over TLS."""
    server = Upstream()
    await server.open(NAMES)
    await server.open(("tls", "claude-tls", "tickets-tls"), server_tls)
    yield server
    await server.close()


type Start = Callable[..., contextlib.AbstractAsyncContextManager[Running]]


@pytest.fixture
def start(tmp_path: Path, upstream: Upstream, conf: Path, trust: ssl.SSLContext, authority: Authority) -> Start:
    """Starts the Master of `interlock run`; words like `connections` and `policy` add to the rules."""

    def starter(*, rules: dict[str, Any] | None = None, **given: Any) -> Any:
        folder = write_rules(tmp_path / "rules", upstream, authority.pem, **(rules or {}))
        return own(tmp_path, folder, conf, trust, **given)

    return starter


@pytest.fixture
def start_dump(tmp_path: Path, upstream: Upstream, conf: Path, trust: ssl.SSLContext, authority: Authority) -> Start:
    """Starts mitmdump's Master with entry files."""

    def starter(*, rules: dict[str, Any] | None = None, **given: Any) -> Any:
        folder = write_rules(tmp_path / "rules", upstream, authority.pem, **(rules or {}))
        return dump(tmp_path, folder, conf, trust, **given)

    return starter


@pytest.fixture
async def gateway(request: pytest.FixtureRequest, start: Start) -> AsyncIterator[Running]:
    """A gateway with the whole pipeline; where the module has a POLICY, with that, and ready to ask people."""
    policy = getattr(request.module, "POLICY", "")
    async with start(rules={"policy": policy}) as running:
        if policy and running.services.approvals.wanted:
            await running.services.approvals.opened()
        yield running


@pytest.fixture
def people(gateway: Running) -> People:
    """Who decides what the gateway asks."""
    return People(gateway)


@pytest.fixture
async def agent(gateway: Running) -> AsyncIterator[httpx.AsyncClient]:
    """Erika's client, through the forward proxy."""
    async with gateway.forward(gateway.token()) as client:
        yield client


@pytest.fixture
def url(upstream: Upstream) -> Callable[[str, str], str]:
    """The URL of an upstream as an agent writes it."""

    def of(name: str, path: str = "/open/x") -> str:
        secure = name.endswith("tls") or name == "h2"
        return f"{'https://localhost' if secure else f'http://{HOST}'}:{upstream.ports[name]}{path}"

    return of


@pytest.fixture
def h2_upstream(upstream: Upstream, authority: Authority) -> Iterator[Http2Upstream]:
    """An upstream that speaks HTTP/2 only."""
    with Http2Upstream(authority.server("localhost", "127.0.0.1", alpn=("h2",))) as server:
        upstream.ports["h2"] = server.port
        yield server
