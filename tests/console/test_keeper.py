"""The console goes by the rules in force; while they are broken nobody decides by older ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.console.serving import RULES
from tests.engine.conftest import BASE

from interlock.console.keeper import Keeper
from interlock.engine.rules import load_rules


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Rules that can be used."""
    from interlock.identity import create_demo_key

    rules = tmp_path / "rules"
    rules.mkdir()
    create_demo_key(rules / "demo.pem")
    (rules / "base.yaml").write_text(BASE, encoding="utf-8")
    return rules


async def test_changed_rules_are_taken_over(folder: Path) -> None:
    """As a whole."""
    keeper = Keeper(folder, load_rules(folder))
    before = keeper.rules.digest
    (folder / "base.yaml").write_text(BASE + "# edited\n", encoding="utf-8")
    await keeper.look()

    assert keeper.rules.digest != before
    assert not keeper.broken


async def test_broken_rules_are_said_and_mended(folder: Path) -> None:
    """The last good ones stay to be looked at; `broken` stops deciding."""
    keeper = Keeper(folder, load_rules(folder))
    good = keeper.rules
    (folder / "base.yaml").write_text("version: 9\n", encoding="utf-8")
    await keeper.look()
    assert (keeper.broken, keeper.rules) == (True, good)

    (folder / "base.yaml").write_text(BASE, encoding="utf-8")
    await keeper.look()
    assert (keeper.broken, keeper.rules.digest) == (False, good.digest)


def test_the_rules_of_these_tests_have_a_console() -> None:
    """So that what is tested here is what operators write."""
    assert "console:" in RULES
