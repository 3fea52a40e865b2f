"""Commands that work on files."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("text", "name", "flag"),
    [
        ("rm x", "shell.write", "delete"),
        ("rm -R x", "shell.destroy", "recursive-delete"),
        ("rm ..", "shell.destroy", "wide-delete"),
        ("chmod +x a", "shell.write", ""),
        ("chmod 600 ~/.ssh/config", "shell.write", ""),
        ("chmod 644 ~/.ssh/id_rsa", "shell.admin", "system-path"),
        ("chmod 600 /etc/ssh/x", "shell.admin", "system-path"),
        ("chmod 4755 a", "shell.admin", "set-user-id"),
        ("dd if=a of=b", "shell.write", ""),
        ("dd of=/dev/sdb", "shell.destroy", "system-path"),
        ("find . -fprint x", "shell.write", "overwrite"),
        ("find . -frob", "shell.unknown", ""),
        ("sed -e s/a/b/ f", "shell.read", ""),
        ("sed -f x f", "shell.unknown", ""),
        ("sed w/etc/x f", "shell.unknown", ""),
        ("awk -f x", "shell.unknown", ""),
        ("uniq a b", "shell.write", ""),
        ("fd -e py", "shell.read", ""),
        ("fd -x", "shell.unknown", ""),
        ("rsync -a --delete a b", "shell.destroy", ""),
    ],
)
def test_calls_are_judged(text: str, name: str, flag: str) -> None:
    """The first operation has the expected name and says why."""
    first = analyse(text, "shell")[0]

    assert first.name == name
    assert flag in ["", *first.arguments["flags"]]
