"""Small commands that change the machine with some of their words."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("text", "name", "flag"),
    [
        ("systemctl stop x", "shell.admin", ""),
        ("systemctl --user status x", "shell.read", ""),
        ("systemctl --user enable x", "shell.admin", ""),
        ("ip a", "shell.read", ""),
        ("ip link set x down", "shell.admin", ""),
        ("mount", "shell.read", ""),
        ("date 0101", "shell.admin", ""),
        ("kill 12", "shell.write", "process"),
        ("gpg --verify a.sig a", "shell.read", ""),
        ("ssh-keygen -lf k.pub", "shell.read", ""),
        ("ssh-keygen -f k", "shell.write", ""),
        ("ssh-keygen -f ~/.ssh/k", "shell.admin", ""),
        ("ssh-keygen -f ../k", "shell.admin", ""),
        ("kill $(pgrep sshd)", "shell.admin", "service"),
        ("kill $(pgrep vite)", "shell.write", ""),
        ("at now", "shell.unknown", ""),
    ],
)
def test_calls_are_judged(text: str, name: str, flag: str) -> None:
    """The first operation has the expected name and says why."""
    first = analyse(text, "shell")[0]

    assert first.name == name
    assert flag in ["", *first.arguments["flags"]]
