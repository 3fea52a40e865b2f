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
        (["--to", "warehouse=http://127.0.0.1:9"], "where to with requests to 'db'"),
        (["--to", "warehouse=http://127.0.0.1:9", "--to", "nowhere=http://127.0.0.1:9"], "no requests to 'nowhere'"),
        (["--to", "http://127.0.0.1:9", "--to", "http://127.0.0.1:8"], "says twice"),
        (["--to", "http://127.0.0.1:9", "--to", "warehouse=ftp://x"], "is no base URL"),
        (["--to", "http://127.0.0.1:9", "--to", "warehouse="], "'' is no base URL"),
        (["--to", "warehouse=", "--connection", "warehouse"], "'' is no base URL"),
        (["--to", "http://127.0.0.1:9", "--header", "nowhere=a: b"], "no requests to 'nowhere'"),
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


def test_each_connection_goes_where_it_is_said(interlock, recordings, staging) -> None:
    """With a path of its own and headers of its own: what one upstream is given the other never gets."""
    url, handler = staging
    session = ("replay", "demo-analyst", "--recordings", recordings)
    everywhere = interlock(*session, "--to", url, "--header", "x-all: 1", "--json")
    paths = [path for _, path, _, _ in handler.seen]
    handler.seen.clear()
    done = interlock(
        *session, "--to", f"{url}/others", "--to", f"warehouse={url}/w", "--json",
        "--header", "x-all: 1", "--header", "warehouse=authorization: secret",
    )  # fmt: skip
    assert [json.loads(line)["status"] for line in done.out.splitlines()] == [
        json.loads(line)["status"] for line in everywhere.out.splitlines()
    ]
    bases = {path: path.removeprefix("/others").removeprefix("/w/").lstrip("/") for _, path, _, _ in handler.seen}
    assert [bases[path] for _, path, _, _ in handler.seen] == [path.lstrip("/") for path in paths]
    to_warehouse = [headers for _, path, headers, _ in handler.seen if path.startswith("/w/")]
    others = [headers for _, path, headers, _ in handler.seen if path.startswith("/others/")]
    assert (len(to_warehouse), len(to_warehouse) + len(others)) == (2, len(paths))
    assert others
    assert {headers.get("authorization") for headers in to_warehouse} == {"secret"}
    assert not any("authorization" in headers for headers in others)
    assert {headers["x-all"] for headers in (*to_warehouse, *others)} == {"1"}
