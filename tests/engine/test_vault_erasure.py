"""What tokens stand for goes with the person."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from interlock.engine.rules import Rules, load_rules
from interlock.engine.vault_erasure import erase_values
from interlock.engine.vaults import FILE, Vaults
from interlock.errors import Refused
from interlock.ports import VaultRow
from interlock.store.vault_file import VaultFile

_KEY = "k" * 32
_ERIKA, _MAX = ("https://issuer.example", "erika", "run-1"), ("https://issuer.example", "max", "run-2")


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rules:
    """A vault with a value of Erika's and one of Max's."""
    monkeypatch.setenv("MASTER_KEY", _KEY)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/rules.yaml").write_text("version: 1\ngateway: {master_key: env:MASTER_KEY}\n")
    loaded = load_rules(tmp_path / "rules")
    file = VaultFile(loaded.gateway.recordings / FILE, time.time)
    for who in (_ERIKA, _MAX):
        file.write(_name(who), [VaultRow("<email:AAAA>", "crm", b"sealed", False)])
    file.close()
    return loaded


def _name(who: tuple[str, str, str]) -> str:
    return Vaults(_KEY.encode(), kept=True).of("\0".join(who)).session


def test_a_persons_values_go_and_nobody_elses(rules) -> None:
    """Those of the run; once."""
    assert (erase_values(rules, *_ERIKA), erase_values(rules, *_ERIKA)) == (1, 0)
    file = VaultFile(rules.gateway.recordings / FILE, time.time)
    assert (len(file.read(_name(_ERIKA))), len(file.read(_name(_MAX)))) == (0, 1)
    file.close()


def test_without_a_vault_there_is_nothing(tmp_path) -> None:
    """Nor is one made."""
    (tmp_path / "rules.yaml").write_text("version: 1\n")
    loaded = load_rules(tmp_path)
    assert erase_values(loaded, *_ERIKA) == 0
    assert not (loaded.gateway.recordings / FILE).exists()


def test_a_key_that_is_not_there_is_told(rules, monkeypatch) -> None:
    """Nobody may think that it was done."""
    monkeypatch.delenv("MASTER_KEY")
    with pytest.raises(Refused, match="env:MASTER_KEY is not set"):
        erase_values(rules, *_ERIKA)
