"""`interlock exec`: a real child behind a gateway; it works, and it knows no token."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.conftest import Interlock
from tests.relay.fake_gateway import FakeGateway

TOKEN = "canary-token-4"
KEY = "canary-key-4"
PEM = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
FETCH = "import httpx; print(httpx.get('http://api.example.com/x').text)"
SHOW = "import os, json; print(json.dumps(dict(os.environ)))"


@pytest.fixture
def interlock(process: Interlock) -> Interlock:
    """A process of its own: signals and exit statuses are real."""
    return process


@pytest.fixture
def gateway() -> Iterator[FakeGateway]:
    """A gateway that takes every token."""
    with FakeGateway() as found:
        yield found


@pytest.fixture
def options(tmp_path: Path, gateway: FakeGateway) -> list[str]:
    """Where the gateway is, its CA, and a token."""
    (tmp_path / "ca.pem").write_text(PEM)
    (tmp_path / "token").write_text(TOKEN)
    return ["--gateway", gateway.url, "--ca", str(tmp_path / "ca.pem"), "--token-file", str(tmp_path / "token")]


def test_a_child_that_knows_nothing_reaches_the_gateway(
    interlock: Interlock, options: list[str], gateway: FakeGateway
) -> None:
    """Its requests arrive with run id and token; what it was given and what is printed hold neither token nor key."""
    code = f"{SHOW}\n{FETCH.replace('httpx.get', 'httpx.Client(verify=False).get')}"
    done = interlock("exec", *options, "--", sys.executable, "-c", code, env={"ANTHROPIC_API_KEY": KEY})
    assert done.code == 0, done.err
    first, second = done.out.splitlines()
    assert json.loads(second)["target"] == "http://api.example.com/x"
    asked, fetched = gateway.seen
    assert asked.credentials == fetched.credentials == (asked.credentials[0], TOKEN)
    run = asked.credentials[0]
    assert len(run) == 32
    assert json.loads(first)["HTTPS_PROXY"].startswith(f"http://{run}:")
    assert TOKEN not in done.out + done.err
    assert KEY not in done.out
    assert run in done.err
    assert "erika (engineer) by corp" in done.err
    assert "cooperative" in done.err


def test_the_secret_is_not_printed_and_no_proxy_is_gone(interlock: Interlock, options: list[str]) -> None:
    """What leads around the gateway does not reach the child; its secret stays between it and the relay."""
    done = interlock("exec", *options, "--", sys.executable, "-c", SHOW, env={"NO_PROXY": "*", "all_proxy": "x"})
    env = json.loads(done.out)
    assert "NO_PROXY" not in env
    assert "all_proxy" not in env
    secret = env["HTTPS_PROXY"].rpartition("@")[0].rpartition(":")[2]
    assert secret not in done.err
    assert not Path(env["SSL_CERT_FILE"]).exists(), "the private folder ends with the run"


@pytest.mark.parametrize(
    ("code", "status"), [("import sys; sys.exit(7)", 7), ("import os; os.kill(os.getpid(), 9)", 137)]
)
def test_the_childs_status_is_passed_on(interlock: Interlock, options: list[str], code: str, status: int) -> None:
    """Its exit code, or 128 + N for signal N."""
    assert interlock("exec", "-q", *options, "--", sys.executable, "-c", code).code == status


def test_commands_that_cannot_start_have_a_shells_status(
    interlock: Interlock, options: list[str], tmp_path: Path
) -> None:
    """127 for none, 126 for one that is not executable."""
    (tmp_path / "plain").write_text("hello")
    assert interlock("exec", *options, "--", "no-such-agent").code == 127
    assert interlock("exec", *options, "--", str(tmp_path / "plain")).code == 126


def test_a_token_that_is_not_taken_stops_before_the_agent_starts(
    interlock: Interlock, options: list[str], gateway: FakeGateway, tmp_path: Path
) -> None:
    """The gateway's words are shown, without control characters; the child never ran."""
    gateway.accepted = {"another"}
    done = interlock("exec", *options, "--", "touch", str(tmp_path / "ran"))
    assert done.code == 1
    assert "the token has expired" in done.err
    assert "\x1b" not in done.err
    assert TOKEN not in done.err
    assert not (tmp_path / "ran").exists()


def test_no_gateway_no_agent(interlock: Interlock, options: list[str], tmp_path: Path) -> None:
    """Nobody at the address: status 1 and what to do."""
    options[1] = "http://127.0.0.1:1"
    done = interlock("exec", *options, "--", "touch", str(tmp_path / "ran"))
    assert done.code == 1
    assert "cannot be reached" in done.err
    assert not (tmp_path / "ran").exists()


def test_a_token_is_not_sent_in_the_clear_to_another_machine(interlock: Interlock, options: list[str]) -> None:
    """Plain HTTP beyond loopback has to be asked for."""
    options[1] = "http://gateway.example.com:8080"
    done = interlock("exec", *options, "--", "true")
    assert done.code == 1
    assert "would show the token" in done.err


def test_a_demo_identity_mints_the_tokens(
    interlock: Interlock, options: list[str], rules: Path, gateway: FakeGateway
) -> None:
    """Without a token source the rules' demo issuer serves, and variables that hold credentials stay outside."""
    done = interlock(
        "exec", *options[:4], "--rules", rules, "--subject", "erika", "--", sys.executable, "-c", SHOW,
        env={"WAREHOUSE_KEY": KEY},
    )  # fmt: skip
    assert done.code == 0, done.err
    assert "WAREHOUSE_KEY" not in json.loads(done.out)
    token = gateway.seen[0].credentials[1]
    assert token.count(".") == 2
    assert token not in done.out + done.err


def test_nothing_says_where_tokens_come_from(interlock: Interlock, options: list[str]) -> None:
    """Neither an option nor rules: the options are named."""
    done = interlock("exec", *options[:4], "--", "true")
    assert done.code == 1
    assert "--token-command" in done.err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGUSR1])
def test_signals_reach_the_child(options: list[str], number: signal.Signals, tmp_path: Path) -> None:
    """The child handles it its own way, and its status comes back."""
    code = (
        f"import signal, sys; signal.signal({int(number)}, lambda *_: sys.exit(42));"
        "print('ready', flush=True); signal.pause()"
    )
    command = [str(Path(sys.executable).with_name("interlock")), "exec", *options, "--", sys.executable, "-c", code]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        os.kill(child.pid, number)
        assert child.wait(20) == 42


def test_claude_code_gets_its_settings_at_the_highest_precedence(
    interlock: Interlock, options: list[str], tmp_path: Path
) -> None:
    """The client is known by its name; the file is there while it runs, and gone afterwards."""
    client = tmp_path / "claude"
    client.write_text(f"#!{sys.executable}\nimport sys; print(sys.argv[1:3]); print(open(sys.argv[2]).read())\n")
    client.chmod(0o755)
    done = interlock("exec", *options, "--", client, "-p", "hi")
    assert done.code == 0, done.err
    words, settings = done.out.splitlines()
    assert "--settings" in words
    env = json.loads(settings)["env"]
    assert env["NO_PROXY"] == env["no_proxy"] == ""
    assert env["HTTPS_PROXY"].endswith(f"@127.0.0.1:{env['HTTP_PROXY'].rpartition(':')[2]}")
    assert env["ANTHROPIC_BASE_URL"] == "https://api.anthropic.com"
