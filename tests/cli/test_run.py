"""`interlock run`: what cannot run says why. That it runs is tried end to end."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Interlock


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--observe"], "belong together"),
        (["--until", "2030-01-31"], "belong together"),
        (["--observe", "--until", "soon"], "not a date"),
        (["--observe", "--until", "2001-01-31"], "has passed"),
    ],
)
def test_observing_needs_a_date_to_come(interlock: Interlock, rules: Path, arguments: list[str], says: str) -> None:
    """It ends by itself, so it has to be said when."""
    done = interlock("run", "--rules", rules, *arguments)
    assert done.code == 1
    assert says in done.err


def test_rules_that_cannot_be_used_do_not_run(interlock: Interlock, rules: Path) -> None:
    """Every error with its place."""
    (rules / "rules.yaml").write_text("version: 1\npolicy: [{id: x}]\n")
    done = interlock("run", "--rules", rules)
    assert done.code == 1
    assert "rules/rules.yaml:2:" in done.err


def test_a_demo_issuer_runs_on_this_machine_only(interlock: Interlock, rules: Path) -> None:
    """Whoever can read its key is anyone."""
    (rules / "gateway.yaml").write_text("version: 1\ngateway: {forward: 0.0.0.0:0}\n")
    done = interlock("run", "--rules", rules)
    assert done.code == 1
    assert "demo" in done.err
