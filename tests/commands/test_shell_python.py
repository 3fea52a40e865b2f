"""Python text that only computes."""

from __future__ import annotations

import pytest

from interlock.commands.shell_python import is_harmless


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("print(1 + 1)", True), ("import sys; print(sys.version)", True),
        ("import json; print(json.dumps({'a': 1}))", True),
        ("print([x * 2 for x in range(3)])", True), ("import os", False), ("__import__('os')", False),
        ("import sys; sys.modules['os'].system('x')", False), ("open('x', 'w')", False), ("print(1, file=x)", False),
        ("(1).__class__", False), ("print = exec; print('x')", False),
        ("x = lambda: 1", False), ("def f(): pass", False),
        ("import sys as json", False), ("(" * 500, False), ("\x00", False), ("from os import *", False),
    ],
)  # fmt: skip
def test_is_harmless(text: str, expected: bool) -> None:
    """Only what is known to compute and print is harmless."""
    assert is_harmless(text) is expected
