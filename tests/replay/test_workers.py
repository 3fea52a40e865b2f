"""Sessions are shared out, and judged by the same rules everywhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.replay.world import RULES, rules_in

import interlock.replay.workers as shared
from interlock.errors import InterlockError
from interlock.replay.workers import handfuls, largest_first, load_again, named, workers


def test_large_sessions_come_first(tmp_path: Path) -> None:
    """One without evidence counts nothing."""
    for name, size in (("a", 2), ("b", 5), ("c", 2), ("d", 0)):
        (tmp_path / name).mkdir()
        if size:
            (tmp_path / name / "evidence.jsonl").write_bytes(b"x" * size)
    found = [(size, folder.name) for size, folder in largest_first(sorted(tmp_path.iterdir()))]

    assert found == [(5, "b"), (2, "a"), (2, "c"), (0, "d")]


def test_handfuls_are_worth_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large session alone, small ones together; none is left out."""
    monkeypatch.setattr(shared, "_CHUNK", 4)
    sessions = [(size, Path(str(number))) for number, size in enumerate((9, 3, 3, 1, 0))]

    assert [[size for size, _ in handful] for handful in handfuls(sessions)] == [[9], [3, 3], [1, 0]]
    assert list(handfuls([])) == []


def test_changed_rules_are_not_judged_by(tmp_path: Path) -> None:
    """What other processes load is what this one was asked with."""
    rules = rules_in(tmp_path)
    assert load_again(named(rules)).digest == rules.digest
    rules_in(tmp_path, RULES.replace("id: talk", "id: chat"))
    with pytest.raises(InterlockError, match="changed while"):
        load_again(named(rules))


def test_a_process_that_ends_early_is_an_error() -> None:
    """Not a result that lacks what it had."""
    with pytest.raises(InterlockError, match="ended early"), workers(2, os._exit, 3) as pool:
        list(pool.map(len, ["a"]))
