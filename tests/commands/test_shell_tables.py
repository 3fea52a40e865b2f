"""The tables of known commands."""

from __future__ import annotations

import pytest

from interlock.commands.shell_tables import ADMIN, BUILDERS, DESTROYERS, NETWORK, READERS, SYSTEM, WRITERS


def test_no_command_stands_in_two_tables() -> None:
    """A command has one entry, so that the order of the tables does not matter."""
    tables = [READERS, NETWORK, WRITERS, BUILDERS, DESTROYERS, ADMIN]

    assert [name for name in frozenset().union(*tables) if sum(name in table for table in tables) > 1] == []


@pytest.mark.parametrize(("path", "expected"), [("/etc/hosts", True), ("~/.bashrc", True), ("src/etc/x", False)])
def test_system_paths(path: str, expected: bool) -> None:
    """What outlives the task is told from what belongs to it."""
    assert bool(SYSTEM.match(path)) is expected
