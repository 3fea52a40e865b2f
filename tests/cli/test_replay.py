"""`interlock replay`: a session's requests to another upstream, named by the person who sends them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.replay.test_sending import staging

from interlock.demo.samples import SAMPLES

__all__ = ["staging"]


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    """The golden day, where looks may be noted."""
    shutil.copytree(SAMPLES / "demo", tmp_path / "recordings")
    return tmp_path / "recordings"


def test_a_session_is_sent_to_staging(interlock, recordings, staging, monkeypatch) -> None:
    """Its requests to one connection, with a header from the environment; the differences are of kinds."""
    url, handler = staging
    monkeypatch.setenv("STAGING_TOKEN", "staging-secret")
    done = interlock(
        "replay", "demo-analyst", "--recordings", recordings, "--to", url, "--connection", "warehouse",
        "--header", "Authorization: env:STAGING_TOKEN", "--json",
    )  # fmt: skip
    found = [json.loads(line) for line in done.out.splitlines()]
    assert done.code == 1  # staging has other members
    assert [one["status"] for one in found if not one["skipped"]] == [200, 200]
    assert {"/columns gone", "/rows/* object, was list"} <= set(found[0]["differs"])
    assert {seen["authorization"] for _, _, seen, _ in handler.seen} == {"staging-secret"}
    assert "staging-secret" not in done.out + done.err
    table = interlock("replay", "demo-analyst", "--recordings", recordings, "--to", url)
    assert "the gateway refused it then" in table.out
    assert "interlock replay" in (recordings / "looks.jsonl").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "where to?"),
        (["--to", "ftp://x"], "is no base URL"),
        (["--to", "http://127.0.0.1:9", "--header", "nonsense"], "--header is not understood"),
        (["--to", "http://127.0.0.1:9", "--header", "a: env:NO_SUCH_VARIABLE"], "holds no 'NO_SUCH_VARIABLE'"),
        (["--to", "http://127.0.0.1:9", "--header", "a: x\ny"], "holds what no header can"),
        (["--to", "http://127.0.0.1:9", "--substitute", "a=b"], "is no substitution"),
        (["--to", "http://127.0.0.1:9", "--connection", "nowhere"], "no such requests"),
    ],
)
def test_nothing_is_sent_unless_it_is_said_where(interlock, recordings, arguments, says) -> None:
    """The recorded origins are named, and never gone to by themselves."""
    done = interlock("replay", "demo-analyst", "--recordings", recordings, *arguments)
    assert done.code == 1
    assert says in done.err


def test_what_a_recording_should_not_hold_does_not_leave(interlock, recordings, staging) -> None:
    """Headers that nobody listed stay here, unless one of that name is given; the output names them."""
    url, handler = staging
    hostile = next(path for path in recordings.glob("*/flows.mitm") if b"accept-encoding" in path.read_bytes())
    hostile.write_bytes(hostile.read_bytes().replace(b"accept-encoding", b"x-customs-token"))
    named = ("replay", hostile.parent.name, "--recordings", recordings, "--to", url)
    done = interlock(*named)
    assert "left out: " in done.out
    assert "header x-customs-token" in done.out
    assert handler.seen
    assert not any("x-customs-token" in seen for _, _, seen, _ in handler.seen)
    handler.seen.clear()
    done = interlock(*named, "--header", "x-customs-token: mine", "--json")
    assert {seen["x-customs-token"] for _, _, seen, _ in handler.seen} == {"mine"}
    assert not any("header x-customs-token" in json.loads(line)["left_out"] for line in done.out.splitlines())
