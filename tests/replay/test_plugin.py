"""A recording answers to code under test, through a real mitmdump that dials nobody."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.replay.world import World, get, query, rules_in, who

from interlock.demo.samples import SAMPLES
from interlock.errors import InterlockError
from interlock.replay import RecordedUpstream

pytestmark = pytest.mark.e2e

ERIKA = who("erika.mustermann", "analyst")
PROJECT = '''
"""An agent's own tests."""

import anthropic
import httpx
import interlock.errors
import mcp
import pytest

HELLO = {"role": "user", "content": "Please tidy up."}
TOOLS = [{"name": "Bash", "input_schema": {"type": "object", "properties": {"command": {"type": "string"}}}}]


def test_the_agent_streams_from_the_model(recorded_upstream):
    recorded = recorded_upstream("demo")
    with anthropic.Anthropic(api_key="unused", base_url=recorded.url("claude")) as client:
        with client.messages.stream(model="claude-demo", max_tokens=200, tools=TOOLS, messages=[HELLO]) as stream:
            message = stream.get_final_message()
        assert [block.type for block in message.content] == ["thinking", "text", "tool_use"]
        with pytest.raises(anthropic.APIStatusError) as error:
            client.messages.create(model="claude-demo", max_tokens=200, messages=[HELLO])
    assert error.value.status_code == 501
    assert "/stream" in error.value.body["nearest"]["differs"]
    with pytest.raises(AssertionError, match="not in the recording"):
        recorded.assert_nothing_missed()


def test_the_agent_reads_customers(recorded_upstream):
    recorded = recorded_upstream("demo")
    answer = httpx.post(recorded.url("warehouse") + "/v1/query", json={"query": "SELECT * FROM customers"})
    assert "Erika Mustermann" in answer.text
    assert recorded.state()["given"] == 1
    with pytest.raises(AssertionError, match="not used to its end"):
        recorded.assert_all_used()
    with pytest.raises(interlock.errors.InterlockError, match="'werehouse'; it has claude, db, warehouse"):
        recorded.url("werehouse")


def test_a_recording_that_is_not_there(recorded_upstream):
    with pytest.raises(pytest.UsageError, match="there is no recording"):
        recorded_upstream("nowhere")
'''


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecordedUpstream]:
    """The answers to a read, a file and a stream."""
    folder = tmp_path_factory.mktemp("recorded")
    world = World(folder, rules_in(folder / "then"))
    body = b'{"query": "SELECT name FROM customers", "to": "[redacted:email]"}'
    world.ask(ERIKA, "warehouse", "POST", "/v1/query", query("SELECT 1"), body=body, answer=b'{"rows": [1]}')
    world.ask(ERIKA, "files", "GET", "/files/a?x=1", get("/files/a"), answer=b"a text", kind="text/plain")
    stream = b"data: one\n\ndata: two\n\n"
    world.ask(
        ERIKA, "files", "GET", "/files/s", get("/files/s"), answer=stream, kind="text/event-stream",
        timing=[[0, 11], [400, 11]],
    )  # fmt: skip
    with RecordedUpstream([world.close()], pace=True) as found:
        yield found


def test_a_project_of_its_own_runs_offline(tmp_path: Path) -> None:
    """With the entry point alone: real clients against the golden recording, in a pytest of their own."""
    (tmp_path / "pytest.ini").write_text(f"[pytest]\ninterlock_recordings = {SAMPLES}\n", encoding="utf-8")
    (tmp_path / "test_agent.py").write_text(PROJECT, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout


def test_the_plugin_costs_nobody_who_does_not_use_it() -> None:
    """Importing it imports neither the engine nor mitmproxy."""
    program = (
        "import sys, interlock.replay.plugin\n"
        "print([name for name in ('mitmproxy', 'sqlglot', 'interlock.engine', 'msgspec') if name in sys.modules])"
    )
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "addons")}
    done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_proxy_with_tls_answers_for_the_recorded_origins(recorded: RecordedUpstream) -> None:
    """HTTPS through CONNECT under its own certificate; masked bodies match what they were made from."""
    import ssl

    trusts = ssl.create_default_context(cafile=str(recorded.ca))
    with httpx.Client(proxy=recorded.proxy, verify=trusts, trust_env=False) as client:
        sent = {"to": "[redacted:email]", "query": "SELECT name FROM customers"}
        answer = client.post("https://warehouse.example.com/v1/query", json=sent)
        assert (answer.status_code, answer.json()) == (200, {"rows": [1]})
        assert client.get("https://files.example.com/files/a?x=1").text == "a text"
        missed = client.get("https://elsewhere.example.com/files/a?x=1")
    assert missed.status_code == 501
    assert missed.headers["content-type"] == "application/problem+json"
    assert "nearest" not in missed.json()
    assert recorded.environment["HTTPS_PROXY"] == recorded.proxy
    assert Path(recorded.environment["SSL_CERT_FILE"]).is_file()


def test_what_was_set_outside_leads_nobody_past_it(recorded: RecordedUpstream, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hosts that need no proxy outside, and a proxy for all the rest, count for nothing in a program's environment."""
    outside = {"NO_PROXY": "*", "no_proxy": "*,files.example.com", "ALL_PROXY": "socks5://192.0.2.1:9"}
    code = "import urllib.request as u; print(u.getproxies(), u.proxy_bypass('files.example.com'))"
    env = {**os.environ, **outside, **recorded.environment}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.count(recorded.proxy) == 3
    assert "192.0.2.1" not in done.stdout
    assert done.stdout.strip().endswith("False") or done.stdout.strip().endswith(" 0")


def test_a_stream_comes_in_its_pieces_and_at_its_pace(recorded: RecordedUpstream) -> None:
    """The second piece no sooner than it came then; what holds one alone comes before the other is sent."""
    began, came = time.monotonic(), []
    with httpx.Client(trust_env=False) as client, client.stream("GET", recorded.url("files") + "/files/s") as answer:
        assert answer.headers["content-type"] == "text/event-stream"
        for piece in answer.iter_raw():
            came.append((piece, time.monotonic() - began))
    assert b"".join(piece for piece, _ in came) == b"data: one\n\ndata: two\n\n"
    assert came[-1][1] >= 0.4
    assert len(came) == 2 or came[0][1] >= 0.4  # a machine too busy to look in between


def test_nothing_is_dialled(recorded: RecordedUpstream) -> None:
    """Neither for a request that is not in the recording, nor for a tunnel that speaks no HTTP."""
    before = len(recorded.state()["missed"])
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        port, dialled = server.getsockname()[1], []

        def accept() -> None:
            try:
                dialled.append(server.accept())
            except TimeoutError:
                return

        thread = threading.Thread(target=accept)
        thread.start()
        with httpx.Client(proxy=recorded.proxy, trust_env=False) as client:
            assert client.get(f"http://127.0.0.1:{port}/x").status_code == 501
        proxy = httpx.URL(recorded.proxy)
        with socket.create_connection((proxy.host, proxy.port or 0), timeout=60) as tunnel:
            tunnel.sendall(f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
            tunnel.recv(1024)
            tunnel.sendall(b"\x00\x01\x02 not http at all\r\n\r\n")
            tunnel.settimeout(2)
            with contextlib.suppress(TimeoutError, ConnectionError):
                tunnel.recv(1024)
        thread.join()
    assert not dialled
    assert len(recorded.state()["missed"]) == before + 1


def test_it_ends_with_whoever_started_it(world: World, tmp_path: Path) -> None:
    """Also when that one was killed: its end of a pipe closes."""
    world.ask(ERIKA, "files", "GET", "/files/a", get("/files/a"))
    program = (
        "import sys, os\nfrom pathlib import Path\nfrom interlock.replay import RecordedUpstream\n"
        "found = RecordedUpstream([Path(sys.argv[1])]).__enter__()\n"
        "print(found.base_url, flush=True)\nos.kill(os.getpid(), 9)\n"
    )
    command = [sys.executable, "-c", program, world.close()]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    port = httpx.URL(done.stdout.strip()).port
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            return
        time.sleep(0.1)
    pytest.fail("it still listens")


def test_what_cannot_be_answered_with_is_said(tmp_path: Path) -> None:
    """A folder without sessions: the error of the process reaches whoever started it."""
    with pytest.raises(InterlockError, match="no answers"), RecordedUpstream([tmp_path]):
        pass
