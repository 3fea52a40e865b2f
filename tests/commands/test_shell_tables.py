"""The tables of known commands."""

from __future__ import annotations

import pytest

from interlock.commands.shell_tables import ADMIN, BUILDERS, DESTROYERS, NETWORK, READERS, SYSTEM, WRITERS, secret


def test_no_command_stands_in_two_tables() -> None:
    """A command has one entry, so that the order of the tables does not matter."""
    tables = [READERS, NETWORK, WRITERS, BUILDERS, DESTROYERS, ADMIN]

    assert [name for name in frozenset().union(*tables) if sum(name in table for table in tables) > 1] == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [("~/.ssh/id_rsa", True), ("a/.env.local", True), (".env.example", False), ("/proc/1/environ", True),
     ("server.key", True), ("src/keys.py", False), ("@/etc/shadow", True), ("~/.ssh/known_hosts", False)],
)  # fmt: skip
def test_secret_places(path: str, expected: bool) -> None:
    """Well-known places of secrets are recognised, their look-alikes are not."""
    assert secret(path) is expected


@pytest.mark.parametrize(("path", "expected"), [("/etc/hosts", True), ("~/.bashrc", True), ("src/etc/x", False)])
def test_system_paths(path: str, expected: bool) -> None:
    """What outlives the task is told from what belongs to it."""
    assert bool(SYSTEM.match(path)) is expected
