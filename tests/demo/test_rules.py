"""The demo's rules are rules."""

from __future__ import annotations

from pathlib import Path

from interlock.demo.processes import Ports
from interlock.demo.rules import write_rules
from interlock.demo.services import Services
from interlock.engine.rules import load_rules


def test_the_template_makes_rules_that_load(tmp_path: Path) -> None:
    """With the real ports and the packs that ship."""
    with Services() as services:
        rules = load_rules(write_rules(tmp_path / "rules", services, Ports(1, 2), tmp_path / "recordings"))

    assert [entry.name for entry in rules.connections] == ["warehouse", "claude", "db"]
    assert (rules.gateway.forward.port, rules.gateway.reverse.port) == (1, 2)
