"""Text that runs in other terminals, and programs with a command language of their own."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("text", "name", "flag"),
    [
        ("parallel rm -rf ::: src", "shell.destroy", "recursive-delete"),
        ("parallel gzip ::: a.log b.log", "shell.write", ""),
        ("parallel ::: 'rm -rf x'", "shell.unknown", "dynamic"),
        ("script -c 'rm -rf src' /dev/null", "shell.destroy", "recursive-delete"),
        ("script -qc ls /dev/null", "shell.write", ""),
        ("tmux ls", "shell.write", ""),
        ("tmux send-keys -t a 'rm -rf src' Enter", "shell.destroy", "recursive-delete"),
        ("tmux new-session -d 'npm run dev'", "shell.write", ""),
        ("screen -dm rm -rf src", "shell.destroy", "recursive-delete"),
        ("vim -c ':!rm x' -c q", "shell.unknown", "runs-other-program"),
        ("vim --version", "shell.read", ""),
        ("ed a", "shell.unknown", "runs-other-program"),
        ("systemd-run rm -rf src", "shell.admin", "recursive-delete"),
        ("unshare -r rm -rf src", "shell.admin", "recursive-delete"),
    ],
)
def test_calls_are_judged(text: str, name: str, flag: str) -> None:
    """The worst operation of the shell has the expected name, and somewhere the reason is said."""
    found = [one for top in analyse(text, "shell") for one in top.walk()]

    worst = max((one for one in found if one.protocol == "shell"), key=lambda one: one.access)
    assert worst.name == name
    assert flag in ["", *(said for one in found for said in one.arguments["flags"])]
