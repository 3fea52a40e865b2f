"""`scripts/bench kill`: SIGKILL at random moments under load, restart on the same folder, and what was lost.

Several agents with several sessions send requests without a pause; the upstream writes down each one that reached it.
The gateway is killed and started again as often as asked, some of the times while it starts. At the end it recovers,
and the recordings are compared with what the upstream saw and with what the agents were answered.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import signal
import string
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from interlock.demo.issuer import Issuer
from interlock.demo.load import message_size, upstream
from interlock.demo.processes import Gateway, Ports, Process, gateway_command
from interlock.recording import list_sessions, read_events, verify

__all__ = ["Outcome", "kill", "main"]

_RULES = string.Template("""\
version: 1
gateway: {reverse: "127.0.0.1:$reverse", route: path, recordings: $recordings, durability: $durability}
identities:
  - {name: demo, issuer: "$issuer", audience: interlock, algorithms: [RS256, ES256], claims: {groups: groups}}
connections:
  - {name: items, protocol: http, hosts: ["http://127.0.0.1:$upstream"], addresses: [127.0.0.1/32]}
policy:
  - {id: items, permit: ["http.post /items/**"], on: [items], to: {from: demo, groups: [analyst]}}
""")
_BODY = json.dumps({"note": "x" * 500}).encode()
_MOST_REQUESTS = 120
_JITTER_SECONDS = 0.05
_START_SECONDS = 1.5
_IN_START = 5
"""One kill in so many falls into the start, when the kill before it is being recovered from."""
_SETTLE_SECONDS = 30.0


@dataclass
class Outcome:
    """What happened. Everything from `unrecorded` on has to be nothing."""

    moments: int = 0
    killed_in_start: int = 0
    restarts_seconds: float = 0.0
    reached: int = 0
    answered: int = 0
    decisions: int = 0
    sessions: int = 0
    recovered: int = 0
    torn: int = 0
    unrecorded: int = 0
    answers_unrecorded: int = 0
    left_open: int = 0
    broken: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing was lost and everything verifies."""
        return not (self.unrecorded or self.answers_unrecorded or self.left_open or self.broken)


class _Agents:
    """Clients that go on whatever happens to their gateway."""

    def __init__(self, port: int, issuer: Issuer, count: int) -> None:
        self.answered: set[str] = set()
        self._port = port
        tokens = [issuer.token(f"agent-{number}", ["analyst"], lasts=3600) for number in range(3)]
        self._heads = [
            f"host: 127.0.0.1\r\nauthorization: Bearer {tokens[number % 3]}\r\n"
            f"x-interlock-run: run-{number % 5}-{number % 3}\r\ncontent-type: application/json\r\n"
            f"content-length: {len(_BODY)}\r\n\r\n".encode()
            for number in range(count)
        ]

    async def run(self) -> None:
        """Until it is cancelled."""
        await asyncio.gather(*(self._one(number, head) for number, head in enumerate(self._heads)))

    async def _one(self, number: int, head: bytes) -> None:
        sent = 0
        while True:
            with contextlib.suppress(OSError, EOFError, TimeoutError, ValueError):
                reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
                try:
                    while True:
                        sent += 1
                        name = f"r{number}n{sent}"
                        writer.write(b"POST /connections/items/items/%b HTTP/1.1\r\n" % name.encode() + head + _BODY)
                        async with asyncio.timeout(10):
                            answer = await reader.readuntil(b"\r\n\r\n")
                            await reader.readexactly(message_size(answer) - len(answer))
                        if answer.startswith(b"HTTP/1.1 200"):
                            self.answered.add(name)
                finally:
                    writer.close()
            await asyncio.sleep(0.02)


async def kill(folder: Path, *, moments: int, seed: int, clients: int = 8, durability: str = "process") -> Outcome:
    """Kills a gateway so many times and compares. Raises StartError when it does not come up again."""
    random_ = random.Random(seed)  # noqa: S311 (moments, no secrets)
    outcome, seen = Outcome(moments=moments), set[str]()
    ports = Ports(forward=0)
    recordings = folder / "recordings"
    with Issuer() as issuer:
        async with upstream(b"{}", lambda request: seen.add(_last_part(request))) as port:
            (folder / "rules").mkdir()
            (folder / "rules" / "kill.yaml").write_text(
                _RULES.substitute(
                    reverse=ports.reverse, recordings=recordings, durability=durability, issuer=issuer.url,
                    upstream=port,
                ),
                encoding="utf-8",
            )  # fmt: skip
            agents = _Agents(ports.reverse, issuer, clients)
            load = asyncio.create_task(agents.run())
            try:
                for number in range(moments):
                    in_start = number % _IN_START == _IN_START - 1
                    outcome.killed_in_start += in_start
                    once = _kill_in_start if in_start else _kill_under_load
                    outcome.restarts_seconds += await once(folder, ports, random_, seen)
                load.cancel()
                await asyncio.gather(load, return_exceptions=True)
                with await asyncio.to_thread(_started, folder, ports):
                    await asyncio.to_thread(_settled, recordings)
            finally:
                load.cancel()
    await asyncio.to_thread(_compare, outcome, recordings, seen, agents.answered)
    return outcome


def _last_part(request: bytes) -> str:
    """Of a request's path: what tells one from all others."""
    return request.split(b" ", 2)[1].rpartition(b"/")[2].decode()


def _started(folder: Path, ports: Ports) -> Process:
    return Gateway(folder / "rules", ports, confdir=folder / "conf", env={}).__enter__().process


async def _kill_under_load(folder: Path, ports: Ports, random_: random.Random, seen: set[str]) -> float:
    """Some time after a random number of further requests has reached the upstream."""
    begun = time.monotonic()
    process = await asyncio.to_thread(_started, folder, ports)
    took = time.monotonic() - begun
    wanted, ends = len(seen) + random_.randint(0, _MOST_REQUESTS), time.monotonic() + _SETTLE_SECONDS
    while len(seen) < wanted and time.monotonic() < ends:  # noqa: ASYNC110 (the upstream knows nothing of this)
        await asyncio.sleep(0.001)
    await asyncio.sleep(random_.uniform(0.0, _JITTER_SECONDS))
    _end(process)
    return took


async def _kill_in_start(folder: Path, ports: Ports, random_: random.Random, _: set[str]) -> float:
    command = gateway_command("interlock", folder / "rules", ports, folder / "conf")
    process = Process(command, env=os.environ)
    await asyncio.sleep(random_.uniform(_START_SECONDS / 2, _START_SECONDS * 1.5))
    _end(process)
    return 0.0


def _end(process: Process) -> None:
    os.kill(process.pid, signal.SIGKILL)  # nobody has waited for it yet, so it is its own id
    process.stop()


def _settled(recordings: Path) -> None:
    """Returns when what the dead gateways left is closed."""
    ends = time.monotonic() + _SETTLE_SECONDS
    while time.monotonic() < ends:
        if all(session.state == "closed" for session in list_sessions(recordings)):
            return
        time.sleep(0.2)


def _compare(outcome: Outcome, recordings: Path, seen: set[str], answered: set[str]) -> None:
    decided, replied = set[str](), set[str]()
    for session in list_sessions(recordings):
        outcome.sessions += 1
        outcome.left_open += session.state != "closed"
        names: dict[str, str] = {}
        for line in read_events(recordings / session.id):
            if line.event is None:
                outcome.torn += 1
                continue
            data = line.event.data
            if line.event.kind == "decision" and data.get("effect") == "permit":
                names[f"{session.id}/{line.event.seq}"] = str(data.get("path", "")).rpartition("/")[2]
            elif line.event.kind == "response":
                replied.add(names.get(str(data.get("decision")), ""))
            elif line.event.kind == "closed":
                outcome.recovered += data.get("reason") == "recovered"
        decided.update(names.values())
    outcome.reached, outcome.answered, outcome.decisions = len(seen), len(answered), len(decided)
    outcome.unrecorded, outcome.answers_unrecorded = len(seen - decided), len(answered - replied)
    outcome.broken = [
        f"{finding.file}:{finding.line} {finding.message}"
        for chain in verify(recordings).chains
        for finding in chain.findings
        if finding.grave
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill, compare, print JSON; 1 when anything was lost."""
    parser = argparse.ArgumentParser(prog="scripts/bench kill", description=__doc__.split("\n\n")[0] if __doc__ else "")
    parser.add_argument("--moments", type=int, default=200, help="how often it is killed (default: 200)")
    parser.add_argument("--seed", type=int, default=1, help="of the random moments (default: 1)")
    parser.add_argument("--clients", type=int, default=8, help="agents at once (default: 8)")
    parser.add_argument("--durability", choices=("process", "power"), default="process", help="of the evidence")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="interlock-kill-") as folder:
        outcome = asyncio.run(kill(Path(folder), **vars(options)))
    sys.stdout.write(json.dumps(asdict(outcome), indent=1) + "\n")
    return 0 if outcome.ok else 1


if __name__ == "__main__":
    sys.exit(main())
