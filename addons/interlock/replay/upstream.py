"""A recording's answers behind a real mitmdump, in a process of its own: what code under test talks to.

    with RecordedUpstream([Path("recordings/samples/demo")]) as recorded:
        client = Anthropic(base_url=recorded.url("claude"), api_key="unused")

It listens on loopback ports that nobody else has, dials nobody, and ends when this process ends.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

import interlock
from interlock.errors import InterlockError
from interlock.model import JSON

__all__ = ["RecordedUpstream"]

_LIBRARY: Final = Path(interlock.__file__).resolve().parent
_ENTRY: Final = _LIBRARY / "mitm" / "replaying_entry.py"
_START: Final = 120.0
_STOP: Final = 5.0
_EVERY: Final = 0.02
_OWN: Final = "/-/interlock/replay"
_TAIL: Final = 2000
_MITMDUMP: Final = "import sys; from mitmproxy.tools.main import mitmdump; sys.exit(mitmdump(sys.argv[1:]))"


class RecordedUpstream:
    """Answers from recordings. `proxy` and `base_url` are where it listens, `ca` is the certificate to trust."""

    def __init__(
        self, recordings: Sequence[Path], *, ignore: Sequence[str] = (), repeat: bool = False, pace: bool = False
    ) -> None:
        """`ignore` are JSONPaths of members of a body that may differ from the recorded ones. With `repeat` the last
        answer to a request is given again and again, with `pace` streams pause as they did.
        """
        self._folder = Path(tempfile.mkdtemp(prefix="interlock-replay-"))
        self._told: dict[str, JSON] = {
            "recordings": [str(path.resolve()) for path in recordings],
            "ignore": [*ignore],
            "repeat": repeat,
            "pace": pace,
            "ready": str(self._folder / "ready.json"),
        }
        self._child: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None
        self._ports: dict[str, int] = {}
        self._connections: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def base_url(self) -> str:
        """For clients that are given a base URL: answers of any connection, by path."""
        return f"http://127.0.0.1:{self._ports['reverse']}"

    def url(self, connection: str) -> str:
        """The base URL of one recorded connection, by its name in the rules. Raises InterlockError for any other."""
        if connection not in self._connections:
            known = ", ".join(self._connections) or "none: base_url answers for all"
            raise InterlockError(f"the recording has no connection {connection!a}; it has {known}")
        return f"{self.base_url}/connections/{connection}"

    @property
    def proxy(self) -> str:
        """For clients that are given a proxy: the recorded origins, with TLS under `ca`."""
        return f"http://127.0.0.1:{self._ports['regular']}"

    @property
    def ca(self) -> Path:
        """The certificate (PEM) under which the proxy shows the recorded origins."""
        return self._folder / "mitmproxy-ca-cert.pem"

    @property
    def environment(self) -> Mapping[str, str]:
        """What the environment of a program holds, so that it goes here, with nothing past it, and trusts it."""
        kinds = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
        proxies = dict.fromkeys((*kinds, *map(str.lower, kinds)), self.proxy)
        proxies |= {"NO_PROXY": "", "no_proxy": ""}  # one that was set outside would lead past it
        names = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
        return {**proxies, **{name: str(self.ca) for name in names}}

    def state(self) -> dict[str, JSON]:
        """What was `given` (of so many `answers`), which are `unused`, and what was `missed`. Raises InterlockError."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(self.base_url + _OWN, timeout=_START) as answer:
                found: dict[str, JSON] = json.load(answer)
                return found
        except (OSError, ValueError):
            raise InterlockError(f"the recording's server does not answer\n{self._said()}") from None

    def assert_all_used(self) -> None:
        """Raises AssertionError with the recorded requests that nobody made."""
        unused = self.state()["unused"]
        if unused:
            raise AssertionError(f"the recording was not used to its end: {json.dumps(unused, indent=1)}")

    def assert_nothing_missed(self) -> None:
        """Raises AssertionError with the requests that are not in the recording, and what came nearest to them."""
        missed = self.state()["missed"]
        if missed:
            raise AssertionError(f"these requests are not in the recording: {json.dumps(missed, indent=1)}")

    def close(self) -> None:
        """Ends the process and removes what it left."""
        child, self._child = self._child, None
        if child is not None:
            if child.stdin is not None:
                child.stdin.close()  # it ends by itself when nobody is there any more
            child.terminate()
            try:
                child.wait(_STOP)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait(_STOP)
        if self._log is not None:
            self._log.close()
            self._log = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self) -> None:
        path = os.pathsep.join([str(_LIBRARY.parent), *filter(None, [os.environ.get("PYTHONPATH")])])
        env = {**os.environ, "PYTHONPATH": path, "INTERLOCK_REPLAY": json.dumps(self._told), "PYTHONUNBUFFERED": "1"}
        options = ("connection_strategy=lazy", "upstream_cert=false", "rawtcp=false", "onboarding=false")
        command = [
            sys.executable, "-c", _MITMDUMP, "-q", "-s", str(_ENTRY), "--set", f"confdir={self._folder}",
            *(word for option in options for word in ("--set", option)),
            "--mode", "regular@localhost:0", "--mode", "reverse:http://recording.invalid@127.0.0.1:0",
        ]  # fmt: skip
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 (closed in close)
        self._child = subprocess.Popen(  # noqa: S603 (a list, no shell)
            command, env=env, stdin=subprocess.PIPE, stdout=self._log, stderr=subprocess.STDOUT
        )
        self._ports = self._ready(self._child)

    def _ready(self, child: subprocess.Popen[bytes]) -> dict[str, int]:
        """The ports, once everybody listens. Raises InterlockError."""
        ready, deadline = self._folder / "ready.json", time.monotonic() + _START
        while not ready.exists() and child.poll() is None and time.monotonic() < deadline:
            time.sleep(_EVERY)
        if not ready.exists():
            raise InterlockError(f"the recording's server did not start\n{self._said()}")
        found = json.loads(ready.read_text("utf-8"))
        if "error" in found:
            raise InterlockError(str(found["error"]))
        self._connections = tuple(map(str, found.get("connections", ())))
        return {name: int(port) for name, port in found.items() if isinstance(port, int)}

    def _said(self) -> str:
        if self._log is None or self._log.closed:
            return ""
        return os.pread(self._log.fileno(), 1 << 20, 0).decode("utf-8", "replace")[-_TAIL:]
