"""What a dead gateway left open is closed by the next, honestly."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from mitmproxy.io import FlowReader

from interlock.recording import FlowSnapshot, RequestSnapshot, list_sessions, read_events, verify
from interlock.recording.recovery import Recovery, holds

_PROGRAM = """
import sys, time
from pathlib import Path
from interlock.model import Principal
from interlock.recording import FlowSnapshot, Recordings, RequestSnapshot
class Clock:
    now = staticmethod(time.time)
    monotonic = staticmethod(time.monotonic)
recordings = Recordings(Path(sys.argv[1]), Clock())
request = RequestSnapshot(method="GET", scheme="http", host="api.example", port=80, path="/")
for number in range(3):
    session = recordings.session(Principal("demo", "https://issuer.example", "erika"), f"run-{number}")
    session.append("decision", {"n": number})
    session.flow(FlowSnapshot(id=f"flow-{number}", request=request))
    assert recordings._writer.settle(session._flows, 5)
print("ready", flush=True)
time.sleep(60)
"""


@pytest.fixture
def dead(folder: Path) -> Path:
    """A recordings folder whose gateway was killed with three sessions open."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "addons")}
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, str(folder)], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert process.stdout.readline() == "ready\n"
    process.kill()
    process.communicate(timeout=30)
    return folder


def _states(folder: Path) -> list[str]:
    return [session.state for session in list_sessions(folder)]


def test_open_sessions_of_a_dead_gateway_are_closed_with_what_their_flows_hold(record, dead: Path) -> None:
    """The evidence verifies, and says who ended it."""
    assert _states(dead) == ["open"] * 3
    recovered = record().recover()
    assert [(entry.name, entry.seq) for entry in recovered] == [(session.id, 3) for session in list_sessions(dead)]
    *_, closed = read_events(dead / recovered[0].name)
    assert (closed.event.kind, closed.event.data["reason"], closed.event.hash) == (
        "closed", "recovered", recovered[0].head
    )  # fmt: skip
    flows = closed.event.data["flows"]
    assert (flows["count"], flows["torn"], flows["lost"]) == (1, 0, None)
    assert (_states(dead), verify(dead).ok, record().recover()) == (["closed"] * 3, True, [])


@pytest.mark.parametrize("where", ["evidence.jsonl", "flows.mitm"])
def test_what_was_torn_is_kept_and_said(record, dead: Path, where: str) -> None:
    """Nothing is taken back or put right: mitmproxy still reads the whole flows before it."""
    first = next(list_sessions(dead)).id
    file = dead / first / where
    before = file.read_bytes() + (b'{"at":"20' if where == "evidence.jsonl" else b"4096:torn")
    file.write_bytes(before)
    record().recover()
    assert file.read_bytes().startswith(before)
    kinds = [(line.event.kind if line.event else "torn") for line in read_events(dead / first)]
    *_, closed = read_events(dead / first)
    if where == "evidence.jsonl":
        assert kinds == ["opened", "decision", "torn", "gap", "closed"]
    else:
        assert (closed.event.data["flows"]["count"], closed.event.data["flows"]["torn"]) == (1, 9)
    assert verify(dead).ok


def test_a_flow_file_changed_after_the_recovery_is_found(record, dead: Path) -> None:
    """The closing event covers every byte that was there."""
    first = next(list_sessions(dead)).id
    record().recover()
    file = dead / first / "flows.mitm"
    file.write_bytes(file.read_bytes()[:-1] + b"]")
    assert [finding.what for chain in verify(dead).chains for finding in chain.findings if finding.grave] == ["flows"]


def test_a_living_gateways_sessions_are_left_alone(record, erika) -> None:
    """Two on one folder: neither closes what the other has open."""
    first, second = record(), record()
    session = first.session(erika, "run-1")
    assert second.recover() == []
    session.append("decision", {})
    assert _states(first.folder) == ["open"]
    second.close()


def test_a_run_goes_on_while_its_old_session_is_recovered(record, dead: Path) -> None:
    """The new session names the end of the old one as it was, which still stands there."""
    recordings = record()
    erika = type("P", (), {"issuer": "https://issuer.example", "subject": "erika", "identity": "demo"})()
    session = recordings.session(erika, "run-1")
    assert len(recordings.recover()) == 3
    opened = next(iter(read_events(session.folder))).event
    assert opened.data["after"]["seq"] == 2
    recordings.close()
    assert verify(dead).ok


@pytest.mark.parametrize("ruin", ["junk", "empty", "gone"])
def test_evidence_that_cannot_be_gone_on_with_is_left_as_it_is(record, dead: Path, ruin: str) -> None:
    """Whatever happened to it, recovery is not what hides it; the others are closed all the same."""
    first = next(list_sessions(dead)).id
    file = dead / first / "evidence.jsonl"
    content = {"junk": b"no event\n", "empty": b"", "gone": None}[ruin]
    file.unlink() if content is None else file.write_bytes(content)
    assert len(record().recover()) == 2
    assert (file.read_bytes() if file.exists() else None) == content


def test_a_full_disk_leaves_it_for_the_next_time(record, dead: Path) -> None:
    """Nobody is told that a session is closed when it is not."""
    import resource

    recordings = record()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, hard))
    try:
        assert recordings.recover() == []
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert len(recordings.recover()) == 3
    assert verify(dead).ok


def test_power_is_recovered_too_and_a_stop_ends_it(record, dead: Path, clock) -> None:
    """The end of the gateway does not wait for all of it; what was left comes next."""
    stopped = Recovery(dead, clock)
    stopped.stop()
    assert stopped.run() == []
    assert len(record(durability="power").recover()) == 3


def test_a_hundred_thousand_old_sessions_are_not_read(record, dead: Path, folder: Path) -> None:
    """Only those that were open are looked at: the time does not depend on how many there are."""
    assert len(record().recover()) == 3
    old = [folder / f"01JD3ZK7V000000000000{number:05d}" for number in range(3000)]
    for session in old:
        session.mkdir()
        (session / "evidence.jsonl").write_bytes(b"{}\n")
    opened: list[str] | None = []

    def watch(event: str, args: tuple[object, ...]) -> None:
        if opened is not None and event in {"open", "os.scandir", "os.listdir"}:
            opened.append(str(args[0]))

    sys.addaudithook(watch)
    assert record().recover() == []
    looked, opened = opened, None  # a hook stays for as long as the process lives
    assert looked
    assert not {str(session) for session in old} & {name.removesuffix("/evidence.jsonl") for name in looked}


def test_what_a_flow_file_holds_is_counted_without_reading_the_flows(tmp_path: Path, recordings, erika) -> None:
    """As many as mitmproxy reads; a missing file holds nothing."""
    session = recordings.session(erika, "run-1")
    request = RequestSnapshot(method="GET", scheme="http", host="api.example", port=80, path="/")
    for number in range(20):
        session.flow(FlowSnapshot(id=f"flow-{number}", request=request))
    recordings.close()
    said = holds(session.folder / "flows.mitm")
    with (session.folder / "flows.mitm").open("rb") as file:
        assert said["count"] == len(list(FlowReader(file).stream())) == 20
    *_, closed = read_events(session.folder)
    assert closed.event.data["flows"]["sha256"] == said["sha256"]
    assert holds(tmp_path / "missing")["bytes"] == 0
