"""`scripts/bench recording`: what recording costs, as ratios to a gateway that does not record, in the same rounds.

The gateways run the same rules as `scripts/bench` and differ in one thing each. They are started several times: where
a process lies in memory makes it faster or slower for as long as it runs, by more than is measured here; and more
often, within bounds, while the limit lies within two standard errors of what was found: a machine that is busy with
other things says less in the same time. The one that records nothing is made here, in a process of its own, by
exchanging the stage before it starts: no rule and no setting reaches that. `power` is measured with one sync for many
requests, as it is, and with a sync for each event in the event loop.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import platform
import shutil
import statistics
import string
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

from interlock.demo.bench import CONNECTIONS, answer, bodies, cpu_of
from interlock.demo.issuer import Issuer
from interlock.demo.load import measure, upstream, warm
from interlock.demo.processes import Process, free_port, listening
from interlock.demo.rules import PACKS

__all__ = ["main", "serve"]

WAYS = {"off": "process", "process": "process", "power": "power", "power, each": "power"}
"""What is measured, and the `durability` of its rules."""
LIMIT = 0.85
_TEMPLATE = Path(__file__).with_name("bench.yaml.template")
_RUNS = 4


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print JSON; 1 when recording costs more than it may, or anything was answered wrongly."""
    parser = argparse.ArgumentParser(prog="scripts/bench recording", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--starts", type=int, default=8, help="how often the gateways are started (default: 8)")
    parser.add_argument("--most", type=int, default=24, help="and how often where that does not tell (default: 24)")
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds of each start (default: 3)")
    parser.add_argument("--seconds", type=float, default=1.5, help="length of a window (default: 1.5)")
    parser.add_argument("--power", action="store_true", help="with durability power too, with and without group commit")
    options = parser.parse_args(arguments)
    report = asyncio.run(_bench(options))
    sys.stdout.write(json.dumps(report, indent=1) + "\n")
    return 1 if report["wrong"] or report["throughput_ratio"]["process"] < LIMIT else 0


def serve(way: str, rules: Path, confdir: Path) -> int:
    """Runs a gateway in this very process, with one part exchanged."""
    from interlock.mitm.launch import launch

    if way == "off":
        _record_nothing()
    elif way == "power, each":
        _sync_each()
    return launch(rules, confdir, quiet=True)


def _record_nothing() -> None:
    from interlock.mitm import assembly
    from interlock.mitm.call import Call
    from interlock.mitm.products import Recorded
    from interlock.mitm.services import Services
    from interlock.mitm.stage import Stage, need

    class Nothing(Stage):
        name = "record"
        after = ("approve", "mask")

        def __init__(self, _: Services) -> None:
            pass

        async def request(self, call: Call, flow: Any) -> None:
            call.recorded = Recorded(need(call.masked), "bench/1")

    assembly._STAGES["record"] = Nothing


def _sync_each() -> None:
    from interlock.recording import recordings
    from interlock.recording.chain import Chain

    class Each:
        def touch(self, chain: Chain) -> None:
            fd = chain.handle()
            os.fsync(fd)
            os.close(fd)
            chain.keep(chain.end, chain.fresh)

        async def durable(self, chain: Chain) -> None:
            pass

        def sync(self, path: Path) -> bool:
            return path.exists()

        def close(self, seconds: float) -> bool:
            return seconds > 0

    vars(recordings)["Committer"] = Each


async def _bench(options: argparse.Namespace) -> dict[str, Any]:
    ways = list(WAYS) if options.power else ["off", "process"]
    rates: dict[str, list[float]] = {way: [] for way in ways}
    costs: dict[str, list[float]] = {way: [] for way in ways}
    wrong = 0
    async with upstream(answer()) as port:
        for _ in track(
            range(max(options.starts, options.most)), "starts", console=Console(stderr=True), transient=True
        ):
            if _told(options, rates):
                break
            async for way, rate, cost, odd in _windows(options, ways, port):
                rates[way].append(rate)
                costs[way].append(cost)
                wrong += odd
    return _report(options, rates, costs, wrong)


def _told(options: argparse.Namespace, rates: dict[str, list[float]]) -> bool:
    """Whether there are starts enough to tell which side of the limit it is on."""
    if len(rates["off"]) < options.starts * options.rounds:
        return False
    found, error = _ratio(rates, "process"), _standard_error(rates, options.rounds)
    return error is not None and bool(abs(found - LIMIT) > 2 * error)


def _ratio(found: dict[str, list[float]], way: str) -> float:
    return statistics.median(one / other for one, other in zip(found[way], found["off"], strict=True))


def _standard_error(rates: dict[str, list[float]], rounds: int) -> float | None:
    """Of the ratio of throughput, from how the starts differ; None for a single start."""
    every = range(0, len(rates["off"]), rounds)
    starts = [_ratio({way: found[at : at + rounds] for way, found in rates.items()}, "process") for at in every]
    return statistics.stdev(starts) / len(starts) ** 0.5 if len(starts) > 1 else None


async def _windows(
    options: argparse.Namespace, ways: Sequence[str], port: int
) -> AsyncIterator[tuple[str, float, float, int]]:
    """Of gateways that are started for it: each way with its requests a second, seconds of processor time a request,
    and wrong answers, way after way in turns that begin with another each time.
    """
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="interlock-bench-")))
        issuer = stack.enter_context(Issuer())
        requests = _requests(issuer.token("bench", ["analyst"], lasts=3600))
        gateways = {way: await asyncio.to_thread(_start, stack, folder, issuer, port, way) for way in ways}
        _pin([process.pid for _, process in gateways.values()])
        for listens, _ in gateways.values():
            await warm(listens, requests, connections=CONNECTIONS, seconds=min(1.0, options.seconds))
        for turn in range(options.rounds):
            for way in (*ways[turn % len(ways) :], *ways[: turn % len(ways)]):
                listens, process = gateways[way]
                before = cpu_of(process.pid)
                window = await measure(listens, requests, connections=CONNECTIONS, seconds=options.seconds)
                cost = (cpu_of(process.pid) - before) / max(1, window.requests)
                yield way, window.rate, cost, window.wrong


def _start(
    stack: contextlib.ExitStack, folder: Path, issuer: Issuer, upstream_port: int, way: str
) -> tuple[int, Process]:
    port, own = free_port(), folder / way.replace(", ", "-")
    (own / "rules").mkdir(parents=True)
    text = string.Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        reverse=port, recordings=own / "recordings", issuer=issuer.url, upstream=upstream_port
    )
    text = text.replace("route: path", f"route: path\n  durability: {WAYS[way]}")
    (own / "rules" / "bench.yaml").write_text(text, encoding="utf-8")
    shutil.copytree(PACKS, own / "rules" / "packs")
    command = [sys.executable, "-m", "interlock.demo.bench_recording", "--serve", way, str(own / "rules")]
    environment = {**os.environ, "DEMO_WAREHOUSE_TOKEN": "bench-credential"}
    process = stack.enter_context(Process([*command, str(own / "conf")], env=environment))
    listening(port, process)
    return port, process


def _pin(gateways: Sequence[int]) -> None:
    """The gateways take turns on one core; the load and the upstream have the other."""
    if not hasattr(os, "sched_setaffinity") or (os.cpu_count() or 1) < 2:
        return
    os.sched_setaffinity(0, {0})
    for pid in gateways:
        for task in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(OSError):
                os.sched_setaffinity(int(task), {1})


def _requests(token: str) -> list[bytes]:
    return [request for run in range(_RUNS) for request in _of(token, run)]


def _of(token: str, run: int) -> Iterator[bytes]:
    head = (
        "POST /connections/warehouse/v1/query HTTP/1.1\r\nhost: 127.0.0.1\r\n"
        f"authorization: Bearer {token}\r\nx-interlock-run: run-{run}\r\n"
        "content-type: application/json\r\ncontent-length: "
    )
    for body in bodies(64 // _RUNS):
        yield f"{head}{len(body)}\r\n\r\n".encode() + body


def _report(
    options: argparse.Namespace, rates: dict[str, list[float]], costs: dict[str, list[float]], wrong: int
) -> dict[str, Any]:
    report: dict[str, Any] = {
        "starts": len(rates["off"]) // options.rounds, "rounds": options.rounds, "seconds": options.seconds,
        "connections": CONNECTIONS, "sessions": _RUNS,
        "requests_per_second": {way: statistics.median(found) for way, found in rates.items()},
        "cpu_us_per_request": {way: statistics.median(found) * 1e6 for way, found in costs.items()},
        "throughput_ratio": {way: _ratio(rates, way) for way in rates},
        "standard_error": _standard_error(rates, options.rounds),
        "cpu_ratio": {way: _ratio(costs, way) for way in costs},
        "wrong": wrong, "python": platform.python_version(), "machine": platform.machine(),
    }  # fmt: skip
    if "power" in rates:
        each = zip(rates["power"], rates["power, each"], strict=True)
        report["group_commit_ratio"] = statistics.median(one / other for one, other in each)
    return report


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        sys.exit(serve(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])))
    sys.exit(main())
