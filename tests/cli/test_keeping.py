"""What the commands about keeping recordings share."""

from __future__ import annotations

import pytest
from tests.cli.keeping import ERIKA, record, write_rules

from interlock.cli._keeping import confirm, deleting, keys_of, recordings_of
from interlock.engine.rules import load_rules
from interlock.errors import InterlockError
from interlock.recording.deletion import Order
from interlock.recording.entries import entries


def test_a_folder_that_is_not_there_is_told(tmp_path) -> None:
    """Rather than an empty answer."""
    with pytest.raises(InterlockError, match="holds no recordings"):
        recordings_of(load_rules(write_rules(tmp_path, "{}")))


def test_a_key_that_cannot_be_read_stops(tmp_path, monkeypatch) -> None:
    """What it opens would be overlooked."""
    monkeypatch.delenv("RECORDING_KEY", raising=False)
    with pytest.raises(InterlockError, match="env:RECORDING_KEY is not set"):
        keys_of(load_rules(write_rules(tmp_path, "{encrypt: env:RECORDING_KEY}")))


def test_the_terminal_has_a_tree_of_its_own(tmp_path) -> None:
    """Beside those of gateways, signed when it is done."""
    rules = write_rules(tmp_path, "{}")
    (name,) = record(rules, ERIKA)
    with deleting(load_rules(rules)) as deletion:
        deletion.carry_out(Order(name, "flows", "asked for"))
    tree = tmp_path / "recordings/.tree/terminal"
    assert "tombstone" in [event.kind for event, _ in entries(tree / "leaves.jsonl")]
    assert [event.data["final"] for event, _ in entries(tree / "heads.jsonl") if event.kind == "head"][-1]


def test_yes_asks_nobody() -> None:
    """And without it somebody must be there."""
    confirm("really?", True)
    with pytest.raises(InterlockError, match="nobody is here"):
        confirm("really?", False)
