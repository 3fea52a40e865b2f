"""Has anybody changed a recording?"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interlock.recording import FlowSnapshot, Recordings, RequestSnapshot, Verification, verify
from interlock.recording.event import parse, seal

_FLOW = FlowSnapshot(id="1", request=RequestSnapshot(method="GET", scheme="http", host="a.example", port=80, path="/"))


@pytest.fixture
def session(record, erika) -> Path:
    """A closed session of six events and a flow."""
    recordings: Recordings = record()
    session = recordings.session(erika, "run-1")
    for number in range(4):
        session.append("decision", {"n": number, "rule": "reader"})
    session.flow(_FLOW)
    recordings.close()
    return session.folder


def _lines(session: Path) -> list[bytes]:
    return (session / "evidence.jsonl").read_bytes().splitlines(keepends=True)


def _write(session: Path, lines: list[bytes]) -> Verification:
    (session / "evidence.jsonl").write_bytes(b"".join(lines))
    return verify(session)


def _found(verification: Verification) -> list[tuple[int, str]]:
    return [
        (finding.line, finding.what) for chain in verification.chains for finding in chain.findings if finding.grave
    ]


def test_an_untouched_recording_verifies(session: Path) -> None:
    """Alone and within the whole folder; the head is there to be kept elsewhere."""
    alone, whole = verify(session), verify(session.parent)
    assert (alone.ok, whole.ok) == (True, True)
    (chain,) = alone.chains
    assert (chain.name, chain.state, chain.events, chain.findings) == (session.name, "closed", 6, ())
    assert chain.head == parse(_lines(session)[-1][:-1])[0].hash


def test_a_changed_event_is_found(session: Path) -> None:
    """The line is named."""
    lines = _lines(session)
    lines[2] = lines[2].replace(b"reader", b"writer")
    assert _found(_write(session, lines)) == [(3, "changed")]


def test_a_changed_event_with_a_new_hash_is_found(session: Path) -> None:
    """Whoever rewrites one event would have to rewrite all after it."""
    lines = _lines(session)
    event = parse(lines[2][:-1])[0]
    lines[2] = seal(event.kind, {"n": 9}, event.seq, event.prev, event.at)[0]
    assert _found(_write(session, lines)) == [(4, "spliced")]


def test_a_removed_event_is_found(session: Path) -> None:
    """In the middle, several, and the first."""
    lines = _lines(session)
    assert _found(_write(session, lines[:2] + lines[3:])) == [(3, "removed")]
    assert _found(_write(session, lines[:1] + lines[4:])) == [(2, "removed")]
    assert _found(_write(session, lines[1:])) == [(1, "opened")]


def test_a_reordered_or_repeated_event_is_found(session: Path) -> None:
    """Two events exchanged; one written twice."""
    lines = _lines(session)
    assert (4, "reordered") in _found(_write(session, [*lines[:2], lines[3], lines[2], *lines[4:]]))
    assert _found(_write(session, [*lines[:3], lines[2], *lines[3:]])) == [(4, "reordered")]


def test_an_event_of_another_session_is_found(session: Path, record, max_) -> None:
    """In the middle, after the end, and as a whole file."""
    recordings = record()
    other = recordings.session(max_, "run-2")
    for number in range(5):
        other.append("decision", {"n": number, "rule": "reader"})
    recordings.close()
    lines, foreign = _lines(session), _lines(other.folder)
    assert _found(_write(session, [*lines[:2], foreign[2], *lines[3:]]))[0] == (3, "spliced")
    assert {what for _, what in _found(_write(session, [*lines, foreign[6]]))} >= {"spliced", "closed"}
    assert _found(_write(session, foreign)) == [(1, "opened"), (0, "flows")]


def test_a_session_under_another_name_is_found(session: Path) -> None:
    """The first event binds the folder."""
    moved = session.parent / "01ARZ3NDEKTSV4RRFFQ69G5FAV"
    shutil.move(session, moved)
    assert _found(verify(moved)) == [(1, "opened")]


def test_torn_and_open_ends_are_said_and_are_not_grave(session: Path) -> None:
    """A crash leaves them too."""
    lines = _lines(session)
    for cut, state in ((lines[:5], "open"), ([*lines[:5], lines[5][:20]], "torn"), ([lines[0][:-1]], "empty")):
        verification = _write(session, cut)
        (chain,) = verification.chains
        assert chain.state == state
        if state != "empty":
            assert (verification.ok, chain.findings[-1].what) == (True, state)


def test_evidence_that_is_gone_is_found(session: Path) -> None:
    """Flows without evidence; a folder with neither is what a crash leaves."""
    (session / "evidence.jsonl").unlink()
    assert _found(verify(session)) == [(0, "missing")]
    (session / "flows.mitm").unlink()
    (chain,) = verify(session).chains
    assert (chain.ok, chain.findings[0].what) == (True, "empty")


@pytest.mark.parametrize("name", ["flows.mitm", "salt"])
def test_other_files_of_a_closed_session_are_bound_too(session: Path, name: str) -> None:
    """The closing event holds the digest of the flows, the first one that of the salt."""
    file = session / name
    data = bytearray(file.read_bytes())
    data[3] ^= 1
    file.write_bytes(data)
    assert [what for _, what in _found(verify(session))] == [name.partition(".")[0]]


def test_a_destroyed_salt_is_no_finding(session: Path) -> None:
    """It makes the digests meaningless, on purpose."""
    (session / "salt").unlink()
    assert verify(session).chains[0].findings == ()


def test_a_flow_file_that_is_gone_is_found(session: Path) -> None:
    """It held something when the session was closed."""
    (session / "flows.mitm").unlink()
    assert [what for _, what in _found(verify(session))] == ["flows"]


def test_a_torn_line_after_the_end_does_not_hide_changed_flows(session: Path) -> None:
    """Adding a few bytes must not switch a check off."""
    (session / "flows.mitm").unlink()
    assert [what for _, what in _found(_write(session, [*_lines(session), b"x"]))] == ["flows"]


def test_events_after_the_end_are_found(session: Path) -> None:
    """Well chained, and still nothing that the gateway writes."""
    lines = _lines(session)
    last = parse(lines[-1][:-1])[0]
    lines.append(seal("decision", {}, last.seq + 1, last.hash, last.at)[0])
    assert _found(_write(session, lines)) == [(7, "closed")]


def test_a_gap_that_describes_something_else_explains_nothing(session: Path) -> None:
    """Only the very bytes that were torn."""
    lines = _lines(session)[:3]
    last = parse(lines[-1][:-1])[0]
    gap = seal("gap", {"bytes": 4, "sha256": "0" * 64}, last.seq + 1, last.hash, last.at)[0]
    assert _found(_write(session, [*lines, b"torn\n", gap])) == [(4, "changed")]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_changed_byte_of_a_closed_session_is_found(session: Path, data: st.DataObject) -> None:
    """Wherever it lies: the evidence, the flows, the salt."""
    name = data.draw(st.sampled_from(["evidence.jsonl", "flows.mitm", "salt"]))
    original = (session / name).read_bytes()
    at = data.draw(st.integers(0, len(original) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != original[at]))
    (session / name).write_bytes(original[:at] + bytes([byte]) + original[at + 1 :])
    try:
        assert verify(session).chains[0].findings
    finally:
        (session / name).write_bytes(original)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(range(6)), max_size=8), st.binary(max_size=40))
def test_any_rearrangement_of_lines_is_found(session: Path, order: list[int], junk: bytes) -> None:
    """Only the beginning of the file, whole or torn, is ever taken for an intact chain; and nothing raises."""
    evidence = session / "evidence.jsonl"
    original = evidence.read_bytes()
    lines = original.splitlines(keepends=True)
    evidence.write_bytes(b"".join(lines[number] for number in order) + junk)
    try:
        beginning = bool(order) and order == list(range(len(order))) and b"\n" not in junk
        assert verify(session).ok == beginning
    finally:
        evidence.write_bytes(original)


@pytest.mark.parametrize("path", ["nowhere", "file", "nul\0", "01ARZ3NDEKTSV4RRFFQ69G5FAV"])
def test_what_is_no_recording_is_said_and_nothing_raises(tmp_path: Path, path: str) -> None:
    """Missing, a file, an impossible name, a session that is a file."""
    (tmp_path / "file").write_text("")
    (tmp_path / "01ARZ3NDEKTSV4RRFFQ69G5FAV").write_text("")
    assert not verify(tmp_path / path).ok


def test_a_session_whose_beginning_is_gone_is_said(record, erika) -> None:
    """Old recordings may be deleted; the one that continues them is still whole."""
    record().session(erika, "run-1")
    old, fresh = (record().session(erika, "run-1") for _ in range(2))
    shutil.rmtree(old.folder)
    verification = verify(fresh.folder.parent)
    assert verification.ok
    assert [finding.what for finding in verification.findings] == ["continues"]


def test_a_pipe_in_place_of_a_file_is_unreadable(session: Path, record) -> None:
    """It would wait for ever; the flow file is judged like any other change."""
    (session / "flows.mitm").unlink()
    os.mkfifo(session / "flows.mitm")
    assert [what for _, what in _found(verify(session))] == ["flows"]
    (session / "evidence.jsonl").unlink()
    os.mkfifo(session / "evidence.jsonl")
    os.mkfifo(session.parent / "refusals.jsonl")
    assert [what for _, what in _found(verify(session.parent))] == ["unreadable", "missing", "unreadable"]


def test_an_empty_folder_is_not_ok(tmp_path: Path) -> None:
    """Nothing verified is not the same as everything fine."""
    assert not verify(tmp_path).ok


def test_a_rotated_log_is_one_chain(record) -> None:
    """Removing a refusal from either half is found, and so is the older half of another log."""
    recordings = record()
    for number in range(3):
        recordings.refusal({"reason": "token-missing", "peer": str(number)})
    recordings.close()
    log = recordings.folder / "refusals.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:2] + lines[3:]))
    assert _found(verify(recordings.folder)) == [(3, "removed")]
    log.write_bytes(b"".join(lines))
    shutil.copy(log, log.with_suffix(".1.jsonl"))
    assert _found(verify(recordings.folder)) == [(1, "opened")]


@pytest.mark.parametrize("change", [bytes.upper, lambda written: b" " + written, lambda written: written + b"\n"])
def test_another_spelling_of_the_salt_is_a_change(session: Path, change: Callable[[bytes], bytes]) -> None:
    """Readers that take it all the same would hide that somebody wrote here."""
    written = (session / "salt").read_bytes()
    (session / "salt").write_bytes(change(written))
    assert [what for _, what in _found(verify(session))] == ["salt"]
