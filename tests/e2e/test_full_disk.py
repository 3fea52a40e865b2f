"""A gateway whose recordings have no room, or may not be written: traffic stops, and goes on when that is mended."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import httpx
import pytest

from interlock.demo.issuer import Issuer
from interlock.demo.model_stream import events
from interlock.demo.processes import Gateway, Ports, StartError
from interlock.demo.serving import Reply, Request, Served
from interlock.recording import list_sessions, read_events, verify

RULES = """\
version: 1
gateway: {{reverse: "127.0.0.1:{reverse}", route: path, recordings: "{recordings}", store: "sqlite:{store}"}}
identities:
  - {{name: demo, issuer: "{issuer}", audience: interlock, algorithms: [RS256, ES256], claims: {{groups: groups}}}}
connections:
  - {{name: items, protocol: http, hosts: ["{upstream}"], addresses: [127.0.0.0/8], streams: events}}
  - {{name: claude, protocol: anthropic, hosts: ["{model}"], addresses: [127.0.0.0/8]}}
policy:
  - {{id: items, permit: ["http.post /items/**", "http.get /items/**"], on: [items], to: {{groups: [analyst]}}}}
  - {{id: model, permit: [model.message], on: [claude], to: {{groups: [analyst]}}}}
  - {{id: tools, permit: ["tool.use:*", shell.read], on: agent, to: {{groups: [analyst]}}}}
"""
MESSAGE = {
    "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-demo", "stop_reason": "tool_use",
    "stop_sequence": None, "usage": {"input_tokens": 1, "output_tokens": 2},
    "content": [
        {"type": "text", "text": "I am looking."},
        {"type": "tool_use", "id": "toolu_1", "name": "Bash", "input": {"command": "ls /srv/reports"}},
    ],
}  # fmt: skip
ASKED = {
    "model": "claude-demo", "max_tokens": 9, "stream": True, "messages": [{"role": "user", "content": "What is it?"}],
    "tools": [{"name": "Bash", "input_schema": {"type": "object"}}],
}  # fmt: skip
_PATIENCE = 60.0
_DROP = """
import ctypes, os, sys
if os.geteuid() == 0:
    ctypes.CDLL(None, use_errno=True).prctl(24, 1, 0, 0, 0)  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Root passes over what may be written; without this capability it is as everybody is."""


class Upstream(Served):
    """Answers at once, or begins a stream and goes on when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go_on = threading.Event(), threading.Event()

    def answer(self, request: Request) -> Reply:
        if request.path == "/v1/messages":
            return Reply(content_type="text/event-stream", pieces=self._held(list(events(MESSAGE)), 6))
        if request.path == "/items/stream":
            lines = [b"data: one\n\n", b"data: two\n\n"]
            return Reply(content_type="text/event-stream", pieces=self._held(lines, 1))
        return Reply.of({"kept": True})

    def _held(self, pieces: list[bytes], first: int) -> Iterator[bytes]:
        yield from pieces[:first]
        self.begun.set()
        self.go_on.wait(_PATIENCE)
        yield from pieces[first:]


class Trouble(Protocol):
    """What is wrong with the place of the recordings."""

    folder: Path

    def begin(self, gateway: Gateway) -> None: ...

    def end(self, gateway: Gateway) -> None: ...


class Limited:
    """No file of the gateway can grow: to it this is a full disk, for whoever runs the tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self, gateway: Gateway) -> None:
        files = [*self.folder.glob("*/evidence.jsonl"), *self.folder.glob("refusals*.jsonl")]
        room = max((file.stat().st_size for file in files), default=0) + 150  # in the middle of the next line
        resource.prlimit(gateway.process.pid, resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))

    def end(self, gateway: Gateway) -> None:
        resource.prlimit(gateway.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)


class Volume:
    """A volume of its own, really full."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def begin(self, gateway: Gateway) -> None:
        with contextlib.suppress(OSError), self._filler.open("wb", buffering=0) as file:
            for size in (1 << 16, 64, 1):
                with contextlib.suppress(OSError):
                    while file.write(b"x" * size):
                        pass

    def end(self, gateway: Gateway) -> None:
        self._filler.unlink()


def _mounted(folder: Path) -> bool:
    """Whether this user may mount a small volume there, and it is."""
    command = shutil.which("mount")
    if command is None or os.geteuid() != 0:
        return False
    mount = [command, "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    return subprocess.run(mount, capture_output=True, check=False).returncode == 0


def _unmount(folder: Path) -> None:
    subprocess.run(["umount", str(folder)], capture_output=True, check=True)


def _can_mount() -> bool:
    with tempfile.TemporaryDirectory() as name:
        if not _mounted(Path(name)):
            return False
        _unmount(Path(name))
    return True


TROUBLES = [Limited, *([Volume] if _can_mount() else [])]


class Place:
    """A gateway, its upstream, and agents."""

    def __init__(self, gateway: Gateway, upstream: Upstream, model: Upstream, issuer: Issuer, recordings: Path) -> None:
        self.gateway, self.upstream, self.model, self.recordings = gateway, upstream, model, recordings
        self._issuer = issuer

    def client(self, subject: str = "erika", run: str = "run-1") -> httpx.Client:
        token = self._issuer.token(subject, ["analyst"])
        headers = {"authorization": f"Bearer {token}", "x-interlock-run": run}
        url = f"{self.gateway.reverse}/connections/"
        return httpx.Client(base_url=url, headers=headers, timeout=60, trust_env=False)

    def post(self, name: str, **who: str) -> httpx.Response:
        with self.client(**who) as client:
            return client.post(f"items/items/{name}", json={"note": "x" * 300})

    def until_it_passes(self, name: str, **who: str) -> httpx.Response:
        """Sends again as an agent does that was told so; the last answer."""
        ends = time.monotonic() + _PATIENCE
        while (answer := self.post(name, **who)).status_code != 200 and time.monotonic() < ends:
            time.sleep(0.1)
        return answer

    def exhaust(self) -> None:
        """Sends until the last block of any evidence is full: what it still takes is recorded, and passes."""
        ends = time.monotonic() + _PATIENCE
        for run in ("run-2", "run-1"):
            while self.post("room", run=run).status_code == 200 and time.monotonic() < ends:
                pass

    def reached(self) -> set[str]:
        return {request.path.rpartition("/")[2] for request in self.upstream.seen}

    def decided(self) -> set[str]:
        lines = (
            line for session in list_sessions(self.recordings) for line in read_events(self.recordings / session.id)
        )
        events = [line.event for line in lines if line.event is not None and line.event.kind == "decision"]
        return {str(event.data["path"]).rpartition("/")[2] for event in events if event.data["effect"] == "permit"}


@contextlib.contextmanager
def place(
    folder: Path, recordings: Path, wrap: Callable[[list[str]], list[str]] = lambda command: command
) -> Iterator[Place]:
    """`interlock run` with its recordings in a folder that the test has made."""
    with Upstream() as upstream, Upstream() as model, Issuer() as issuer:
        ports = Ports(forward=0)
        (folder / "rules").mkdir()
        rules = RULES.format(
            reverse=ports.reverse, recordings=recordings, store=folder / "store.sqlite", issuer=issuer.url,
            upstream=upstream.url, model=model.url,
        )  # fmt: skip
        (folder / "rules" / "rules.yaml").write_text(rules, encoding="utf-8")
        gateway = Gateway(folder / "rules", ports, confdir=folder / "conf", env={})
        command, env = gateway._start
        gateway._start = wrap(command), env
        with gateway:
            yield Place(gateway, upstream, model, issuer, recordings)


@pytest.fixture(scope="module", params=TROUBLES, ids=lambda kind: kind.__name__.lower())
def full(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, Trouble]]:
    """A gateway whose place for recordings may run full; a real volume too, where one may be mounted."""
    folder = tmp_path_factory.mktemp("full")
    recordings = folder / "recordings"
    recordings.mkdir(mode=0o700)
    volume = request.param is Volume
    if volume:
        assert _mounted(recordings)
    try:
        with place(folder, recordings) as there:
            assert there.post("before").status_code == 200
            yield there, request.param(recordings)
        assert {session.state for session in list_sessions(recordings)} == {"closed"}
        assert verify(recordings).ok
    finally:
        if volume:
            _unmount(recordings)


def test_a_full_disk_stops_traffic_until_there_is_room(full: tuple[Place, Trouble]) -> None:
    """Known runs and new ones are refused with a reason and what to do; nothing of it reaches the upstream."""
    there, trouble = full
    trouble.begin(there.gateway)
    there.exhaust()
    refused = [there.post(f"full-{number}", run=run) for number, run in enumerate(["run-1", "run-1", "run-2"])]
    assert [answer.status_code for answer in refused] == [503] * 3
    assert {answer.json()["reason"] for answer in refused} == {"recording-unavailable"}
    told = [answer.text for answer in refused]
    assert ["is the disk full" in text for text in told] == [True] * 3, told
    trouble.end(there.gateway)
    assert there.until_it_passes("after").status_code == 200
    assert there.until_it_passes("new", run="run-2").status_code == 200
    assert not {name for name in there.reached() if name.startswith("full-")}
    assert there.decided() >= there.reached()
    assert verify(there.recordings).ok


def test_a_tool_that_cannot_be_recorded_is_not_proposed(full: tuple[Place, Trouble]) -> None:
    """It runs full in the middle of a model's answer: in place of its tool call stands why there is none."""
    there, trouble = full
    got = b""
    with there.client() as client, client.stream("POST", "claude/v1/messages", json=ASKED) as answer:
        assert answer.status_code == 200
        assert there.model.begun.wait(_PATIENCE)
        trouble.begin(there.gateway)
        there.exhaust()
        there.model.go_on.set()
        with contextlib.suppress(httpx.RemoteProtocolError):
            for part in answer.iter_raw():
                got += part
    trouble.end(there.gateway)
    assert b"kin" in got
    assert b"reports" not in got
    assert b"recording-unavailable" in got
    assert there.until_it_passes("after").status_code == 200
    assert verify(there.recordings).ok


def test_a_stream_whose_end_cannot_be_recorded_has_no_end(full: tuple[Place, Trouble]) -> None:
    """What was given cannot be taken back, but nobody takes it for a whole answer."""
    there, trouble = full
    with there.client() as client, client.stream("GET", "items/items/stream") as answer:
        assert there.upstream.begun.wait(_PATIENCE)
        trouble.begin(there.gateway)
        there.exhaust()
        there.upstream.go_on.set()
        with pytest.raises(httpx.RemoteProtocolError):
            answer.read()
    trouble.end(there.gateway)
    assert there.until_it_passes("after").status_code == 200
    assert verify(there.recordings).ok


def test_an_unwritable_folder_stops_new_runs_until_it_is_writable(tmp_path: Path) -> None:
    """Nobody's run begins unrecorded; one whose files are open goes on, because it is recorded."""
    recordings = tmp_path / "recordings"
    recordings.mkdir(mode=0o700)
    with place(tmp_path, recordings, lambda command: [sys.executable, "-c", _DROP, *command]) as there:
        assert there.post("before").status_code == 200
        recordings.chmod(0o500)
        refused = there.post("new", subject="max", run="run-2")
        assert refused.status_code == 503
        assert "recording-unavailable" in refused.text
        assert "folder" in refused.text
        assert there.post("known").status_code == 200
        recordings.chmod(0o700)
        assert there.until_it_passes("mended", subject="max", run="run-2").status_code == 200
        assert there.reached() == {"before", "known", "mended"}
    assert there.decided() == there.reached()
    assert verify(recordings).ok


def test_a_folder_that_cannot_be_written_stops_the_start(tmp_path: Path) -> None:
    """The gateway answers nothing but that it is not ready, and its log says why."""
    recordings = tmp_path / "recordings"
    recordings.mkdir(mode=0o500)
    there = place(tmp_path, recordings, lambda command: [sys.executable, "-c", _DROP, *command])
    with pytest.raises(StartError, match="recordings folder cannot be used"), there:
        pass
