"""`interlock sessions`: everything is shown, and nothing of it can steer the terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Interlock

from interlock.model import Principal
from interlock.recording import Recordings

HOSTILE = "/a\x1b[2J\u202egnp.exe[bold red]x[/]\r\n:boom:"


class Clock:
    """Stands still."""

    def now(self) -> float:
        return 1_800_000_000.0

    def monotonic(self) -> float:
        return 1.0


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    """Two sessions; the first one holds what an attacker would write."""
    folder = tmp_path / "recordings"
    found = Recordings(folder, Clock(), rules_digest="d" * 64)
    one = found.session(Principal("corp", "https://idp.example.com", "erika"), "run-1")
    one.append(
        "decision",
        {
            "effect": "forbid", "reason": "blocked", "rule": "sql-drop", "connection": "warehouse", "method": "POST",
            "path": HOSTILE,
            "operations": [{"name": "sql.ddl", "kinds": ["drop"], "tables": ["customers"], "access": "ddl"}],
            "reports": [{"rule": "quiet", "effect": "forbid", "reason": "forbidden"}],
        },
    )  # fmt: skip
    one.append(
        "response",
        {
            "decision": f"{one.id}/2",
            "status": 200,
            "milliseconds": 12,
            "masked": [{"detector": "email", "place": "/a"}],
        },
    )
    found.session(Principal("corp", "https://idp.example.com", "max"), "run-2")
    found.close()
    return folder


def test_sessions_are_listed(interlock: Interlock, recordings: Path) -> None:
    """Who, when, which run, in what state."""
    done = interlock("sessions", "--recordings", recordings)
    assert done.code == 0, done.err
    assert "erika by corp" in done.out
    assert "run-2" in done.out
    assert "closed" in done.out


def test_machines_get_json_lines(interlock: Interlock, recordings: Path) -> None:
    """One session a line, one event a line."""
    listed = [
        json.loads(line)
        for line in interlock("sessions", "list", "--recordings", recordings, "--json").out.splitlines()
    ]
    assert [entry["subject"] for entry in listed] == ["erika", "max"]
    shown = interlock("sessions", "show", listed[0]["id"], "--recordings", recordings, "--json").out
    events = [json.loads(line) for line in shown.splitlines()]
    assert [event["kind"] for event in events] == ["opened", "decision", "response", "closed"]
    assert events[1]["data"]["path"] == HOSTILE
    assert shown.isascii()


def test_a_timeline_says_what_was_tried_and_why_it_ended_so(interlock: Interlock, recordings: Path) -> None:
    """Operation with what it touches, decision, rule, reason, masks."""
    done = interlock("sessions", "show", "run-1", "--recordings", recordings)
    assert done.code == 0, done.err
    words = " ".join(done.out.split())
    for part in (
        "erika by corp",
        "forbid",
        "sql.ddl drop customers",
        "blocked",
        "sql-drop",
        "masked email x1",
        "12 ms",
    ):
        assert part in words
    assert "quiet would forbid" in words


def test_nothing_from_traffic_steers_the_terminal(interlock: Interlock, recordings: Path) -> None:
    """Control characters and bidi marks are written out, markup and emoji names stay text, nothing is cut."""
    out = interlock("sessions", "show", "run-1", "--recordings", recordings).out
    assert all(char.isprintable() or char == "\n" for char in out)
    joined = "".join(out.split())
    for part in ("\\u{1b}[2J", "\\u{202e}gnp.exe", "[boldred]x[/]", "\\u{d}\\u{a}", ":boom:"):
        assert part in joined


def test_a_damaged_line_is_shown_as_such(interlock: Interlock, recordings: Path) -> None:
    """The timeline does not hide what does not verify."""
    folder = next(path for path in sorted(recordings.iterdir()) if path.is_dir() and len(path.name) == 26)
    evidence = folder / "evidence.jsonl"
    evidence.write_bytes(evidence.read_bytes().replace(b'"sql-drop"', b'"sql-read"'))
    out = interlock("sessions", "show", "run-1", "--recordings", recordings).out
    assert "DAMAGED decision" in " ".join(out.split())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["show"], "which session"),
        (["show", "../../etc"], "no session"),
        (["show", "0"], "beginning of 2 sessions"),
        (["show", "\x1b[2J"], "no session '\\x1b[2J'"),
    ],
)
def test_a_session_that_is_not_there_is_said(
    interlock: Interlock, recordings: Path, arguments: list[str], says: str
) -> None:
    """What is typed never becomes a path, and an ambiguous beginning picks nothing."""
    done = interlock("sessions", *arguments, "--recordings", recordings)
    assert done.code == 1
    assert says in done.err


def test_a_folder_that_is_not_there_is_said(interlock: Interlock, tmp_path: Path) -> None:
    """Status 1 and the option to use."""
    done = interlock("sessions", "--recordings", tmp_path / "none")
    assert done.code == 1
    assert "--recordings" in done.err
