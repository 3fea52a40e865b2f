"""The recordings folder of one gateway."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from interlock.errors import Refused
from interlock.model import Principal
from interlock.reasons import Reason
from interlock.recording import Limits, Recordings, list_sessions, read_events, verify

_ADDONS = Path(__file__).parents[2] / "addons"
_PROGRAM = """
import sys, time, resource
from pathlib import Path
from interlock.errors import Refused
from interlock.model import Principal
from interlock.recording import Recordings
class Clock:
    now = staticmethod(time.time)
    monotonic = staticmethod(time.monotonic)
recordings = Recordings(Path(sys.argv[1]), Clock())
erika = Principal("demo", "https://issuer.example", "erika.mustermann")
session = recordings.session(erika, "run-1")
"""


def _run(program: str, folder: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(_ADDONS)}
    return subprocess.Popen(
        [sys.executable, "-c", _PROGRAM + program, str(folder)], stdout=subprocess.PIPE, text=True, env=environment
    )


def test_a_principals_run_is_one_session(recordings, erika, max_) -> None:
    """Keyed by issuer, subject and run: none of them alone."""
    session = recordings.session(erika, "run-1")
    assert recordings.session(erika, "run-1") is session
    other_issuer = Principal("other", "https://other.example", erika.subject)
    others = [recordings.session(erika, "run-2"), recordings.session(erika), recordings.session(max_),
              recordings.session(other_issuer)]  # fmt: skip
    assert len({session.id, *(other.id for other in others)}) == 5


def test_without_a_run_id_a_new_session_begins_after_idleness(recordings, erika, clock) -> None:
    """Use keeps it alive; half an hour without use ends it."""
    session = recordings.session(erika)
    for _ in range(3):
        clock.advance(1700)
        assert recordings.session(erika) is session
    clock.advance(1800)
    fresh = recordings.session(erika)
    assert fresh.id != session.id
    *_, closed = read_events(session.folder)
    assert (closed.event.kind, closed.event.data["reason"]) == ("closed", "idle")


def test_a_run_is_not_ended_by_a_day_of_idleness(recordings, erika, clock) -> None:
    """A person may take a day to approve."""
    session = recordings.session(erika, "run-1")
    clock.advance(100_000)
    recordings.sweep()
    assert recordings.session(erika, "run-1") is session


def test_a_run_that_nobody_goes_on_with_is_closed_in_the_end(recordings, erika, clock) -> None:
    """So that it is shipped, kept for its time and erased while the gateway runs; who goes on has a new folder."""
    session = recordings.session(erika, "run-1")
    clock.advance(2 * 86400)
    recordings.sweep()
    *_, closed = read_events(session.folder)
    assert (closed.event.kind, closed.event.data["reason"]) == ("closed", "idle")
    fresh = recordings.session(erika, "run-1")
    opened, *_ = read_events(fresh.folder)
    assert (opened.event.data["continues"], opened.event.data["after"]["seq"]) == (session.id, closed.event.seq)


def test_live_sessions_are_bounded(record, erika) -> None:
    """The least recently used is closed for the next; its run goes on in a new folder."""
    recordings = record(Limits(sessions=2))
    first, second = recordings.session(erika, "run-1"), recordings.session(erika, "run-2")
    recordings.session(erika, "run-1")
    recordings.session(erika, "run-3")
    *_, closed = read_events(second.folder)
    assert closed.event.data["reason"] == "evicted"
    assert recordings.session(erika, "run-2").id != second.id
    recordings.close()
    assert {chain.state for chain in verify(first.folder.parent).chains} == {"closed"}


def test_sessions_bind_the_rules_that_hold_when_they_open(recordings, erika) -> None:
    """A reload of the rules shows in the sessions after it."""
    recordings.session(erika, "run-1")
    recordings.rules_digest = "cd" * 32
    recordings.session(erika, "run-2")
    assert [summary.rules[:2] for summary in list_sessions(recordings.folder)] == ["ab", "cd"]


def test_a_file_in_place_of_the_folder_stops_the_start(tmp_path, clock) -> None:
    """With words an operator can act on."""
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "recordings"):
        with pytest.raises(Refused) as refused:
            Recordings(folder, clock)
        assert refused.value.reason is Reason.RECORDING_UNAVAILABLE
        assert refused.value.hint


def test_a_folder_that_goes_away_forbids(recordings, erika, tmp_path) -> None:
    """New sessions cannot be made, old ones cannot be written, and nothing is left half-made."""
    session = recordings.session(erika, "run-1")
    recordings.folder.rename(tmp_path / "moved")
    recordings.folder.write_text("in its place")
    session.release()
    for act in (lambda: session.append("decision", {}), lambda: recordings.session(erika, "run-2")):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.reason is Reason.RECORDING_UNAVAILABLE


def test_a_full_disk_forbids_and_the_session_goes_on_when_there_is_room(tmp_path) -> None:
    """The torn line is kept, a gap says so, and the chain holds."""
    program = """
limit = (session.folder / "evidence.jsonl").stat().st_size + 500
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
for number in range(4):
    try:
        print(session.append("decision", {"text": "x" * 100}))
    except Refused as refused:
        print(refused.reason)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(session.append("decision", {"text": "after"}))
print(recordings.close())
"""
    process = _run(program, tmp_path)
    output = process.communicate(timeout=60)[0].splitlines()
    assert [line.split("/")[-1] for line in output] == [
        "2", "recording-unavailable", "recording-unavailable", "recording-unavailable", "4", "True"
    ]  # fmt: skip
    (chain,) = verify(tmp_path).chains
    assert (chain.state, chain.ok, [finding.what for finding in chain.findings]) == ("closed", True, ["gap"])


def test_a_full_disk_leaves_no_half_made_session(tmp_path) -> None:
    """A folder whose first event could not be written is taken away again."""
    program = """
resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
try:
    recordings.session(erika, "run-2")
except Refused as refused:
    print(refused.reason)
"""
    process = _run(program, tmp_path)
    assert process.communicate(timeout=60)[0].split() == ["recording-unavailable"]
    assert len(list(list_sessions(tmp_path))) == 1


def test_after_kill_9_the_run_goes_on_honestly(record, folder, erika) -> None:
    """Old evidence is not touched; the new folder names the old one, its last event and what was torn off."""
    process = _run(
        """
session.append("decision", {"n": 1})
import os
os.write(session._chain._fd, b'{"at":"torn')
print("ready", flush=True)
time.sleep(60)
""",
        folder,
    )
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    (old,) = list_sessions(folder)
    assert (old.state, old.events) == ("torn", 2)
    before = (folder / old.id / "evidence.jsonl").read_bytes()

    recordings = record()
    session = recordings.session(erika, "run-1")
    session.append("decision", {"n": 2})
    opened, gap, _ = (line.event for line in read_events(session.folder))
    assert (opened.data["continues"], opened.data["after"]["seq"]) == (old.id, 2)
    assert (gap.kind, gap.data["session"], gap.data["bytes"]) == ("gap", old.id, 11)
    recordings.close()
    verification = verify(folder)
    assert verification.ok
    found = {chain.name: [finding.what for finding in chain.findings] for chain in verification.chains}
    assert found == {old.id: ["torn"], session.id: []}
    assert (folder / old.id / "evidence.jsonl").read_bytes() == before


def test_a_cut_end_shows_when_a_later_session_continued(record, erika) -> None:
    """The new session remembers the hash of the last event of the old one."""
    first = record()
    old = first.session(erika, "run-1")
    old.append("decision", {"n": 1})
    record().session(erika, "run-1")
    evidence = old.folder / "evidence.jsonl"
    evidence.write_bytes(evidence.read_bytes().splitlines(keepends=True)[0])
    (found,) = [finding for chain in verify(first.folder).chains for finding in chain.findings if finding.grave]
    assert (found.what, found.file) == ("truncated", f"{old.id}/evidence.jsonl")


@contextlib.contextmanager
def _full(size: int) -> Iterator[None]:
    """No file of this process can grow beyond `size` bytes: what a full disk looks like from inside."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


@pytest.mark.parametrize("size", [0, 10, 70, 300])
def test_wherever_the_disk_runs_full_a_new_session_leaves_nothing_behind(recordings, erika, size: int) -> None:
    """Salt, index and first event: each may be the one that does not fit."""
    with _full(size), pytest.raises(Refused) as refused:
        recordings.session(erika, "run-1")
    assert refused.value.reason is Reason.RECORDING_UNAVAILABLE
    assert list(list_sessions(recordings.folder)) == []
    assert recordings.session(erika, "run-1").append("decision", {}).endswith("/2")
    assert verify(recordings.folder).ok


def test_a_session_that_cannot_be_closed_is_left_open(recordings, erika) -> None:
    """Closing says so, and verify shows it; ending the gateway is not prevented."""
    session = recordings.session(erika, "run-1")
    with _full((session.folder / "evidence.jsonl").stat().st_size):
        assert not recordings.close()
    assert [chain.state for chain in verify(recordings.folder).chains] == ["open"]


def test_durability_power_writes_the_same(record, erika) -> None:
    """Only the disk is waited for."""
    recordings = record(durability="power")
    recordings.session(erika, "run-1").append("decision", {})
    recordings.refusal({"reason": "token-missing", "peer": "192.0.2.1"})
    recordings.close()
    assert verify(recordings.folder).ok


@pytest.mark.parametrize("ruin", ["remove", "junk"])
def test_an_old_session_that_cannot_be_read_is_said_in_the_new_one(record, erika, ruin: str) -> None:
    """The run goes on; its evidence says that it could not be tied to the end of the old one."""
    old = record().session(erika, "run-1")
    recordings = record()
    evidence = old.folder / "evidence.jsonl"
    if ruin == "junk":
        evidence.write_bytes(evidence.read_bytes() + b"junk\n")
    session = recordings.session(erika, "run-1")
    if ruin == "remove":
        evidence.unlink()
        session = record().session(erika, "run-1")
    opened, *rest = (line.event for line in read_events(session.folder))
    assert opened.data["continues"]
    assert [dict(event.data) for event in rest] == ([{"session": old.id, "unreadable": True}] if ruin == "junk" else [])
