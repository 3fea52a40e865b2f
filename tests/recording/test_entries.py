"""What a tree's files hold."""

from __future__ import annotations

from pathlib import Path

from interlock.recording.entries import entries, piece, recent_heads, size_of
from interlock.recording.event import GENESIS, seal

_AT = "2026-01-01T00:00:00.000Z"


def test_only_intact_events_are_entries_from_any_byte_on(tmp_path: Path) -> None:
    """Torn and changed lines are passed over; a beginning in mid-line costs that line only."""
    file = tmp_path / "leaves.jsonl"
    first, head = seal("session", {"n": 1}, 1, GENESIS, _AT)
    second, _ = seal("session", {"n": 2}, 2, head, _AT)
    file.write_bytes(first + b'{"torn\n' + second.replace(b"2", b"3") + second + b"end")
    assert [(event.seq, line) for event, line in entries(file)] == [(1, first[:-1]), (2, second[:-1])]
    assert [event.seq for event, _ in entries(file, 5)] == [2]
    assert piece(file, 0, len(first)) == first


def test_a_missing_file_holds_nothing(tmp_path: Path) -> None:
    """No size, no heads."""
    assert size_of(tmp_path / "heads.jsonl") == 0
    assert recent_heads(tmp_path / "heads.jsonl") == []
