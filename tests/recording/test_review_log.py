"""The log of access reviews is one chain, whoever writes it, and what cannot be written is said."""

from __future__ import annotations

import fcntl
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.approval.values import ManualClock

import interlock.recording.review_log as under_test
from interlock.errors import Refused
from interlock.reasons import Reason
from interlock.recording.event import GENESIS
from interlock.recording.reading import read_lines
from interlock.recording.review_log import ApprovalLog, ReviewLog, bring


def _holds(path: Path) -> list[str]:
    """What stands in it, when it is one chain."""
    head, kinds = GENESIS, []
    for number, line in enumerate(read_lines(path), 1):
        assert line.event is not None
        assert not line.fault
        assert (line.event.prev, line.event.seq) == (head, number)
        head = line.event.hash
        kinds.append(line.event.kind)
    return kinds


def test_processes_write_in_turn(tmp_path: Path) -> None:
    """Many at once: every event is there, in one chain."""
    logs = [ReviewLog(tmp_path / "recordings", ManualClock()) for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda number: logs[number % 4].add({"what": "attested", "number": number}), range(40)))

    assert sorted(int(one.removeprefix("reviews/")) for one in said) == list(range(2, 42))
    assert _holds(logs[0].path) == ["opened", *["access-review"] * 40]


def test_a_torn_line_is_a_gap(tmp_path: Path) -> None:
    """What a killed process left is accounted for, and the chain goes on."""
    log = ReviewLog(tmp_path, ManualClock())
    log.add({"what": "opened"})
    with log.path.open("ab") as file:
        file.write(b'{"at":"2026')
    log.add({"what": "closed"})

    lines = [line for line in read_lines(log.path) if line.event is not None]
    assert [line.event.kind for line in lines if line.event] == ["opened", "access-review", "gap", "access-review"]


def test_what_cannot_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody holds it for too long, it is full, it is no file, or it is no event: each time nothing counts."""
    monkeypatch.setattr(under_test, "_PATIENCE", 0.05)
    log = ReviewLog(tmp_path, ManualClock())
    log.add({"what": "opened"})
    with (tmp_path / ".reviews.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        _refused(log, "somebody else holds it")
    monkeypatch.setattr(under_test, "_MAX_BYTES", 10)
    _refused(log, "its limit")
    monkeypatch.undo()
    _refused(log, "cannot be written", {"what": 1.5j})  # type: ignore[dict-item]
    os.replace(log.path, tmp_path / "aside")
    log.path.mkdir()
    _refused(log, "cannot be written")


def _refused(log: ReviewLog, says: str, data: dict[str, object] | None = None) -> None:
    with pytest.raises(Refused, match=says) as refused:
        log.add(data or {"what": "closed"})  # type: ignore[arg-type]
    assert refused.value.reason is Reason.RECORDING_UNAVAILABLE


def test_a_change_is_looked_for_before_it_is_written_again(tmp_path: Path) -> None:
    """Whoever had it in hand may have written it; where nobody had, nothing is read."""
    log = ApprovalLog(tmp_path / "recordings", ManualClock())
    assert log.bring("change-1", {"what": "expired"}, True) == "approvals/2"
    assert log.bring("change-1", {"what": "expired"}, True) == "approvals/2"
    assert log.bring("change-2", {"what": "expired"}, False) == "approvals/3"
    assert _holds(log.path) == ["opened", "approval", "approval"]


def test_rubbish_at_its_end_keeps_nobody_from_a_word(tmp_path: Path) -> None:
    """It is put aside, whole, and a new log begun; that it was broken the next gateway puts into its tree."""
    log = ReviewLog(tmp_path, ManualClock())
    log.add({"what": "opened"})
    before = log.path.read_bytes() + b"rubbish\n"
    log.path.write_bytes(before)
    assert log.add({"what": "attested"}) == "reviews/2"
    (aside,) = tmp_path.glob("reviews.broken-*.jsonl")
    assert aside.read_bytes() == before


def test_what_is_brought_goes_into_its_own_log(tmp_path: Path) -> None:
    """Which one, the event says; where the recordings are not, nothing is made."""
    write = bring(tmp_path / "recordings", ManualClock())
    assert write("change-1", {"what": "expired"}, False) == "approvals/2"
    assert write("change-2", {"what": "attested", "log": "reviews"}, False) == "reviews/2"
    assert write("change-3", {"what": "odd", "log": "../looks"}, False) == "approvals/3"
    assert ReviewLog(tmp_path / "elsewhere", ManualClock()).add_here({"what": "opened"}) == ""
    assert [path.name for path in tmp_path.iterdir()] == ["recordings"]
