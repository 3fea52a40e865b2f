"""`scripts/bench`: what the gateway costs, as ratios to bare mitmdump measured in the same rounds.

Four ways of reaching one upstream with a 1 KB JSON POST are measured in turn, round after round, so that a noisy
machine is noisy for all of them: direct, `mitmdump -q`, `mitmdump -s addons/bundle.py`, `interlock run`.
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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from interlock.demo.issuer import Issuer
from interlock.demo.load import Measurement, measure, upstream, warm
from interlock.demo.processes import Gateway, Ports, Process, free_port, listening, program
from interlock.demo.rules import PACKS

__all__ = ["cpu_of", "main"]

CONNECTIONS = 16
_SIZE = 1024
_TEMPLATE = Path(__file__).with_name("bench.yaml.template")
_BASELINE = "mitmdump -q"
_CREDENTIAL = {"DEMO_WAREHOUSE_TOKEN": "bench-credential"}


@dataclass
class Subject:
    """One way of reaching the upstream; `pid` is 0 where there is no proxy."""

    name: str
    port: int
    pid: int = 0
    windows: list[Measurement] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def summary(self) -> dict[str, float]:
        """Medians over all rounds: requests/s, milliseconds, microseconds of CPU a request."""
        return {
            "requests_per_second": statistics.median(window.rate for window in self.windows),
            "p50_ms": statistics.median(window.percentile(0.50) for window in self.windows) * 1e3,
            "p99_ms": statistics.median(window.percentile(0.99) for window in self.windows) * 1e3,
            "cpu_us_per_request": statistics.median(self.cpu) * 1e6 if self.cpu else 0.0,
        }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, then a table on a terminal, JSON elsewhere."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__.split("\n\n")[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=7, help="interleaved rounds (default: 7)")
    parser.add_argument("--seconds", type=float, default=3.0, help="length of a window (default: 3)")
    parser.add_argument("--distinct", type=int, default=64, help="different SQL statements sent (default: 64)")
    parser.add_argument("--json", action="store_true", help="JSON even on a terminal")
    parser.add_argument("--config", action="store_true", help="show the rules and the request, measure nothing")
    options = parser.parse_args(arguments)
    console = Console()
    if options.config:
        console.print(_TEMPLATE.read_text(encoding="utf-8"), markup=False, highlight=False)
        console.print(bodies(1)[0].decode(), markup=False, highlight=False)
        return 0
    subjects = asyncio.run(_bench(options))
    report = _report(options, subjects)
    if options.json or not console.is_terminal:
        sys.stdout.write(json.dumps(report, indent=1) + "\n")
    else:
        console.print(_table(report))
    return 1 if any(window.wrong for subject in subjects for window in subject.windows) else 0


async def _bench(options: argparse.Namespace) -> list[Subject]:
    _pin(0, 0)
    loop = asyncio.get_running_loop()
    async with upstream(answer()) as port:
        with contextlib.ExitStack() as stack:
            issuer = stack.enter_context(Issuer())
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="interlock-bench-")))
            subjects = await loop.run_in_executor(None, lambda: _start(stack, folder, issuer, port))
            requests = _requests(issuer.token("bench", ["analyst"], lasts=3600), options.distinct)
            for subject in subjects:
                await warm(subject.port, requests, connections=CONNECTIONS, seconds=min(1.0, options.seconds))
            for number in range(options.rounds):
                turn = number % len(subjects)
                for subject in subjects[turn:] + subjects[:turn]:
                    await _window(subject, requests, options.seconds)
    return subjects


async def _window(subject: Subject, requests: Sequence[bytes], seconds: float) -> None:
    before = cpu_of(subject.pid)
    window = await measure(subject.port, requests, connections=CONNECTIONS, seconds=seconds)
    subject.windows.append(window)
    if subject.pid and window.requests:
        subject.cpu.append((cpu_of(subject.pid) - before) / window.requests)


def _start(stack: contextlib.ExitStack, folder: Path, issuer: Issuer, port: int) -> list[Subject]:
    bare = free_port()
    mode = f"reverse:http://127.0.0.1:{port}@127.0.0.1:{bare}"
    command = [program("mitmdump"), "-q", "--set", f"confdir={folder / 'bare'}", "--mode", mode]
    process = stack.enter_context(Process(command, env=os.environ))
    listening(bare, process)
    subjects = [Subject("direct", port), Subject(_BASELINE, bare, process.pid)]
    for name, runner in (("mitmdump -s addons/bundle.py", "mitmdump"), ("interlock run", "interlock")):
        ports = Ports(forward=0)
        rules = _rules(folder / runner, issuer, ports, port)
        gateway = Gateway(rules, ports, runner=runner, confdir=folder / runner / "conf", env=_CREDENTIAL,
                          extra=["-q"] if runner == "mitmdump" else [])  # fmt: skip
        stack.enter_context(gateway)
        subjects.append(Subject(name, ports.reverse, gateway.process.pid))
    for subject in subjects[1:]:
        _pin(subject.pid, 1)
    return subjects


def _rules(folder: Path, issuer: Issuer, ports: Ports, port: int) -> Path:
    rules = folder / "rules"
    rules.mkdir(parents=True)
    text = string.Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        reverse=ports.reverse, recordings=folder / "recordings", issuer=issuer.url, upstream=port
    )
    (rules / "bench.yaml").write_text(text, encoding="utf-8")
    shutil.copytree(PACKS, rules / "packs")
    return rules


def bodies(distinct: int) -> list[bytes]:
    """1 KB requests, each with another statement, as agents send them."""
    found = []
    for number in range(distinct):
        start = f"SELECT id, name FROM customers WHERE id > {number} AND city IN ('Berlin'"  # noqa: S608 (a number)
        end = ") ORDER BY name"
        room = _SIZE - len(json.dumps({"query": start + end}))
        cities = ", 'Hamburg'" * (room // len(", 'Hamburg'"))
        found.append(json.dumps({"query": start + cities + end}).encode())
    return found


def answer() -> bytes:
    """A 1 KB result with one thing to mask."""
    rows: list[list[Any]] = [[1, "Erika Mustermann", "erika.mustermann@example.com"]]
    rows += [[number, "Customer", "on file"] for number in range(2, 34)]
    return json.dumps({"columns": ["id", "name", "email"], "rows": rows}).encode()


def _requests(token: str, distinct: int) -> list[bytes]:
    head = (
        "POST /connections/warehouse/v1/query HTTP/1.1\r\nhost: 127.0.0.1\r\n"
        f"authorization: Bearer {token}\r\ncontent-type: application/json\r\ncontent-length: "
    )
    made = [f"{head}{len(body)}\r\n\r\n".encode() + body for body in bodies(distinct)]
    return made * (CONNECTIONS // len(made) + 1)


def _pin(pid: int, core: int) -> None:
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        for task in _tasks(pid):
            with contextlib.suppress(OSError):
                os.sched_setaffinity(task, {core})


def _tasks(pid: int) -> Iterator[int]:
    yield pid
    with contextlib.suppress(OSError):
        yield from (int(name) for name in os.listdir(f"/proc/{pid}/task"))


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a process has used; 0 for none."""
    if not pid or not Path(f"/proc/{pid}/stat").exists():
        return 0.0
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _report(options: argparse.Namespace, subjects: Sequence[Subject]) -> dict[str, Any]:
    found = {subject.name: subject.summary() for subject in subjects}
    base = found[_BASELINE]
    for figures in list(found.values()):
        figures["throughput_ratio"] = figures["requests_per_second"] / base["requests_per_second"]
        figures["cpu_ratio"] = figures["cpu_us_per_request"] / base["cpu_us_per_request"]
    return {
        "rounds": options.rounds, "seconds": options.seconds, "connections": CONNECTIONS, "http": "1.1",
        "body_bytes": len(bodies(1)[0]), "answer_bytes": len(answer()), "distinct_statements": options.distinct,
        "wrong": {subject.name: sum(window.wrong for window in subject.windows) for subject in subjects},
        "python": platform.python_version(), "machine": platform.machine(), "subjects": found,
    }  # fmt: skip


def _table(report: Mapping[str, Any]) -> Table:
    title = f"1 KB JSON POST, {report['connections']} connections, median of {report['rounds']} interleaved rounds"
    table = Table(title=title)
    table.add_column("way")
    for heading in ("requests/s", "p50 ms", "p99 ms", "CPU us/request", "throughput", "CPU"):
        table.add_column(heading, justify="right")
    for name, figures in report["subjects"].items():
        proxied = name != "direct"
        table.add_row(
            name, f"{figures['requests_per_second']:,.0f}", f"{figures['p50_ms']:.2f}", f"{figures['p99_ms']:.2f}",
            f"{figures['cpu_us_per_request']:,.0f}" if proxied else "", f"x{figures['throughput_ratio']:.2f}",
            f"x{figures['cpu_ratio']:.2f}" if proxied else "",
        )  # fmt: skip
    return table


if __name__ == "__main__":
    sys.exit(main())
