"""`scripts/bench stream`: what the gateway adds to the time until an agent gets the first text of a streamed answer.

One model API answers; each round asks it in turn directly, through `mitmdump -q` that passes streams on, and through
`interlock run` without masks and with every detector. The first text is that of the first `text_delta`. What is added
is the median of the differences to mitmdump in the same round: it holds the judging of the request as well.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import shutil
import statistics
import string
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from interlock.demo.issuer import Issuer
from interlock.demo.model_api import ModelApi, Turn, text
from interlock.demo.processes import Gateway, Ports, Process, free_port, listening, program
from interlock.demo.rules import PACKS
from interlock.masking import known_detectors

__all__ = ["LIMIT_MS", "added", "main"]

LIMIT_MS = 2.0
_TEMPLATE = Path(__file__).with_name("bench_stream.yaml.template")
_BASELINE = "mitmdump -q"
_WAYS = ("direct", _BASELINE, "interlock run", "interlock run, masks")
_KEY = "bench-model-key"
_SAYS = "I have looked at the files that you named, and this is what I would change in them. " * 20
_TEXT = b'"text_delta"'
_TIMEOUT = 20.0

type Rounds = Mapping[str, Sequence[float]]


class _Asked:
    """One way to the model, over a connection that stays open."""

    def __init__(self, port: int, path: str, token: str) -> None:
        self._client = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT)
        self._path = path
        self._headers = {"content-type": "application/json", "x-api-key": _KEY}
        if token:
            self._headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}

    def first_text(self) -> float:
        """Seconds until the first text is here; the whole answer is read. Raises OSError for another status."""
        body = json.dumps({"model": "claude-demo", "max_tokens": 100, "stream": True,
                           "messages": [{"role": "user", "content": "Look at the files."}]})  # fmt: skip
        started = time.perf_counter()
        self._client.request("POST", self._path + "/v1/messages", body, self._headers)
        answer = self._client.getresponse()
        if answer.status != 200:
            raise OSError(f"{self._path or 'the model'} answered {answer.status}: {answer.read()[:500]!r}")
        seen, took = b"", 0.0
        while piece := answer.read1(1 << 16):
            seen += piece
            if not took and _TEXT in seen:
                took = time.perf_counter() - started
        if not took:
            raise OSError("the answer held no text")
        return took


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, then a table on a terminal, JSON elsewhere. 1 when more is added than may be."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench stream", description=__doc__.split("\n\n")[0] if __doc__ else ""
    )
    parser.add_argument("--rounds", type=int, default=200, help="interleaved rounds (default: 200)")
    parser.add_argument("--json", action="store_true", help="JSON even on a terminal")
    options = parser.parse_args(arguments)
    console = Console()
    with contextlib.ExitStack() as stack:
        ways = _start(stack)
        for asked in ways.values():
            asked.first_text()  # what is imported at the first request is not measured
        rounds: dict[str, list[float]] = {name: [] for name in ways}
        for number in track(range(options.rounds), "rounds", console=Console(stderr=True), transient=True):
            turn = number % len(_WAYS)
            for name in _WAYS[turn:] + _WAYS[:turn]:
                rounds[name].append(ways[name].first_text())
    report = {"rounds": options.rounds, "limit_ms": LIMIT_MS, "ways": added(rounds)}
    if options.json or not console.is_terminal:
        sys.stdout.write(json.dumps(report, indent=1) + "\n")
    else:
        console.print(_table(report))
    return 1 if any(found["added_ms"] > LIMIT_MS for found in report["ways"].values()) else 0


def added(rounds: Rounds, baseline: str = _BASELINE) -> dict[str, dict[str, float]]:
    """Milliseconds to the first text, and the median of what each way adds to the baseline, round by round."""
    base = rounds[baseline]
    return {
        name: {
            "first_text_ms": round(statistics.median(times) * 1e3, 2),
            "added_ms": round(statistics.median(a - b for a, b in zip(times, base, strict=True)) * 1e3, 2),
        }
        for name, times in rounds.items()
    }


def _start(stack: contextlib.ExitStack) -> dict[str, _Asked]:
    issuer = stack.enter_context(Issuer())
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="interlock-bench-")))
    plain, masked = (stack.enter_context(ModelApi(_KEY, [Turn((text(_SAYS),))])) for _ in range(2))
    bare = free_port()
    mode = f"reverse:{plain.url}@127.0.0.1:{bare}"
    command = [program("mitmdump"), "-q", "--set", f"confdir={folder / 'bare'}", "--set", "stream_large_bodies=1"]
    listening(bare, stack.enter_context(Process([*command, "--mode", mode], env=os.environ)))
    ports = Ports(forward=0)
    rules = folder / "rules"
    rules.mkdir()
    said = string.Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        reverse=ports.reverse, recordings=folder / "recordings", issuer=issuer.url, plain=plain.port,
        masked=masked.port, detectors=", ".join(sorted(known_detectors())),
    )  # fmt: skip
    (rules / "bench.yaml").write_text(said, encoding="utf-8")
    shutil.copytree(PACKS, rules / "packs")
    stack.enter_context(Gateway(rules, ports, confdir=folder / "conf", env={"DEMO_MODEL_KEY": _KEY}))
    token = issuer.token("bench", ["engineer"], lasts=3600)
    return {
        _WAYS[0]: _Asked(plain.port, "", ""),
        _WAYS[1]: _Asked(bare, "", ""),
        _WAYS[2]: _Asked(ports.reverse, "/connections/plain", token),
        _WAYS[3]: _Asked(ports.reverse, "/connections/masked", token),
    }


def _table(report: Mapping[str, Any]) -> Table:
    table = Table(
        title=f"Time to the first text of a stream, median of {report['rounds']} rounds (at most {LIMIT_MS:g} ms added)"
    )
    table.add_column("way")
    for heading in ("first text ms", "added ms"):
        table.add_column(heading, justify="right")
    for name, found in report["ways"].items():
        table.add_row(name, f"{found['first_text_ms']:.2f}", f"{found['added_ms']:+.2f}")
    return table


if __name__ == "__main__":
    sys.exit(main())
