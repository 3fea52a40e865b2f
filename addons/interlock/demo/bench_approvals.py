"""`scripts/bench approvals`: what a thousand requests that wait for people cost everybody else.

Rounds of two windows with the same permitted traffic: nobody waits, and so many wait; and the memory between them.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import sqlite3
import statistics
import string
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from interlock.demo.bench import cpu_of
from interlock.demo.issuer import Issuer
from interlock.demo.load import measure, upstream
from interlock.demo.processes import Gateway, Ports
from interlock.engine.stores import FILE

__all__ = ["main"]

_CONNECTIONS = 16
_AT_ONCE = 50
_PATIENCE = 120.0
_RULES = """\
version: 1
gateway: {reverse: "127.0.0.1:${reverse}", recordings: "${recordings}", limits: {pending: 100000, held: 100000}}
identities:
  - {name: demo, issuer: "${issuer}", audience: interlock, claims: {subject: sub, groups: groups}}
connections:
  - {name: docs, protocol: http, hosts: ["http://127.0.0.1:${upstream}"], addresses: [127.0.0.1/32], patient: true}
policy:
  - {id: open, permit: ["http.post /open/**"], on: [docs], to: {groups: [analyst]}}
  - id: ask
    review: ["http.post /held/**"]
    on: [docs]
    to: {groups: [analyst]}
    by: {groups: [reviewer]}
    hold: 25m
    expires: 30m
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; JSON."""
    parser = argparse.ArgumentParser(prog="scripts/bench approvals", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--held", type=int, default=1000, help="requests that wait (default: 1000)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds (default: 5)")
    parser.add_argument("--seconds", type=float, default=3.0, help="length of a window (default: 3)")
    options = parser.parse_args(arguments)
    sys.stdout.write(json.dumps(asyncio.run(_bench(options)), indent=1) + "\n")
    return 0


async def _bench(options: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="interlock-bench-") as name, Issuer() as issuer:
        folder = Path(name)
        async with upstream(b'{"ok": true}') as port:
            ports = Ports(forward=0)
            rules = folder / "rules"
            rules.mkdir()
            values = {"reverse": ports.reverse, "recordings": folder / "recordings", "issuer": issuer.url}
            text = string.Template(_RULES).substitute(values, upstream=port)
            (rules / "bench.yaml").write_text(text, encoding="utf-8")
            token = issuer.token("erika", ("analyst",))
            with Gateway(rules, ports, runner="interlock", confdir=folder / "conf", env={}) as gateway:
                return await _rounds(options, ports.reverse, gateway.process.pid, token, folder / "recordings" / FILE)


async def _rounds(options: argparse.Namespace, port: int, pid: int, token: str, store: Path) -> dict[str, Any]:
    free: list[tuple[float, float]] = []
    loaded: list[tuple[float, float]] = []
    memory: list[float] = []
    requests = [_request("/open/x", token)] * _CONNECTIONS
    for writer in await _hold(port, token, 1, -1, store):  # the store is open
        writer.close()
    await measure(port, requests, connections=_CONNECTIONS, seconds=options.seconds)
    for number in range(options.rounds):
        free.append(await _window(port, pid, requests, options.seconds))
        before = _resident(pid)
        held = await _hold(port, token, options.held, number, store)
        memory.append(_resident(pid) - before)
        loaded.append(await _window(port, pid, requests, options.seconds))
        for writer in held:
            writer.close()
        await _until(lambda: not _pending(store))  # their clients left: they are withdrawn
    rates = [two[0] / one[0] for one, two in zip(free, loaded, strict=True)]
    costs = [two[1] / one[1] for one, two in zip(free, loaded, strict=True)]
    return {
        "held": options.held, "rounds": options.rounds, "seconds": options.seconds,
        "requests_per_second": {
            "nobody waits": statistics.median(rate for rate, _ in free),
            "held": statistics.median(rate for rate, _ in loaded),
        },
        "throughput_ratio": statistics.median(rates), "throughput_ratios": rates,
        "cpu_ratio": statistics.median(costs), "cpu_ratios": costs,
        "memory_mb_first": memory[0], "memory_mb_each": memory,
    }  # fmt: skip


async def _window(port: int, pid: int, requests: Sequence[bytes], seconds: float) -> tuple[float, float]:
    """Requests per second, and seconds of the gateway's CPU for each."""
    before = cpu_of(pid)
    found = await measure(port, requests, connections=_CONNECTIONS, seconds=seconds)
    return found.rate, (cpu_of(pid) - before) / max(1, found.requests)


async def _hold(port: int, token: str, count: int, turn: int, store: Path) -> list[asyncio.StreamWriter]:
    """So many requests, each on a connection of its own, all of them waiting."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(number: int) -> asyncio.StreamWriter:
        async with gate:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(_request(f"/held/{turn}/{number}", token))
            await writer.drain()
            await asyncio.sleep(0.2)
            return writer

    held = await asyncio.gather(*(one(number) for number in range(count)))
    await _until(lambda: _pending(store) >= count)
    return list(held)


async def _until(what: Callable[[], bool]) -> None:
    for _ in range(int(_PATIENCE * 10)):
        if what():
            return
        await asyncio.sleep(0.1)
    raise RuntimeError("the gateway is too slow to ask about so many")


def _pending(store: Path) -> int:
    """How many questions are open; none while there is no store yet."""
    with (
        contextlib.suppress(sqlite3.Error),
        contextlib.closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as database,
    ):
        return int(database.execute("SELECT count(*) FROM interlock_approvals WHERE state = 'pending'").fetchone()[0])
    return 0


def _request(path: str, token: str) -> bytes:
    body = b'{"what": "reindex", "padding": "' + b"x" * 1024 + b'"}'
    head = (
        f"POST /connections/docs{path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {token}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _resident(pid: int) -> float:
    """Megabytes of memory that a process holds."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


if __name__ == "__main__":
    sys.exit(main())
