"""Encrypted recordings, written by a gateway and read by whoever has the key, or has not."""

from __future__ import annotations

import base64
import io
import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mitmproxy.io import FlowReader

from interlock.errors import Refused
from interlock.model import Principal, Secret
from interlock.reasons import Reason
from interlock.recording import FlowSnapshot, Recordings, RequestSnapshot, list_sessions, read_events, verify
from interlock.recording.flow_reading import read_flows
from interlock.recording.keyring import Keyring
from interlock.recording.keys import Unopened, read_kek
from interlock.recording.opening import key_fault, open_flow_file, opened, opener
from interlock.recording.reading import read_lines
from interlock.recording.recovery import Recovery
from interlock.recording.runs import first_event

_FLOW = FlowSnapshot(
    id="1",
    request=RequestSnapshot(method="POST", scheme="http", host="a.example", port=80, path="/", body=b"geheimnisvoll"),
)
_KINDS = {".jsonl", ".mitm", ".json", ""}
_KEK = read_kek(Secret("11" * 32), "env:KEY")


@pytest.fixture
def sealed(folder: Path, record, erika) -> Path:
    """The folder of a session that was recorded encrypted, and closed."""
    recordings = record(keys=Keyring(folder, [_KEK]))
    session = recordings.session(erika, "run-of-erika")
    session.append("decision", {"path": "/people/erika.mustermann", "request": session.digest(b"geheimnisvoll")})
    session.flow(_FLOW)
    recordings.close()
    return session.folder


def _everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_nothing_on_the_disk_names_anybody(sealed) -> None:
    """Neither the session's files nor the index beside them hold who, which run, what or a body; no salt either."""
    raw = _everything(sealed.parent)
    assert not [word for word in (b"erika", b"issuer.example", b"run-of-erika", b"geheimnis", b"people") if word in raw]
    assert sorted(path.name for path in sealed.iterdir()) == ["evidence.jsonl", "flows.mitm", "key"]


def test_who_has_the_key_reads_as_ever(sealed) -> None:
    """Events, summary, flows."""
    keys = Keyring(sealed.parent, [_KEK])
    events = [line.event for line in read_events(sealed, keys)]
    assert [(event.kind, event.data.get("path")) for event in events] == [
        ("opened", None), ("decision", "/people/erika.mustermann"), ("closed", None),
    ]  # fmt: skip
    (summary,) = list_sessions(sealed.parent, keys)
    assert (summary.subject, summary.run, summary.sealed) == ("erika.mustermann", "run-of-erika", "")
    assert [flow.body for flow in read_flows(sealed / "flows.mitm", keys)] == [b"geheimnisvoll"]


def test_the_opened_file_is_mitmproxys_own_format(sealed) -> None:
    """mitmproxy reads what comes out."""
    with open_flow_file(sealed / "flows.mitm", Keyring(sealed.parent, [_KEK])) as file:
        (flow,) = FlowReader(io.BytesIO(file.read())).stream()
    assert flow.request.raw_content == b"geheimnisvoll"


def test_anybody_verifies(sealed) -> None:
    """No key is asked for, and a changed letter of ciphertext is found."""
    assert verify(sealed.parent).ok
    lines = (sealed / "evidence.jsonl").read_bytes()
    at = lines.index(b'"sealed":"') + 20
    (sealed / "evidence.jsonl").write_bytes(
        lines[:at] + (b"A" if lines[at : at + 1] != b"A" else b"B") + lines[at + 1 :]
    )
    assert not verify(sealed.parent).ok


def test_another_keys_file_is_found_without_a_key(sealed) -> None:
    """The first event holds its digest; one that is gone was erased, which a tombstone has to say."""
    first, whole = first_event(sealed), (sealed / "key").read_bytes()
    assert key_fault(sealed, first) is None
    (sealed / "key").write_bytes(whole.replace(b"0", b"1", 1))
    assert key_fault(sealed, first) is not None
    assert [entry.what for entry in verify(sealed.parent).chains[0].findings] == ["key"]
    (sealed / "key").unlink()
    assert key_fault(sealed, first) is None


@pytest.mark.parametrize("state", ["sealed", "erased", "changed"])
def test_without_the_key_it_says_why(sealed, state) -> None:
    """No key here, the key destroyed, or another key in its place: one word, and no ciphertext."""
    if state == "erased":
        (sealed / "key").unlink()
    if state == "changed":
        (sealed / "key").write_bytes(b"{}\n")
    keys = Keyring(sealed.parent, [] if state == "sealed" else [_KEK])
    assert [line.event.data.get("sealed") for line in read_events(sealed, keys)] == [state, state, None]
    (summary,) = list_sessions(sealed.parent, keys)
    assert (summary.sealed, summary.subject, summary.state, summary.events) == (state, "", "closed", 3)
    with pytest.raises(Unopened) as caught:
        list(read_flows(sealed / "flows.mitm", keys))
    assert caught.value.state == state


def test_one_event_is_opened_alone(sealed) -> None:
    """The first, as the index of runs needs it; a plain one passes through."""
    event = first_event(sealed)
    assert opened(event, sealed, Keyring(sealed.parent, [_KEK])).data["subject"] == "erika.mustermann"
    assert opened(event, sealed, Keyring(sealed.parent)).data["sealed"] == "sealed"
    assert isinstance(opener(sealed, Keyring(sealed.parent)), Unopened)


def test_a_run_goes_on_under_the_same_person(sealed, record, folder, erika, max_) -> None:
    """After a restart, and after the operator's key was changed; it is nobody else's."""
    other = read_kek(Secret("22" * 32), "env:KEY")
    recordings: Recordings = record(keys=Keyring(folder, [other, _KEK]))
    session = recordings.session(erika, "run-of-erika")
    (first, *_) = read_events(session.folder, Keyring(folder, [other]))
    assert first.event.data["continues"] == sealed.name
    with pytest.raises(Refused) as caught:
        recordings.session(max_, "run-of-erika")
    assert caught.value.reason == Reason.RUN_REFUSED


def test_encryption_may_begin_later(record, folder, erika: Principal, max_) -> None:
    """A run that was recorded in clear goes on encrypted; what is there stays readable without a key."""
    recordings = record()
    plain = recordings.session(erika, "run-1")
    recordings.close()
    session = record(keys=Keyring(folder, [_KEK])).session(erika, "run-1")
    assert next(read_events(session.folder, Keyring(folder))).event.data["continues"] == plain.id
    assert next(read_events(plain.folder, Keyring(folder))).event.data["subject"] == "erika.mustermann"


def test_a_key_that_cannot_be_used_stops_the_start(record, folder) -> None:
    """Encrypt was asked for: nothing is written in clear instead."""
    with pytest.raises(Refused) as caught:
        record(keys=Keyring(folder, []))
    assert caught.value.reason == Reason.RECORDING_UNAVAILABLE


def test_a_failed_write_is_sealed_anew(record, folder, erika, monkeypatch) -> None:
    """The event that could not be written leaves its ciphertext torn on the disk; the next one has its number and
    another nonce.
    """
    recordings = record(keys=Keyring(folder, [_KEK]))
    session = recordings.session(erika, "run-1")
    real, lines = os.write, []

    def half(fd: int, data: bytes) -> int:
        lines.append(bytes(data))
        return real(fd, bytes(data)[: len(data) - 9])

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", half)
        with pytest.raises(Refused):
            session.append("decision", {"path": "/one"})
    session.append("decision", {"path": "/two"})
    recordings.close()
    nonces = {base64.b64decode(line.split(b'"sealed":"')[1][:16]) for line in lines}
    nonces |= {
        base64.b64decode(line.event.data["sealed"])[:12]
        for line in read_lines(session.folder / "evidence.jsonl")
        if line.event and "sealed" in line.event.data
    }
    assert len(nonces) == 3
    assert verify(folder).ok
    said = [line.event.data.get("path") for line in read_events(session.folder, Keyring(folder, [_KEK])) if line.event]
    assert said == [None, None, "/two", None]


def test_what_a_dead_gateway_left_is_closed_without_the_key(sealed, clock) -> None:
    """Recovery counts flows by their frames, and what it writes needs no key; the content still opens."""
    lines = (sealed / "evidence.jsonl").read_bytes().splitlines(keepends=True)
    (sealed / "evidence.jsonl").write_bytes(b"".join(lines[:-1]) + lines[-1][:20])
    with (sealed / "flows.mitm").open("ab") as file:
        file.write(b"\x00\x00\x01\x00torn")
    (sealed.parent / ".open" / "dead").write_text(f"+{sealed.name}\n", encoding="ascii")
    (recovered,) = Recovery(sealed.parent, clock).run()
    assert recovered.name == sealed.name
    keys = Keyring(sealed.parent, [_KEK])
    *_, last = read_events(sealed, keys)
    assert (last.event.kind, last.event.data["flows"]["count"], last.event.data["flows"]["torn"]) == ("closed", 1, 8)
    assert verify(sealed.parent).ok
    assert [flow.body for flow in read_flows(sealed / "flows.mitm", keys)] == [b"geheimnisvoll"]


@given(st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_is_changed_is_told_and_nothing_raises_otherwise(sealed, data) -> None:
    """Any file of a session and of its keys, changed, cut or grown: what is read is what was written, or is said not
    to be; only our errors and those of the disk.
    """
    files = [
        path
        for path in sorted(sealed.parent.rglob("*"))
        if path.suffix in _KINDS and path.is_file() and path.stat().st_size
    ]
    path = data.draw(st.sampled_from(files))
    whole = path.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    how = data.draw(st.sampled_from(["change", "cut", "grow"]))
    changed = {
        "change": whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :],
        "cut": whole[:at],
        "grow": whole + whole,
    }
    path.write_bytes(changed[how])
    try:
        keys = Keyring(sealed.parent, [_KEK])
        list(list_sessions(sealed.parent, keys))
        said = [line.event.data.get("path") for line in read_events(sealed, keys) if line.event and not line.fault]
        assert set(said) <= {None, "/people/erika.mustermann"}
        with suppress(OSError, Unopened):
            assert {flow.body for flow in read_flows(sealed / "flows.mitm", keys)} <= {b"geheimnisvoll"}
        verify(sealed.parent)
    finally:
        path.write_bytes(whole)
