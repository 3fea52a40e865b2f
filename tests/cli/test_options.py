"""Options that commands share."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Interlock

from interlock.cli._options import default_rules


def test_rules_come_from_the_environment_or_the_working_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the gateway finds them."""
    monkeypatch.delenv("INTERLOCK_RULES", raising=False)
    assert default_rules() == Path("rules")
    monkeypatch.setenv("INTERLOCK_RULES", "/etc/interlock")
    assert default_rules() == Path("/etc/interlock")


def test_every_command_takes_them_from_there(interlock: Interlock, rules: Path) -> None:
    """One variable for `check`, `token` and the others."""
    moved = rules.rename(rules.with_name("elsewhere"))
    assert interlock("check").code == 1
    for command in ("check", "token"):
        assert interlock(command, env={"INTERLOCK_RULES": str(moved)}).code == 0
