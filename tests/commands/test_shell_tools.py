"""git."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("text", "name", "flag"),
    [
        ("git branch", "shell.read", ""),
        ("git branch -D x", "shell.destroy", "discards-work"),
        ("git tag v1", "shell.write", ""),
        ("git config --get user.name", "shell.read", ""),
        ('git config alias.x "!sh"', "shell.unknown", ""),
        ("git config user.name x", "shell.write", ""),
        ("git frob", "shell.unknown", ""),
        ("git $x", "shell.unknown", "dynamic"),
        ("git rebase -x 'rm -rf src' main", "shell.write", ""),
        ('git rebase -x "$X" main', "shell.unknown", ""),
        ("git submodule foreach $x", "shell.unknown", ""),
        ("git rm -r --cached dist", "shell.write", ""),
        ("git rm -r dist", "shell.destroy", "recursive-delete"),
        ("git checkout -- '*'", "shell.destroy", "wide-delete"),
        ("git restore --worktree --staged .", "shell.destroy", "wide-delete"),
        ("git restore --staged .", "shell.write", ""),
        ("git -c alias.z='reset --hard' z", "shell.unknown", "runs-other-program"),
        ("git submodule deinit -f lib", "shell.destroy", "discards-work"),
        ("git bisect run npm test", "shell.write", ""),
        ("git bisect run $x", "shell.write", "dynamic"),
        ("git clone --filter=blob:none https://x.example/a", "shell.network", ""),
        ("git cat-file --filters HEAD:a", "shell.unknown", ""),
    ],
)
def test_calls_are_judged(text: str, name: str, flag: str) -> None:
    """The first operation has the expected name and says why."""
    first = analyse(text, "shell")[0]

    assert first.name == name
    assert flag in ["", *first.arguments["flags"]]
