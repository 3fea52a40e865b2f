"""How much disk each principal's recordings may take."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from interlock.errors import Refused
from interlock.model import Principal
from interlock.reasons import Reason
from interlock.recording import FlowSnapshot, Limits, RequestSnapshot, verify
from interlock.recording.quota import FOLDER_BYTES

_ROOM = 64 << 10
_FLOW = FlowSnapshot(
    id="flow-1",
    request=RequestSnapshot(method="GET", scheme="http", host="api.example", port=80, path="/", body=b"x" * 9000),
)


def _fill(recordings, principal: Principal, run: str = "run-1") -> int:
    """How many requests pass before the quota ends them."""
    for number in range(1000):
        try:
            recordings.session(principal, run).append("decision", {"text": "x" * 1000})
        except Refused as refused:
            return number if refused.reason is Reason.RECORDING_QUOTA and "retain" in refused.hint else -2
    return -1


def test_who_used_up_the_room_is_refused_and_nobody_else(record, erika, max_) -> None:
    """By issuer and subject, whatever run ids they think of; what is under way may still be finished."""
    recordings = record(Limits(quota=_ROOM))
    session = recordings.session(erika, "run-1")
    assert 30 < _fill(recordings, erika) < 60
    assert _fill(recordings, erika, "run-2") == 0
    session.append("response", {"status": 200})
    assert recordings.quotas.over() == 1
    assert recordings.quotas.alarms() == ["erika.mustermann (https://issuer.example)"]
    assert recordings.quotas.alarms() == []
    other = Principal("other", "https://other.example", erika.subject)
    for principal in (max_, other):
        assert recordings.session(principal, "").append("decision", {})
    recordings.close()
    assert verify(recordings.folder).ok


def test_flows_count_as_well(record, erika) -> None:
    """A body takes as much room as the evidence of many requests."""
    recordings = record(Limits(quota=_ROOM))
    session = recordings.session(erika, "run-1")
    for _ in range(8):
        session.flow(_FLOW)
    recordings._writer.settle(session._flows, 5)
    with pytest.raises(Refused, match="room"):
        recordings.session(erika, "run-1")


def test_what_lies_on_the_disk_counts_after_a_restart(record, erika, max_, folder: Path) -> None:
    """Counted in the background; until then only what is new counts."""
    before = record(Limits(quota=_ROOM))
    _fill(before, erika)
    before.session(max_, "run-9").append("decision", {})
    before.close()
    after = record(Limits(quota=_ROOM))
    assert after.session(erika, "run-3")
    after.sweep(after.measure())
    with pytest.raises(Refused):
        after.session(erika, "run-3")
    assert after.session(max_, "run-9")
    on_disk = sum(file.stat().st_size for name in ("evidence.jsonl", "flows.mitm") for file in folder.glob(f"*/{name}"))
    counted = sum(account.bytes for account in after.quotas._accounts.values())
    assert counted == on_disk + FOLDER_BYTES * len(list(folder.glob("*/evidence.jsonl")))


def test_room_that_was_freed_is_room_again(record, erika, clock, folder: Path) -> None:
    """Somebody deleted old sessions: counted again within a minute while anybody is over."""
    before = record(Limits(quota=_ROOM))
    _fill(before, erika)
    before.close()
    recordings = record(Limits(quota=_ROOM))
    recordings.sweep(recordings.measure())
    with pytest.raises(Refused):
        recordings.session(erika, "run-1")
    for file in folder.glob("*/evidence.jsonl"):
        file.unlink()
    assert recordings.measure() is None
    clock.advance(61)
    recordings.sweep(recordings.measure())
    assert recordings.session(erika, "run-1")
    assert recordings.quotas.over() == 0


def test_no_quota_is_no_end(record, erika) -> None:
    """Nothing is counted then."""
    recordings = record(Limits(quota=0))
    assert _fill(recordings, erika) == -1
    assert (recordings.measure(), recordings.quotas.over()) == (None, 0)


def test_a_new_quota_holds_at_once(record, erika) -> None:
    """The rules were edited."""
    recordings = record(Limits(quota=_ROOM))
    _fill(recordings, erika)
    recordings.quotas.limit = 10 * _ROOM
    assert recordings.session(erika, "run-1")


def test_counting_many_sessions_takes_a_moment(record, erika, clock) -> None:
    """A hundred thousand take a few seconds in the background, the second time less; a stop ends it."""
    recordings = record(Limits(quota=_ROOM << 10))
    for number in range(300):
        recordings.session(erika, f"run-{number}")
    begun = time.monotonic()
    assert len(recordings.measure()) == 300
    assert time.monotonic() - begun < 30  # far above what it may take, for slow machines
    clock.advance(601)
    recordings.quotas.stop()
    assert recordings.measure() is None


def test_what_cannot_be_read_is_nobodys(record, erika, folder: Path) -> None:
    """A damaged first line, a folder without evidence, a file in place of a folder."""
    recordings = record(Limits(quota=_ROOM))
    (folder / "01JD3ZK7V00000000000000000").mkdir()
    (folder / "01JD3ZK7V00000000000000001").write_bytes(b"x" * _ROOM)
    damaged = folder / "01JD3ZK7V00000000000000002"
    damaged.mkdir()
    (damaged / "evidence.jsonl").write_bytes(b"x" * _ROOM)
    sizes = recordings.measure()
    assert [owner for owner, _ in sizes.values()] == [""] * 3
    recordings.sweep(sizes)
    assert recordings.session(erika, "run-1")
