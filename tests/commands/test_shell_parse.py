"""Text that the grammar and Bash read differently."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("text", "name", "flag"),
    [
        ("echo \\ #; rm x", "shell.unknown", "odd-comment"),
        ("r\\\nm x", "shell.unknown", "odd-characters"),
        ("sed -i '$a\\\nx;' a.ts", "shell.write", ""),
        ("echo 'a' b\\\nc", "shell.unknown", "odd-characters"),
        ("echo \"it's\" r\\\nm 'x'", "shell.unknown", "odd-characters"),
        ("ls \x0b", "shell.unknown", "odd-characters"),
        ("if", "shell.unknown", "unparsable"),
        ("echo a#b", "shell.read", ""),
        ("ls # x", "shell.read", ""),
        ("ls \\\n  -l", "shell.read", ""),
        ("[[ $x == [a-z]* ]] && ls", "shell.read", ""),
        ("[[ 'a[$(rm x)]' -eq 0 ]]", "shell.unknown", "arithmetic"),
    ],
)
def test_calls_are_judged(text: str, name: str, flag: str) -> None:
    """The first operation has the expected name and says why."""
    first = analyse(text, "shell")[0]

    assert first.name == name
    assert flag in ["", *first.arguments["flags"]]
