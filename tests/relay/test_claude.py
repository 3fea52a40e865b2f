"""Claude Code's settings: what decides about the route is pinned where no repository can change it."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from interlock.errors import InterlockError
from interlock.relay.claude import is_claude, with_settings

ENV = {
    "HTTPS_PROXY": "http://run:secret@127.0.0.1:1",
    "https_proxy": "http://run:secret@127.0.0.1:1",
    "SSL_CERT_FILE": "bundle.pem",
    "API_TIMEOUT_MS": "1800000",
}


def settings(command: list[str]) -> dict[str, object]:
    """What the file after `--settings` says."""
    assert command[1] == "--settings"
    found: dict[str, object] = json.loads(Path(command[2]).read_text())
    return found


def test_the_client_is_known_by_its_name() -> None:
    """Wherever it is installed."""
    assert is_claude(["/usr/local/bin/claude", "-p"])
    assert not is_claude(["python", "claude"])
    assert not is_claude([])


def test_route_and_trust_are_pinned_in_every_spelling(tmp_path: Path) -> None:
    """Also what is not set: an empty no_proxy beats the repository's."""
    command = with_settings(["claude", "-p", "hi"], ENV, tmp_path)
    assert command[3:] == ["-p", "hi"]
    env = settings(command)["env"]
    assert isinstance(env, dict)
    assert env["HTTPS_PROXY"] == env["https_proxy"] == ENV["HTTPS_PROXY"]
    assert env["NO_PROXY"] == env["no_proxy"] == env["ALL_PROXY"] == ""
    assert env["SSL_CERT_FILE"] == "bundle.pem"
    assert env["NODE_TLS_REJECT_UNAUTHORIZED"] == "1"
    assert env["ANTHROPIC_BASE_URL"] == "https://api.anthropic.com"
    assert env["API_TIMEOUT_MS"] == "1800000"


def test_only_its_owner_can_read_the_file(tmp_path: Path) -> None:
    """It holds the run's secret."""
    command = with_settings(["claude"], ENV, tmp_path)
    assert stat.S_IMODE(Path(command[2]).stat().st_mode) == 0o600


def test_a_base_url_of_the_process_stays(tmp_path: Path) -> None:
    """The caller chose it, and it is pinned."""
    env = settings(with_settings(["claude"], {**ENV, "ANTHROPIC_BASE_URL": "http://127.0.0.1:9"}, tmp_path))["env"]
    assert isinstance(env, dict)
    assert env["ANTHROPIC_BASE_URL"] == "http://127.0.0.1:9"


@pytest.mark.parametrize("joined", [True, False])
def test_the_users_own_settings_are_merged(tmp_path: Path, joined: bool) -> None:
    """The client takes the last `--settings` alone, so theirs must not follow ours; ours win."""
    own = json.dumps({"model": "x", "env": {"HTTPS_PROXY": "http://evil.example.com", "MINE": "1"}})
    words = [f"--settings={own}"] if joined else ["--settings", own]
    command = with_settings(["claude", *words, "-p", "hi", "--", "--settings", "text"], ENV, tmp_path)
    assert command[3:] == ["-p", "hi", "--", "--settings", "text"]
    found = settings(command)
    assert found["model"] == "x"
    assert isinstance(found["env"], dict)
    assert found["env"]["MINE"] == "1"
    assert found["env"]["HTTPS_PROXY"] == ENV["HTTPS_PROXY"]


def test_the_users_own_settings_may_be_a_file(tmp_path: Path) -> None:
    """As the client itself allows."""
    (tmp_path / "own.json").write_text('{"model": "y"}')
    command = with_settings(["claude", "--settings", str(tmp_path / "own.json")], ENV, tmp_path)
    assert settings(command)["model"] == "y"


@pytest.mark.parametrize("value", ["{", "[]", "/does/not/exist.json", '{"env": []}', '{"a": NaN'])
def test_settings_that_cannot_be_read_stop_the_start(tmp_path: Path, value: str) -> None:
    """Dropping them silently would run the agent other than its user meant."""
    with pytest.raises(InterlockError, match="--settings"):
        with_settings(["claude", "--settings", value], ENV, tmp_path)
