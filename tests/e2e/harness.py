"""Everything an end-to-end test needs: a world of upstreams, rules for it, and gateways started as operators do."""

from __future__ import annotations

import contextlib
import shutil
import ssl
import string
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import httpx
from tests.servers.certificates import Authority
from tests.servers.echo import HeldStreams, Upstream
from tests.servers.http2 import Http2Upstream

from interlock.demo.model_api import ModelApi
from interlock.demo.processes import BUNDLE, Gateway, Ports
from interlock.demo.rules import PACKS
from interlock.demo.services import Services

TEMPLATE = Path(__file__).with_name("rules.yaml.template")
BY_HOST = Path(__file__).with_name("by_host.yaml.template")


class World:
    """All upstreams at once, over HTTP/1.1, HTTP/2 and TLS, and the issuer whose tokens the gateway takes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = Authority(folder / "authority")
        names = ("localhost", "127.0.0.1")
        self.services = Services()
        self.plain = Upstream()
        self.tls = Upstream(tls=self.authority.server(*names))
        self.model_tls = ModelApi(self.services.model_key, tls=self.authority.server(*names))
        self.h2 = Http2Upstream(self.authority.server(*names, alpn=("h2",)))
        self.streams = HeldStreams(tls=self.authority.server(*names))
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as stack:
            for part in (self.services, self.plain, self.tls, self.model_tls, self.h2, self.streams):
                stack.enter_context(part)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def forget(self) -> None:
        """Before each test: nothing has arrived yet."""
        for upstream in (self.plain, self.tls, self.h2, self.services.mcp, self.services.warehouse):
            upstream.seen.clear()
        self.services.warehouse.ran.clear()
        self.services.mcp.calls.clear()
        for model in (self.services.model, self.model_tls):
            model.script()

    def token(self, *groups: str, subject: str = "erika", **options: object) -> str:
        """An agent's token; its groups decide what the rules allow."""
        return self.services.issuer.token(subject, groups or ("analyst",), **options)

    def rules(self, folder: Path, ports: Ports, recordings: Path, template: Path = TEMPLATE) -> Path:
        """A rules folder for this world."""
        folder.mkdir(parents=True)
        services = self.services
        text = string.Template(template.read_text(encoding="utf-8")).substitute(
            forward=ports.forward, reverse=ports.reverse, recordings=recordings,
            trust=self.authority.pem, issuer=services.issuer.url, warehouse=services.warehouse.url,
            model=services.model.url, model_tls=self.model_tls.port, mcp=services.mcp.url, plain=self.plain.url,
            tls=self.tls.port, h2=self.h2.port, streams=self.streams.port,
        )  # fmt: skip
        (folder / "world.yaml").write_text(text, encoding="utf-8")
        shutil.copytree(PACKS, folder / "packs")
        return folder


class Http2Only(ssl.SSLContext):
    """Offers HTTP/2 alone: httpx would offer HTTP/1.1 first inside a tunnel."""

    def set_alpn_protocols(self, alpn_protocols: Iterable[str]) -> None:
        """Whatever is asked for."""
        super().set_alpn_protocols(["h2"])


class Running(Gateway):
    """A gateway in front of a world, with clients for both placements."""

    recordings: Path
    world: World

    def at(self, connection: str) -> str:
        """The base URL of a connection on the reverse listener, routed by path."""
        return f"{self.reverse}/connections/{connection}"

    def proxied(self, token: str = "", *, http2: bool = False, run: str = "run-1") -> httpx.Client:
        """A client that knows nothing but its proxy."""
        return httpx.Client(**self.behind(token, http2=http2, run=run))

    def behind(self, token: str = "", *, http2: bool = False, run: str = "run-1") -> dict[str, Any]:
        """What makes an httpx client one behind the forward proxy."""
        proxy = httpx.Proxy(self.forward, auth=(run, token) if token else None)
        trust = Http2Only(ssl.PROTOCOL_TLS_CLIENT) if http2 else ssl.create_default_context()
        trust.load_verify_locations(self.ca)
        return {"proxy": proxy, "verify": trust, "http2": http2, "timeout": 20, "trust_env": False}

    def direct(self, token: str = "", **headers: str) -> httpx.Client:
        """A client of the reverse listener."""
        named = {"authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(headers={**named, **headers}, timeout=60, trust_env=False)


def prepare(
    world: World,
    folder: Path,
    runner: str,
    *,
    template: Path = TEMPLATE,
    extra: Sequence[str] = (),
    entry: Path = BUNDLE,
) -> Running:
    """A gateway with this runner in front of `world`, not yet started."""
    ports = Ports()
    recordings = folder / "recordings"
    rules = world.rules(folder / "rules", ports, recordings, template)
    gateway = Running(
        rules, ports, runner=runner, confdir=folder / "conf", env=world.services.environment, extra=extra, entry=entry
    )
    gateway.recordings, gateway.world = recordings, world
    return gateway


@contextlib.contextmanager
def start(world: World, folder: Path, runner: str, *, template: Path = TEMPLATE) -> Iterator[Running]:
    """The same, running."""
    with prepare(world, folder, runner, template=template) as gateway:
        yield gateway
