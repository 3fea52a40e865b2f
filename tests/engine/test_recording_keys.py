"""The keys that the rules name."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlock.engine.recording_keys import gateway_keys, operator_keys, reach_keys
from interlock.engine.rules import Rules, load_rules
from interlock.errors import InterlockError, Refused
from interlock.recording import keyring
from interlock.recording.keyring import reachable

_KEY, _OLD = "11" * 32, "22" * 32


@pytest.fixture
def rules(tmp_path: Path):
    def load(encrypt: str) -> Rules:
        (tmp_path / "rules").mkdir(exist_ok=True)
        (tmp_path / "rules/rules.yaml").write_text(f"version: 1\nrecording: {{encrypt: {encrypt}}}\n")
        return load_rules(tmp_path / "rules")

    return load


def test_keys_are_read_where_they_are_kept(rules, monkeypatch, tmp_path) -> None:
    """The one in use first; a variable or a file."""
    monkeypatch.setenv("NEW", _KEY)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/old").write_text(_OLD + "\n")
    one, old = operator_keys(rules("[env:NEW, file:old]"))
    assert one.id != old.id


def test_without_encrypt_there_is_no_keyring(tmp_path) -> None:
    """Off is the default, and costs nothing."""
    (tmp_path / "rules.yaml").write_text("version: 1\n")
    assert gateway_keys(load_rules(tmp_path)) is None


def test_a_gateway_needs_the_key_in_use_alone(rules, monkeypatch) -> None:
    """An older one that is gone stops nothing; the first one does."""
    monkeypatch.setenv("NEW", _KEY)
    monkeypatch.delenv("OLD", raising=False)
    keys = gateway_keys(rules("[env:NEW, env:OLD]"))
    assert keys is not None
    assert keys.current().id
    with pytest.raises(Refused, match="env:OLD is not set"):
        gateway_keys(rules("[env:OLD, env:NEW]"))


def test_a_key_that_is_none_names_its_place_alone(rules, monkeypatch) -> None:
    """Never its text."""
    monkeypatch.setenv("NEW", "hunter2")
    with pytest.raises(InterlockError, match="env:NEW does not hold") as caught:
        operator_keys(rules("env:NEW"))
    assert "hunter2" not in str(caught.value)


def test_readers_reach_what_can_be_read(rules, monkeypatch, tmp_path) -> None:
    """What cannot is passed over: then they say `sealed`."""
    monkeypatch.setattr(keyring, "_reached", {})
    monkeypatch.setenv("NEW", _KEY)
    monkeypatch.delenv("OLD", raising=False)
    loaded = rules("[env:OLD, env:NEW]")
    assert repr(reachable(tmp_path / "recordings")) == "Keyring(0 keys)"
    reach_keys(loaded)
    assert repr(reachable(tmp_path / "recordings")) == "Keyring(1 keys)"
