"""A gateway inside the test: a real mitmproxy Master in the test's event loop, on real sockets, with real rules."""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
import string
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from mitmproxy import master, options
from mitmproxy.proxy import mode_servers
from mitmproxy.tools.dump import DumpMaster
from tests.mitm.upstream import Upstream

from interlock.engine.rules import load_rules
from interlock.identity import create_demo_key, mint
from interlock.mitm import assembly, handler, lean
from interlock.mitm.entry import ORDER, attach, pipeline_of
from interlock.mitm.options import OWN_HOST
from interlock.mitm.pipeline import Pipeline
from interlock.mitm.runner import GatewayMaster
from interlock.mitm.services import Services

__all__ = [
    "ADDONS",
    "ENTRIES",
    "RULES",
    "FakeClock",
    "Running",
    "dump",
    "open_tunnel",
    "own",
    "read_all",
    "say",
    "until",
    "write_rules",
]

ADDONS = Path(__file__).resolve().parents[2] / "addons"
ENTRIES = {name: ADDONS / f"{name}.py" for name in ("bundle", *ORDER)}
FORWARD, REVERSE = "127.0.0.2", "127.0.0.4"
"""mitmproxy starts no two listeners on one address and port 0."""
CREDENTIAL = "upstream-credential-7f3a91"
NAMES = ("docs", "warehouse", "claude", "tickets", "sockets", "feed")
PATIENCE = 60.0

RULES = """
version: 1
gateway:
  forward: 127.0.0.1:0
  reverse: 127.0.0.1:0
  recordings: $recordings
  trust: $trust
  limits: {body: $body}
identities:
  - name: demo
    issuer: https://issuer.example.com
    audience: interlock
    algorithms: [ES256]
    key: demo.pem
    demo: true
    claims: {subject: sub, groups: groups}
connections:
  - {name: docs, protocol: http, hosts: ["http://127.0.0.3:$docs"], addresses: [127.0.0.0/8]}
  - name: warehouse
    protocol: http
    hosts: ["http://127.0.0.3:$warehouse"]
    addresses: [127.0.0.0/8]
    commands: [{at: "POST /query", path: $$.query, language: sql, dialect: sqlite}]
    credential: {scheme: bearer, from: env:MITM_CREDENTIAL}
  - {name: claude, protocol: anthropic, hosts: ["http://127.0.0.3:$claude"], addresses: [127.0.0.0/8]}
  - {name: tickets, protocol: mcp, hosts: ["http://127.0.0.3:$tickets"], addresses: [127.0.0.0/8]}
  - {name: sockets, protocol: http, hosts: ["http://127.0.0.3:$sockets"], addresses: [127.0.0.0/8], websocket: true}
  - {name: feed, protocol: http, hosts: ["http://127.0.0.3:$feed"], addresses: [127.0.0.0/8], streams: events}
  - name: tls
    protocol: http
    hosts: ["https://localhost:$tls"]
    addresses: [127.0.0.0/8, "::1/128"]
    credential: {scheme: bearer, from: env:MITM_CREDENTIAL}
  - name: claude-tls
    protocol: anthropic
    hosts: ["https://localhost:$claude_tls"]
    addresses: [127.0.0.0/8, "::1/128"]
  - name: tickets-tls
    protocol: mcp
    hosts: ["https://localhost:$tickets_tls"]
    addresses: [127.0.0.0/8, "::1/128"]
  - name: h2
    protocol: http
    hosts: ["https://localhost:$h2"]
    addresses: [127.0.0.0/8, "::1/128"]
    credential: {scheme: bearer, from: env:MITM_CREDENTIAL}
$connections
policy:
  - id: readers
    permit: ["http.get /open/**", "http.post /open/**", "http.put /open/**"]
    on: [docs, sockets, feed, tls, h2, warehouse]
    to: {from: demo, groups: [reader]}
  - id: analysts
    permit: [sql.read]
    on: [warehouse]
    to: {from: demo, groups: [reader]}
  - id: talkers
    permit: [model.message, mcp.connect, mcp.list]
    on: [claude, claude-tls, tickets, tickets-tls]
    to: {from: demo, groups: [reader]}
  - id: askers
    review: ["http.post /review/**"]
    on: [docs]
    to: {from: demo, groups: [reader]}
    by: {from: demo, groups: [reviewer]}
    hold: 0s
$policy
masking:
  - {id: people, detect: [email], with: redact}
"""


class FakeClock:
    """The machine's time, which the test can move on."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time() + self.ahead

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic() + self.ahead


def write_rules(folder: Path, upstream: Upstream, ca: Path, text: str = RULES, **more: str) -> Path:
    """A rules folder for these upstreams; what has no upstream gets a port on which nobody listens."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "demo.pem").exists():
        create_demo_key(folder / "demo.pem")
    values = dict.fromkeys((*NAMES, "tls", "h2", "claude_tls", "tickets_tls"), "")
    values = {name: str(9 + number) for number, name in enumerate(values)}
    values |= {name.replace("-", "_"): str(port) for name, port in upstream.ports.items()}
    values |= {
        "recordings": str(folder.parent / "recordings"),
        "trust": str(ca),
        "connections": "",
        "policy": "",
        "body": "10MiB",
    }
    (folder / "world.yaml").write_text(string.Template(text).substitute(values | more), encoding="utf-8")
    return folder


@dataclass
class Running:
    """A gateway that runs in this event loop."""

    master: master.Master
    pipeline: Pipeline
    clock: FakeClock
    folder: Path
    trust: ssl.SSLContext
    task: asyncio.Task[int] | None = None
    said: list[str] = field(default_factory=list)

    @property
    def services(self) -> Services:
        """What its stages share."""
        return self.pipeline.services

    @property
    def exited(self) -> int | None:
        """The exit status, once it ended by itself."""
        return self.task.result() if self.task is not None and self.task.done() else None

    def address(self, mode: str = "regular") -> tuple[str, int]:
        """Where a listener listens."""
        for instance in self.master.addons.get("proxyserver").servers:
            if instance.mode.type_name == mode:
                return instance.listen_addrs[0][:2]
        raise LookupError(mode)

    def port(self, mode: str = "regular") -> int:
        """The port of a listener."""
        return self.address(mode)[1]

    def token(self, *groups: str, subject: str = "erika", lifetime: float = 600.0) -> str:
        """A fresh token of the demo issuer."""
        claims: dict[str, Any] = {"sub": subject, "groups": list(groups or ("reader",))}
        return mint(self.services.rules.identities[0], claims, lifetime, now=self.clock.now()).reveal()

    def forward(self, token: str = "", *, run: str = "", http2: bool = False) -> httpx.AsyncClient:
        """A client that knows nothing but its proxy."""
        proxy = httpx.Proxy(f"http://{FORWARD}:{self.port()}", auth=(run, token) if token else None)
        return httpx.AsyncClient(proxy=proxy, verify=self.trust, http2=http2, timeout=PATIENCE, trust_env=False)

    def reverse(self, token: str = "") -> httpx.AsyncClient:
        """A client of the reverse listener."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        base = f"http://{REVERSE}:{self.port('reverse')}"
        return httpx.AsyncClient(base_url=base, headers=headers, timeout=PATIENCE, trust_env=False)

    async def raw(self, data: bytes, mode: str = "regular") -> bytes:
        """Everything that comes back for these bytes, until the gateway closes or is silent."""
        reader, writer = await asyncio.open_connection(*self.address(mode))
        with contextlib.closing(writer):
            writer.write(data)
            return await read_all(reader)

    def events(self) -> list[dict[str, Any]]:
        """Everything in the evidence and in the strangers' log."""
        lines = [
            line
            for file in sorted(self.recordings.rglob("*.jsonl"))
            for line in file.read_text(encoding="utf-8").splitlines()
        ]
        return [json.loads(line) for line in lines]

    def reasons(self) -> list[str]:
        """The reasons of all events."""
        return [event["data"]["reason"] for event in self.events() if "reason" in event.get("data", {})]

    @property
    def recordings(self) -> Path:
        """Where it records."""
        return self.folder / "recordings"

    def recorded(self) -> bytes:
        """All bytes of all files it wrote."""
        return b"".join(file.read_bytes() for file in self.recordings.rglob("*") if file.is_file())


async def read_all(reader: asyncio.StreamReader, silence: float = 1.0) -> bytes:
    """What comes until the end, or until nothing came for a while; a whole HTTP answer ends it as well."""
    data = b""
    with contextlib.suppress(TimeoutError, ConnectionError):
        async with asyncio.timeout(PATIENCE):
            while piece := await asyncio.wait_for(reader.read(65536), silence):
                data += piece
                if whole(data):
                    break
    return data


def whole(data: bytes) -> bool:
    """Whether this is a whole answer with a known length."""
    head, end, body = data.partition(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name == b"content-length":
            return bool(end) and len(body) >= int(value)
    return False


async def until(what: Any, patience: float = PATIENCE) -> None:
    """Wait for a condition; fails after a while."""
    deadline = time.monotonic() + patience
    while not what():
        if time.monotonic() > deadline:
            raise TimeoutError("it did not happen in time")
        await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def own(
    folder: Path,
    rules: Path,
    conf: Path,
    trust: ssl.SSLContext,
    *,
    set_options: Mapping[str, Any] | None = None,
    modes: Sequence[str] = (),
    stages: Sequence[str] = ORDER,
    addons: Sequence[Any] = (),
    errorcheck: bool = True,
    observe_until: float = 0.0,
    wait: bool = True,
) -> AsyncIterator[Running]:
    """The Master of `interlock run`, with these stages; `addons` stand at the end of its chain."""
    clock = FakeClock()
    opts = options.Options()
    opts.update(confdir=str(conf), mode=list(modes) or _modes())
    owner = GatewayMaster(opts, with_termlog=False)
    services = Services(load_rules(rules), clock=clock, observe_until=observe_until)
    pipeline = attach(owner, services)
    pipeline.loopback_only, pipeline.leases = True, 1
    for name in stages:
        pipeline.add(assembly.stage(name, services))
    opts.update(**(set_options or {}))
    before = mode_servers.ProxyConnectionHandler
    handler.install()
    undo = lean.install()
    try:
        async with _run(Running(owner, pipeline, clock, folder, trust), addons, errorcheck, wait) as running:
            yield running
    finally:
        undo()
        mode_servers.ProxyConnectionHandler = before


@contextlib.asynccontextmanager
async def dump(
    folder: Path,
    rules: Path,
    conf: Path,
    trust: ssl.SSLContext,
    *,
    scripts: Sequence[Path] = (ENTRIES["bundle"],),
    set_options: Sequence[str] = (),
    modes: Sequence[str] = (),
    addons: Sequence[Any] = (),
    errorcheck: bool = True,
    wait: bool = True,
) -> AsyncIterator[Running]:
    """mitmdump's Master with entry files, started as mitmdump does."""
    opts = options.Options()
    owner = DumpMaster(opts, with_termlog=False, with_dumper=False)
    opts.set(*set_options, f"interlock_rules={rules}", defer=True)
    opts.update(confdir=str(conf), mode=list(modes) or _modes())
    path = list(sys.path)
    try:
        opts.update(scripts=[str(script) for script in scripts])
        async with _run(Running(owner, None, FakeClock(), folder, trust), addons, errorcheck, wait) as running:
            yield running
    finally:
        sys.path[:] = path


def _modes() -> list[str]:
    return [f"regular@{FORWARD}:0", f"reverse:http://{OWN_HOST}@{REVERSE}:0"]


class _Started:
    """Last in the chain: says that every `running` hook was called."""

    name = "started"

    def __init__(self) -> None:
        self.event = asyncio.Event()

    def running(self) -> None:
        """The last one."""
        self.event.set()


@contextlib.asynccontextmanager
async def _run(running: Running, addons: Sequence[Any], errorcheck: bool, wait: bool) -> AsyncIterator[Running]:
    owner, started = running.master, _Started()
    checker = owner.addons.get("errorcheck")
    owner.addons.add(*addons, started)
    if not errorcheck:
        checker.finish()
        owner.addons.remove(checker)

    async def run() -> int:
        try:
            await owner.run()
        except SystemExit as end:
            return int(end.code or 0)
        return 0

    running.task = asyncio.get_running_loop().create_task(run())
    try:
        if wait:
            await until(lambda: started.event.is_set() or running.task.done())
            await asyncio.sleep(0)
        running.pipeline = running.pipeline or pipeline_of(owner)
        yield running
    finally:
        owner.should_exit.set()
        await asyncio.wait_for(running.task, PATIENCE)
        checker.logger.uninstall()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            if "script watcher" in task.get_name():
                task.cancel()


async def open_tunnel(
    gateway: Running, target: str, token: str = "", *, host: str = "", sni: str | None = None, alpn: str = "http/1.1"
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, bytes]:
    """CONNECT by hand, with TLS inside where `sni` is given (empty: none is sent); and the answer to the CONNECT."""
    reader, writer = await asyncio.open_connection(*gateway.address())
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {host or target}"]
    lines += [f"Proxy-Authorization: Bearer {token}"] if token else []
    writer.write("\r\n".join([*lines, "", ""]).encode())
    answered = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
    if sni is not None:
        trust = gateway.trust
        if not sni or sni not in target:
            trust = ssl.create_default_context()
            trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
        trust.set_alpn_protocols([alpn])
        await asyncio.wait_for(writer.start_tls(trust, server_hostname=sni or None), PATIENCE)
    return reader, writer, answered


async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *lines: str, body: bytes = b"") -> bytes:
    """One HTTP/1 message on an open connection, and everything that comes back for it."""
    writer.write("\r\n".join([*lines, "", ""]).encode() + body)
    return await read_all(reader)
