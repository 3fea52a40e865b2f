"""`interlock sessions`: everything is shown, and nothing of it can steer the terminal."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import Interlock
from tests.house.project import ROOT
from tests.recording.nasty import NASTY, nasty_session

from interlock.demo.processes import program
from interlock.model import Principal
from interlock.recording import Recordings
from interlock.recording.limits import Limits
from interlock.recording.refusals import RefusalLog

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


def test_a_reference_leads_to_its_event(interlock: Interlock, recordings: Path) -> None:
    """What an agent was told, or a backtest names: the event, what came of it, and all that it says."""
    session = json.loads(interlock("sessions", "--recordings", recordings, "--json").out.splitlines()[0])["id"]
    out = interlock("sessions", "show", f"{session}/2", "--recordings", recordings).out
    assert "sql.ddl drop customers" in out
    assert "12 ms" in out
    assert "opened" not in out
    assert '"rule": "sql-drop"' in out
    assert all(char.isprintable() or char == "\n" for char in out)
    lines = interlock("sessions", "show", f"{session}/2", "--recordings", recordings, "--json").out.splitlines()
    assert [json.loads(line)["kind"] for line in lines] == ["decision", "response"]
    for wrong in (f"{session}/99", f"{session}/0", f"{session}/../2"):
        done = interlock("sessions", "show", wrong, "--recordings", recordings)
        assert (done.code, "no event 99" in done.err or "no session" in done.err) == (1, True)


def test_a_reference_into_the_log_of_refusals(interlock: Interlock, recordings: Path) -> None:
    """Callers without a session were told one, too; what rotated away is said."""
    log = RefusalLog(recordings, Clock(), Limits())
    reference = log.add({"reason": "token-missing", "method": "\x1b[2J"})
    log.close()
    out = interlock("sessions", "show", reference, "--recordings", recordings).out
    assert '"reason": "token-missing"' in out
    assert all(char.isprintable() or char == "\n" for char in out)
    line = json.loads(interlock("sessions", "show", reference, "--recordings", recordings, "--json").out)
    assert line["data"]["reason"] == "token-missing"
    done = interlock("sessions", "show", "refusals/999", "--recordings", recordings)
    assert (done.code, "not there" in done.err) == (1, True)
    assert "no session" in interlock("sessions", "show", "../refusals/2", "--recordings", recordings).err


def test_a_narrow_terminal_has_reasons_below(
    interlock: Interlock, recordings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five columns fit into 80, and nothing is lost."""
    monkeypatch.setenv("COLUMNS", "80")
    out = interlock("sessions", "show", "run-1", "--recordings", recordings).out
    assert "why" not in out.splitlines()[1]
    assert "blocked, rule sql-drop" in " ".join(out.split())
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize("arguments", [("sessions", "show", "run-1", "--json"), ("export", "run-1")], ids=" ".join)
def test_a_reader_that_left_is_no_fault(recordings: Path, arguments: tuple[str, ...]) -> None:
    """`| head` ends it without a word about folders."""
    reads, writes = os.pipe()
    os.close(reads)
    command = [program("interlock"), *arguments, "--recordings", str(recordings)]
    try:
        done = subprocess.run(command, stdout=writes, stderr=subprocess.PIPE, timeout=120, check=False)
    finally:
        os.close(writes)
    assert (done.returncode, b"read" in done.stderr, b"Traceback" in done.stderr) == (1, False, False), done.stderr


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


@pytest.fixture
def nasty(tmp_path: Path) -> Path:
    """A recordings folder with one session that is as nasty as can be."""
    nasty_session(tmp_path / "recordings")
    return tmp_path / "recordings"


READERS = [
    ("sessions",),
    ("sessions", "show", "run-1"),
    ("sessions", "show", "run-1", "--graph"),
    ("sessions", "show", "run-1", "--json"),
    ("sessions", "show", "run-1", "--graph", "--json"),
    ("sessions", "--json"),
    ("sessions", "--principal", NASTY[3]),
    *(("export", "run-1", "--format", name) for name in ("har", "otlp", "ocsf", "jsonl", "csv")),
]


@pytest.mark.parametrize("arguments", READERS, ids=" ".join)
def test_no_reader_is_steered_by_what_it_reads(interlock: Interlock, nasty: Path, arguments: tuple[str, ...]) -> None:
    """Of every nasty text, through everything that prints recordings: only printable characters reach a terminal, and
    nothing is taken for markup.
    """
    done = interlock(*arguments, "--recordings", nasty)
    assert done.code == 0, done.err
    assert all(char.isprintable() or char in "\r\n" for char in done.out + done.err)
    if "--json" in arguments or arguments[0] == "export":
        assert done.out.isascii() or "csv" in arguments
        assert "\r" not in done.out or "csv" in arguments
    elif "show" in arguments:
        assert "[boldred]x[/]" in "".join(done.out.split())
        assert ":boom:" in done.out


def test_what_is_asked_for_is_found(interlock: Interlock, recordings: Path) -> None:
    """By principal, decision, connection and time; what is not there is said."""

    def subjects(*arguments: str) -> list[str]:
        out = interlock("sessions", *arguments, "--recordings", recordings, "--json").out
        return [json.loads(line)["subject"] for line in out.splitlines()]

    assert subjects("--principal", "max") == ["max"]
    assert subjects("--decision", "forbid", "--connection", "warehouse") == ["erika"]
    assert subjects("--since", "2027-01-15") == ["erika", "max"]
    assert subjects("--until", "2027-01-14") == []
    done = interlock("sessions", "--principal", "nobody", "--recordings", recordings)
    assert "no sessions in which this was found" in done.err
    wrong = interlock("sessions", "--since", "soon", "--recordings", recordings)
    assert (wrong.code, "is no time" in wrong.err) == (1, True)
    shown = interlock("sessions", "show", "run-1", "--decision", "forbid", "--recordings", recordings, "--json").out
    assert [json.loads(line)["kind"] for line in shown.splitlines()] == ["decision"]


def test_every_look_is_noted(interlock: Interlock, recordings: Path) -> None:
    """Who by the operating system, which command, which session and what was asked."""
    interlock("sessions", "--recordings", recordings)
    interlock("sessions", "show", "run-1", "--decision", "forbid", "--recordings", recordings, "--json")
    interlock("export", "run-1", "--format", "har", "--recordings", recordings)
    looks = [json.loads(line)["data"] for line in (recordings / "looks.jsonl").read_text().splitlines()][1:]
    assert [look["how"] for look in looks] == [
        "interlock sessions list", "interlock sessions show", "interlock export --format har",
    ]  # fmt: skip
    assert looks[1]["what"]["decision"] == "forbid"
    assert len(looks[1]["what"]["session"]) == 26
    assert str(os.getuid()) in looks[0]["who"]


def test_a_look_that_finds_nothing_is_noted_too(interlock: Interlock, recordings: Path) -> None:
    """That somebody has no session tells something about them."""
    interlock("sessions", "--principal", "nobody-of-that-name", "--recordings", recordings)
    *_, look = (recordings / "looks.jsonl").read_text().splitlines()
    assert json.loads(look)["data"]["what"] == {"principal": "nobody-of-that-name"}


def test_a_folder_nobody_can_write_is_shown_with_a_word(interlock: Interlock, recordings: Path) -> None:
    """An auditor's copy on read-only media is worth nothing if nobody may read it."""
    (recordings / "looks.jsonl").mkdir()
    done = interlock("sessions", "show", "run-1", "--recordings", recordings)
    assert done.code == 0
    assert "this look is not recorded" in done.err
    assert "sql-drop" in done.out


def test_what_was_masked_is_shown_as_it_is_now(interlock: Interlock, nasty: Path) -> None:
    """Where, by what, and what stands there in the recorded body; never what stood there."""
    words = " ".join(interlock("sessions", "show", "run-1", "--recordings", nasty).out.split())
    assert "/a: [bold red]x[/] → \\u{1b}[2J ([bold red]x[/], 3f2a91)" in words


def test_sessions_are_followed_live(recordings: Path) -> None:
    """What comes is told as it comes, of several sessions, until somebody ends it."""
    command = [program("interlock"), "sessions", "follow", "--recordings", str(recordings), "--json"]
    started = [sys.executable, "-c", _INTERRUPTIBLE, *command]
    with subprocess.Popen(started, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            assert process.stderr.readline() == "following; ctrl-c ends it\n"
            found = Recordings(recordings, Clock(), rules_digest="d" * 64)
            for run in ("run-3", "run-4"):
                found.session(Principal("corp", "https://idp.example.com", run), run)
            lines = [json.loads(process.stdout.readline()) for _ in range(2)]
            assert [(line["kind"], line["data"]["run"]) for line in lines] == [("opened", "run-3"), ("opened", "run-4")]
            found.close()
        finally:
            process.send_signal(signal.SIGINT)
            try:
                assert process.wait(30) == 0
            finally:
                process.kill()


_INTERRUPTIBLE = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""A suite that runs in the background ignores interrupts, and so would its children."""


GOLDEN = [
    ("sessions",),
    ("sessions", "--decision", "forbid"),
    *(("sessions", "show", "demo-analyst", *more) for more in ((), ("--graph",), ("--json",))),
    *(("export", "demo-analyst", "--format", name) for name in ("har", "otlp", "ocsf", "jsonl", "csv")),
]


@pytest.mark.parametrize("arguments", GOLDEN, ids=" ".join)
def test_recordings_of_format_1_are_read_everywhere(
    interlock: Interlock, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    """The golden day that an earlier version recorded."""
    shutil.copytree(ROOT / "recordings" / "samples" / "format-1", tmp_path / "recordings")
    done = interlock(*arguments, "--recordings", tmp_path / "recordings")
    assert done.code == 0, done.err
    assert "DAMAGED" not in done.out
    if arguments[:2] == ("sessions", "show") and "--json" not in arguments:
        assert "sql.read" in done.out
    if arguments[0] == "export":
        assert "customers" in done.out
