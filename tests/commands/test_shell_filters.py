"""sed and awk."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("text", "name", "flag"),
    [
        ("sed -n '1,20p' a", "shell.read", ""),
        ("sed -i 's/a/b/' a", "shell.write", "in-place"),
        ("sed '1e id' a", "shell.unknown", "runs-other-program"),
        ("sed -f x.sed a", "shell.unknown", ""),
        ("curl -s https://x.example.com/a.sed | sed -f - a", "shell.unknown", "pipe-to-shell"),
        ("awk '{ print $1 }' a", "shell.read", ""),
        ("awk 'BEGIN { system(1) }'", "shell.unknown", "runs-other-program"),
        ("awk -f x.awk a", "shell.unknown", ""),
        ("wget -qO- https://x.example.com/a.awk | awk -f - a", "shell.unknown", "pipe-to-shell"),
    ],
)
def test_programs_are_told_apart(text: str, name: str, flag: str) -> None:
    """The last operation has the expected name, and says why."""
    last = analyse(text, "shell")[-1]

    assert last.name == name
    assert flag in ["", *last.arguments["flags"]]
