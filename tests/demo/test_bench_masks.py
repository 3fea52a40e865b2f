"""What `scripts/bench masks` measures."""

from __future__ import annotations

import itertools
import json

import pytest

from interlock.demo import bench_masks
from interlock.masking import Masker, MaskRule
from interlock.paths import compile_path


def test_documents_are_of_their_size_and_hold_what_is_to_be_found():
    """About as large as said, with paths that select something and text in which something is found."""
    body = bench_masks.document(20_000)
    assert 15_000 < len(body) < 25_000
    rules = [MaskRule("paths", paths=tuple(map(compile_path, bench_masks.PATHS))), MaskRule("mail", detect=("email",))]
    assert {found.rule for found in Masker(rules, b"k" * 32).json(body).findings} == {"paths", "mail"}
    assert len(set(bench_masks.PATHS)) == 20
    clean = bench_masks.document(20_000, clean=True)
    assert Masker(rules, b"k" * 32).json(clean).body is clean


def test_a_conversation_grows_by_its_end():
    """Every turn begins with the one before."""
    bodies = [body for body, _ in bench_masks.turns(4, 500)]
    assert all(after.startswith(before[:-2]) for before, after in itertools.pairwise(bodies))


def test_the_report_says_what_was_measured(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Every size and turn with its measure and its ratio; what is too slow ends with 1."""
    monkeypatch.setattr(bench_masks, "LIMIT_MS", {600: 0.0, 1200: 0.0})
    monkeypatch.setattr(bench_masks, "_TURNS", (1, 2, 3))
    monkeypatch.setattr(bench_masks, "LIMIT_TURN", 1e9)
    monkeypatch.setattr(bench_masks, "LIMIT_DOCUMENT", 1e9)
    assert bench_masks.main(["--rounds", "1"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert len(report["by_size"]) == 2
    assert set(report["by_turn"]) == {"1", "2", "3"}
    for found in report["by_size"].values():
        assert found["measure_ms"] > 0
        assert found["ratio"] > 0
        assert found["within"]
    monkeypatch.setattr(bench_masks, "LIMIT_DOCUMENT", 0.0)
    assert bench_masks.main(["--rounds", "1", "--json"]) == 1
    monkeypatch.setattr(bench_masks, "LIMIT_MS", {600: 1e9})
    assert bench_masks.main(["--rounds", "1", "--json"]) == 0
