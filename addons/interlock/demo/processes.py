"""Starts a gateway as an operator would: a process of its own, ready when its health endpoint says so.

Three ways start the same pipeline: `interlock run`, and `mitmdump` or `mitmweb` with `-s addons/bundle.py`.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

__all__ = [
    "BUNDLE",
    "RUNNERS",
    "Gateway",
    "Ports",
    "Process",
    "StartError",
    "free_port",
    "gateway_command",
    "listening",
    "program",
]

BUNDLE = Path(__file__).resolve().parents[2] / "bundle.py"
RUNNERS = ("interlock", "mitmdump", "mitmweb")
_START = 30.0
_STOP = 10.0
_EVERY = 0.05
_LOWEST = 20_000
_PORTS = 12_000


class StartError(RuntimeError):
    """A process ended or stayed silent before it was ready; the message ends with what it wrote."""


_given: set[int] = set()


def free_port() -> int:
    """A loopback port that nobody listens on, from below the range that systems hand out themselves; never one twice.

    So that nobody else gets it between this answer and its use: two gateways that start at once would meet.
    """
    while True:
        port = _LOWEST + secrets.randbelow(_PORTS)
        if port in _given:
            continue
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            _given.add(port)
            return port


def listening(port: int, process: Process) -> None:
    """Return once somebody accepts connections on this loopback port. Raises StartError."""
    deadline = time.monotonic() + _START
    while time.monotonic() < deadline and process.running:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(_EVERY)
    raise StartError(f"nobody listens on port {port}: {' '.join(process.command)}\n{process.output()}")


def program(name: str) -> str:
    """A program that was installed beside this Python."""
    return str(Path(sys.executable).with_name(name))


class Process:
    """A child process with its output in a file; ended by its own id when the `with` ends."""

    def __init__(self, command: Sequence[str], *, env: Mapping[str, str], cwd: Path | None = None) -> None:
        self.command = list(command)
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed in stop)
        self._child = subprocess.Popen(  # noqa: S603 (a list, no shell)
            self.command, env=dict(env), cwd=cwd, stdin=subprocess.DEVNULL, stdout=self._log,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._child.pid

    @property
    def running(self) -> bool:
        """Whether it still runs."""
        return self._child.poll() is None

    def output(self) -> str:
        """Everything it has written so far, standard output and standard error together."""
        if self._log.closed:
            return self._last
        return os.pread(self._log.fileno(), 1 << 24, 0).decode("utf-8", "replace")

    def wait(self, seconds: float) -> int:
        """Its exit code; raises subprocess.TimeoutExpired."""
        return self._child.wait(seconds)

    def stop(self) -> int:
        """End it politely, then firmly; its exit code."""
        if self.running:
            self._child.send_signal(signal.SIGTERM)
            try:
                self._child.wait(_STOP)
            except subprocess.TimeoutExpired:
                self._child.kill()
        code = self._child.wait(_STOP)
        self._last = self.output()
        self._log.close()
        return code

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._log.closed:
            self.stop()


@dataclass(frozen=True, slots=True)
class Ports:
    """Where a gateway listens; 0 means that it does not."""

    forward: int = field(default_factory=free_port)
    reverse: int = field(default_factory=free_port)
    console: int = field(default_factory=free_port)


class Gateway:
    """A running gateway. `forward` and `reverse` are URLs; `confdir` holds mitmproxy's CA.

    With `interlock` the rules say where it listens; they are handed the same `ports`.
    """

    def __init__(
        self,
        rules: Path,
        ports: Ports,
        *,
        runner: str = "interlock",
        confdir: Path,
        env: Mapping[str, str],
        extra: Sequence[str] = (),
        entry: Path = BUNDLE,
    ) -> None:
        self.ports = ports
        self.confdir = confdir
        self.runner = runner
        command = [*gateway_command(runner, rules, ports, confdir, entry), *extra]
        self._start = (command, {**os.environ, **env, "PYTHONUNBUFFERED": "1"})
        self.process: Process

    @property
    def forward(self) -> str:
        """The forward proxy's URL."""
        return f"http://127.0.0.1:{self.ports.forward}"

    @property
    def reverse(self) -> str:
        """The reverse proxy's base URL."""
        return f"http://127.0.0.1:{self.ports.reverse}"

    @property
    def ca(self) -> Path:
        """The certificate that agents behind the forward proxy trust."""
        return self.confdir / "mitmproxy-ca-cert.pem"

    def __enter__(self) -> Self:
        command, env = self._start
        self.process = Process(command, env=env)
        try:
            self._await_ready()
        except BaseException:
            self.process.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.stop()

    def _await_ready(self) -> None:
        deadline = time.monotonic() + _START
        while time.monotonic() < deadline:
            if not self.process.running:
                break
            if self._healthy():
                return
            time.sleep(_EVERY)
        state = "is not ready" if self.process.running else "ended"
        raise StartError(f"{self.runner} {state}: {' '.join(self.process.command)}\n{self.process.output()}")

    def _healthy(self) -> bool:
        proxies = {"http": self.forward} if not self.ports.reverse else {}
        url = f"{self.reverse}/-/interlock/health" if self.ports.reverse else "http://interlock.internal/health"
        opener = urllib.request.build_opener(urllib.request.ProxyHandler(proxies))
        with contextlib.suppress(OSError, urllib.error.URLError), opener.open(url, timeout=2) as answer:
            return bool(answer.status == 200)
        return False


def gateway_command(runner: str, rules: Path, ports: Ports, confdir: Path, entry: Path = BUNDLE) -> list[str]:
    """The command line that starts the gateway with this runner; `entry` is the script for mitmdump and mitmweb."""
    if runner == "interlock":
        return [program("interlock"), "run", "--rules", str(rules), "--confdir", str(confdir)]
    command = [program(runner), "--set", f"confdir={confdir}", "--set", f"interlock_rules={rules}"]
    command += ["-s", str(entry)]
    if ports.forward:
        command += ["--mode", f"regular@127.0.0.1:{ports.forward}"]
    if ports.reverse:
        command += ["--mode", f"reverse:http://interlock.internal@127.0.0.1:{ports.reverse}"]
    if runner == "mitmweb":
        command += ["--no-web-open-browser", "--web-port", str(free_port())]
    return command
