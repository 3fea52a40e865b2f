"""The table of wrappers."""

from __future__ import annotations

import pytest

from interlock.commands import analyse
from interlock.commands.shell_wrappers import WRAPPERS


@pytest.mark.parametrize("name", sorted(WRAPPERS))
def test_no_wrapper_hides_a_deletion(name: str) -> None:
    """Whatever stands between, the command behind it is judged."""
    operands = "x " * WRAPPERS[name].operands
    found = [one for top in analyse(f"{name} {operands}rm -rf src", "shell") for one in top.walk()]

    assert "recursive-delete" in [flag for one in found for flag in one.arguments["flags"]]
