"""One live session."""

from __future__ import annotations

import errno
import hashlib
import hmac
import json
import os

import pytest

from interlock.errors import InterlockError, Refused
from interlock.reasons import Reason
from interlock.recording import FlowSnapshot, Limits, RequestSnapshot, read_events, verify

_FLOW = FlowSnapshot(id="1", request=RequestSnapshot(method="GET", scheme="http", host="a.example", port=80, path="/"))


def _kinds(session) -> list[str]:
    return [line.event.kind if line.event else "?" for line in read_events(session.folder)]


def test_the_first_event_binds_the_session(recordings, erika) -> None:
    """Who, which run, which gateway, which rules, which salt."""
    session = recordings.session(erika, "run-1")
    (opened,) = [line.event for line in read_events(session.folder)]
    salt = bytes.fromhex((session.folder / "salt").read_text())
    assert dict(opened.data) == {
        "format": 2, "gateway": "0.1.0", "identity": "demo", "issuer": "https://issuer.example", "rules": "ab" * 32,
        "run": "run-1", "salt": hashlib.sha256(salt).hexdigest(), "session": session.id, "subject": "erika.mustermann",
    }  # fmt: skip
    assert opened.at == "2026-01-01T00:00:00.250Z"


def test_a_reference_finds_its_event(recordings, erika) -> None:
    """`<session>/<number>`: the folder and the event's seq."""
    session = recordings.session(erika, "run-1")
    reference = session.append("decision", {"rule": "a"})
    name, number = reference.split("/")
    (found,) = [line.event for line in read_events(recordings.folder / name) if line.event.seq == int(number)]
    assert (found.kind, dict(found.data)) == ("decision", {"rule": "a"})


def test_files_belong_to_the_owner_alone(recordings, erika) -> None:
    """Folder 0700, every file 0600."""
    session = recordings.session(erika, "run-1")
    session.flow(_FLOW)
    recordings.close()
    assert session.folder.stat().st_mode & 0o777 == 0o700
    files = {file.name: file.stat().st_mode & 0o777 for file in session.folder.iterdir()}
    assert files == {"evidence.jsonl": 0o600, "salt": 0o600, "flows.mitm": 0o600}


def test_digests_are_keyed_by_the_session(recordings, erika, max_) -> None:
    """Equal bodies are recognised within a session, and not across sessions."""
    one, other = recordings.session(erika, "run-1"), recordings.session(max_, "run-2")
    salt = bytes.fromhex((one.folder / "salt").read_text())
    assert one.digest(b"body") == hmac.new(salt, b"body", "sha256").hexdigest()
    assert one.digest(b"body") != other.digest(b"body")


@pytest.mark.parametrize("kind", ["opened", "closed", "gap", "reopened"])
def test_the_recordings_own_events_cannot_be_forged(recordings, erika, kind: str) -> None:
    """Callers write decisions, responses and errors."""
    with pytest.raises(InterlockError):
        recordings.session(erika, "run-1").append(kind, {})


def test_data_that_is_not_json_forbids(recordings, erika) -> None:
    """What cannot be recorded cannot pass; the session stays usable."""
    session = recordings.session(erika, "run-1")
    with pytest.raises(Refused) as refused:
        session.append("decision", {"body": b"canary"})
    assert refused.value.reason is Reason.RECORDING_UNAVAILABLE
    assert "canary" not in str(refused.value)
    assert session.append("decision", {}) == f"{session.id}/2"


def test_closing_says_what_the_flow_file_holds(recordings, erika) -> None:
    """Number, bytes and digest of the flows, so that a changed flow file shows."""
    session = recordings.session(erika, "run-1")
    session.flow(_FLOW)
    assert recordings.close()
    *_, closed = read_events(session.folder)
    data = (session.folder / "flows.mitm").read_bytes()
    assert closed.event.data == {
        "flows": {"bytes": len(data), "count": 1, "lost": 0, "pending": 0, "sha256": hashlib.sha256(data).hexdigest()},
        "reason": "shutdown",
    }
    assert verify(session.folder).chains[0].findings == ()


def test_after_closing_everything_is_refused(recordings, erika) -> None:
    """The gateway is going down: nothing passes unrecorded."""
    session = recordings.session(erika, "run-1")
    recordings.close()
    for act in (lambda: session.append("decision", {}), lambda: recordings.session(erika, "run-1")):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.reason is Reason.RECORDING_UNAVAILABLE


def test_a_late_reply_wakes_a_session_that_was_closed_for_idleness(recordings, erika, clock) -> None:
    """A long stream may outlive the idle time: its end is recorded, and the evidence says that it came late."""
    session = recordings.session(erika)
    clock.advance(2000)
    recordings.sweep()
    assert _kinds(session) == ["opened", "closed"]
    session.append("response", {})
    recordings.close()
    assert _kinds(session) == ["opened", "closed", "reopened", "response", "closed"]
    assert verify(session.folder).chains[0].findings == ()


def test_who_was_woken_is_closed_again(recordings, erika, clock) -> None:
    """Not only with the gateway: what stays open is neither shipped nor deleted."""
    session = recordings.session(erika)
    clock.advance(2000)
    recordings.sweep()
    session.append("response", {})
    recordings.sweep()
    assert _kinds(session) == ["opened", "closed", "reopened", "response"]
    clock.advance(2000)
    recordings.sweep()
    assert _kinds(session) == ["opened", "closed", "reopened", "response", "closed"]


def test_who_was_woken_is_closed_again_however_many_files_are_open(record, erika, clock) -> None:
    """Also one whose file was closed for others meanwhile, or that a flow has woken."""
    recordings = record(Limits(handles=2))
    first, second, *busy = (recordings.session(erika, f"run-{number}") for number in range(5))
    for session in (first, second):
        session.close("idle")
    recordings._live.clear()
    first.append("response", {})
    for session in busy:
        clock.advance(1)
        session.append("decision", {})
    second.flow(_FLOW)
    assert not first._chain.is_open
    assert {first._closed, second._closed} == {False}
    clock.advance(2000)
    recordings.sweep()
    assert _kinds(first) == ["opened", "closed", "reopened", "response", "closed"]
    assert _kinds(second) == ["opened", "closed", "reopened", "closed"]


def test_who_could_not_be_closed_is_closed_when_it_can_be(recordings, erika, clock, monkeypatch) -> None:
    """A full disk at that very moment: otherwise it would be shipped and deleted after a restart alone."""
    session = recordings.session(erika, "run-1")

    def full(fd: int, line: bytes) -> int:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as broken:
        broken.setattr(os, "write", full)
        assert not session.close("idle")
    recordings.sweep()
    assert _kinds(session) == ["opened"]
    clock.advance(100_000)
    recordings.sweep()
    assert _kinds(session) == ["opened", "closed"]
    assert not recordings._shared.ending


def test_who_cannot_be_closed_at_the_end_is_said(record, erika, monkeypatch) -> None:
    """Flows that are not known to be on the disk are not vouched for; `close` does not say that all is well."""
    recordings = record(durability="power")
    session = recordings.session(erika, "run-1")
    session.flow(_FLOW)
    with monkeypatch.context() as broken:
        broken.setattr(recordings._commit, "sync", lambda _: False, raising=False)
        assert not session.close("idle")
    assert recordings._shared.ending == {session.id: session}
    assert recordings.close()
    assert _kinds(session) == ["opened", "closed"]


def test_not_many_are_left_to_be_closed(record, erika, clock) -> None:
    """Late replies wake sessions: of more than there may be live ones the oldest are closed with the next sweep."""
    recordings = record(Limits(sessions=3))
    sessions = [recordings.session(erika, f"run-{number}") for number in range(10)]
    for session in sessions[:7]:
        session.append("response", {})
    recordings.sweep()
    assert [*recordings._shared.ending] == [session.id for session in sessions[4:7]]
    assert _kinds(sessions[0]) == ["opened", "closed", "reopened", "response", "closed"]
    recordings.close()
    assert all(_kinds(session)[-1] == "closed" for session in sessions)


@pytest.mark.parametrize("limit", [1, 2, 5])
async def test_late_flows_of_many_sessions_close_none_that_is_just_written(record, erika, limit) -> None:
    """Each is written before its session is closed, whoever else is woken meanwhile: nothing stands behind the end."""
    recordings = record(Limits(sessions=limit))
    sessions = [recordings.session(erika, f"run-{number}") for number in range(12)]
    for session in sessions:
        session.close("evicted")
    for session in sessions[:limit]:
        session.append("response", {})
    for session in sessions[limit:-1]:
        session.gather(lambda flow: flow, _FLOW, 10)
    sessions[-1].append("response", {})
    recordings.session(erika, "run-12")
    recordings.close()
    assert verify(recordings.folder).ok
    assert all(_kinds(session)[-1] == "closed" for session in sessions)


def test_a_flow_that_comes_after_the_end_of_the_gateway_opens_nothing_again(recordings, erika) -> None:
    """Nothing would close the session any more, and no tree would vouch for its last event."""
    session = recordings.session(erika, "run-1")
    assert recordings.close()
    with pytest.raises(Refused):
        session.flow(_FLOW)
    session.gather(lambda flow: flow, _FLOW, 10)
    assert _kinds(session) == ["opened", "closed"]
    assert not (session.folder / "flows.mitm").exists()


def test_a_tampered_session_is_left_as_it_is_and_a_new_one_begun(recordings, erika) -> None:
    """The request is refused; the next one goes to a new folder that continues the old one."""
    session = recordings.session(erika, "run-1")
    session.append("decision", {})
    evidence = session.folder / "evidence.jsonl"
    evidence.write_bytes(evidence.read_bytes()[:-40])
    for _ in range(2):
        with pytest.raises(Refused) as refused:
            session.append("decision", {})
        assert refused.value.reason is Reason.RECORDING_UNAVAILABLE
    fresh = recordings.session(erika, "run-1")
    assert fresh.id != session.id
    opened = json.loads((fresh.folder / "evidence.jsonl").read_text().splitlines()[0])
    assert opened["data"]["continues"] == session.id


def test_reprs_hold_no_data(recordings, erika) -> None:
    """Only the id, which the agent gets anyway."""
    session = recordings.session(erika, "run-1")
    assert repr(session) == f"Session({session.id})"
