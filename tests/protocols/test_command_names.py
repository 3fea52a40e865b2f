"""Names of members, and the words beside a command."""

from __future__ import annotations

import pytest

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.protocols.command_names import (
    arguments_among,
    environment_of,
    language_among,
    language_of,
    spelled_plainly,
    with_arguments,
)


@pytest.mark.parametrize(
    ("name", "language"),
    [("command", "shell"), ("Shell-Command", "shell"), ("raw_sql", "sql"), ("cmds", "shell"), ("text", "")],
)
def test_a_name_says_the_language(name: str, language: str) -> None:
    """Whatever its case and separators."""
    assert language_of(name) == language_of(spelled_plainly(name)) == language


@pytest.mark.parametrize(
    ("members", "name", "language"),
    [
        ({"program": "rm", "args": ["x"]}, "program", "shell"),
        ({"program": "Algebra"}, "program", ""),
        ({"argv": ["rm", "x"]}, "argv", "shell"),
        ({"program": "rm", "argv": ["x"]}, "argv", ""),
        ({"command": "rm", "argv": ["x"]}, "argv", ""),
        ({"command": "rm", "program": "x", "args": []}, "program", ""),
    ],
)
def test_some_names_count_by_what_stands_beside_them(members: dict[str, JSON], name: str, language: str) -> None:
    """A program with its arguments is a command; a program alone may be a course."""
    assert language_among(name, members) == language


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"args": ["-r", "a b"]}, "rm -r 'a b'"),
        ({"args": "-r x"}, "rm -r x"),
        ({"args": [["-r"], {"to": "x"}, 5, None, True]}, "rm -r x 5"),
        ({"Args": {"0": "-r", "1": "x"}}, "rm -r x"),
        ({"params": ["-r", "x"]}, "rm -r x"),
        ({"options": {"timeout": 5}}, "rm"),
        ({"args": []}, "rm"),
    ],
)
def test_arguments_are_part_of_the_command(members: dict[str, JSON], expected: str) -> None:
    """However they are arranged; settings are none."""
    assert with_arguments("rm", ("command",), arguments_among(members)).text == expected


def test_one_list_of_arguments_has_few_commands() -> None:
    """Which one it belongs to could not be said."""
    with pytest.raises(BodyRejected):
        arguments_among({"cmd": "a", "c_md": "a", "cm_d": "a", "c.md": "a", "cm.d": "a", "args": ["x"]})
    with pytest.raises(BodyRejected):
        arguments_among(dict.fromkeys(("program", "pro_gram", "prog_ram", "pr_ogram", "p_rogram"), "a"))
    assert arguments_among({"cmd": "a", "c_md": "a", "cm_d": "a", "c.md": "a", "cm.d": "a"}) == []


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("env", {"LD_PRELOAD": "/tmp/x.so"}, "env LD_PRELOAD=/tmp/x.so true"),
        ("environment", ["A=b c", "no variable", 7], "env 'A=b c' true"),
        ("Env_Vars", {"A": 7}, "env A= true"),
        ("env", "production", ""),
        ("env", {"not a name": "x"}, ""),
        ("labels", {"A": "b"}, ""),
    ],
)
def test_an_environment_is_what_env_would_set(name: str, value: JSON, text: str) -> None:
    """As an object or as a list; a word that names a stage is none."""
    assert environment_of(name, value) == text
