"""Redirections, environment, tables."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("text", "name", "flag"),
    [
        ("> x", "shell.write", "overwrite"),
        (">> x", "shell.write", "append"),
        ("x=1", "shell.read", ""),
        ("PATH=$PATH:/opt/x/bin", "shell.write", "environment"),
        ("PATH=/tmp/x:$PATH", "shell.unknown", "environment"),
        ("PAGER=cat git log", "shell.read", ""),
        ("LD_PRELOAD=x ls", "shell.unknown", "environment"),
        ("npm publish", "shell.admin", ""),
        ("npm install", "shell.write", "installs"),
        ("sort -o x y", "shell.write", ""),
        ("sort --compress-program=x y", "shell.unknown", ""),
        ("./x", "shell.write", "opaque"),
        ("/tmp/x", "shell.write", "opaque"),
    ],
)
def test_calls_are_judged(text: str, name: str, flag: str) -> None:
    """The first operation has the expected name and says why."""
    first = analyse(text, "shell")[0]

    assert first.name == name
    assert flag in ["", *first.arguments["flags"]]
