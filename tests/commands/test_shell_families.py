"""Commands that have a judge of their own."""

from __future__ import annotations

import pytest

from interlock.commands.shell_families import handler


@pytest.mark.parametrize(
    ("name", "has_one"), [("git", True), ("rm", True), ("kubectl", True), ("ls", False), ("", False)]
)
def test_a_command_is_found_by_its_name(name: str, has_one: bool) -> None:
    """What is only in a table, or nowhere, has none."""
    assert (handler(name) is not None) is has_one
