"""Commands read what is encrypted with the keys of the rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlock.cli._keys import reach_by_rules
from interlock.recording import keyring
from interlock.recording.keyring import reachable


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Rules that name a key which can be read; nothing is known to this process yet."""
    monkeypatch.setattr(keyring, "_reached", {})
    monkeypatch.setenv("RECORDING_KEY", "11" * 32)
    monkeypatch.delenv("INTERLOCK_RULES", raising=False)
    monkeypatch.setattr("sys.argv", ["interlock", "sessions", "--rules"])
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "somewhere"
    folder.mkdir()
    (folder / "rules.yaml").write_text("version: 1\nrecording: {encrypt: env:RECORDING_KEY}\n")
    return folder


def _keys(folder: Path) -> str:
    return repr(reachable(folder))


@pytest.mark.parametrize("spelled", [["--rules", "{}"], ["--rules={}"]])
def test_the_rules_that_a_command_was_given(rules, tmp_path, monkeypatch, spelled) -> None:
    """`--rules FOLDER`, as it stands in the command that runs."""
    monkeypatch.setattr("sys.argv", ["interlock", "sessions", *(word.format(rules) for word in spelled)])
    reach_by_rules()
    assert _keys(tmp_path) == "Keyring(1 keys)"


def test_the_rules_of_the_environment(rules, tmp_path, monkeypatch) -> None:
    """INTERLOCK_RULES, or rules/ where the command runs."""
    monkeypatch.setenv("INTERLOCK_RULES", str(rules))
    reach_by_rules()
    assert _keys(tmp_path) == "Keyring(1 keys)"


@pytest.mark.parametrize("text", ["version: 2\n", "version: 1\nrecording: {encrypt: env:NOT_SET}\n", None])
def test_rules_that_help_nobody_stop_nothing(rules, tmp_path, monkeypatch, text) -> None:
    """Then what is encrypted says `sealed`."""
    if text is None:
        (rules / "rules.yaml").unlink()
    else:
        (rules / "rules.yaml").write_text(text)
    monkeypatch.setenv("INTERLOCK_RULES", str(rules))
    reach_by_rules()
    assert _keys(tmp_path) == "Keyring(0 keys)"
