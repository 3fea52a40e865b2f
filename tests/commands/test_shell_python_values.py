"""Constants of a Python text."""

from __future__ import annotations

import ast

import pytest

from interlock.commands.shell_python_values import Values, dotted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'a' + 'b'", "ab"), ("x = 'a'\nx", "a"), ("x = 'a'\nx = 'b'\nx", None), ("f'{1}'", None),
        ("y = 'b'\nf'a{y}'", "ab"),
        ("from pathlib import Path\nPath('a') / 'b'", "a/b"), ("import os\nos.path.join('a', 'b')", "a/b"),
        ("input()", None),
        ("import sys\nsys.executable", "python3"), ("def f(x): pass\nx = 'a'\nx", None), ("' a '.strip()", " a "),
    ],
)  # fmt: skip
def test_texts(text: str, expected: str | None) -> None:
    """Only what can be but one text is one."""
    tree = ast.parse(text)
    last = tree.body[-1]
    assert isinstance(last, ast.Expr)

    assert Values(list(ast.walk(tree))).text(last.value) == expected


def test_imports_are_followed() -> None:
    """Under whatever name."""
    tree = ast.parse("import os.path as p, shutil\nfrom os import remove as r\np.join\nshutil.rmtree\nr\nx.y")
    values = Values(list(ast.walk(tree)))
    found = [values.resolve(one.value) for one in tree.body if isinstance(one, ast.Expr)]

    assert found == ["os.path.join", "shutil.rmtree", "os.remove", ""]


def test_beginnings_of_dotted_names() -> None:
    """A module stands for all that is in it."""
    assert dotted("json.decoder.x", {"json"})
    assert not dotted("jsonx", {"json"})
