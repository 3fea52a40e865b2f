"""Interpreters of other languages."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("text", "name", "flag"),
    [
        ("python x.py", "shell.write", "opaque"),
        ('python -c "print(1)"', "shell.read", ""),
        ("python", "shell.unknown", ""),
        ("python -m json.tool", "shell.read", ""),
        ("python -i -c 1", "shell.unknown", ""),
        ("ruby -e 'system 1'", "shell.unknown", ""),
        ("node x.js", "shell.write", "opaque"),
        ("perl -V", "shell.read", ""),
        ("python /dev/fd/3", "shell.unknown", ""),
        ("python -m frob", "shell.write", "opaque"),
        ("php -r 'system(1);'", "shell.unknown", "runs-other-program"),
    ],
)
def test_calls_are_judged(text: str, name: str, flag: str) -> None:
    """The first operation has the expected name and says why."""
    first = analyse(text, "shell")[0]

    assert first.name == name
    assert flag in ["", *first.arguments["flags"]]
