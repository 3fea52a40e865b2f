"""Places and variables that hold secrets."""

from __future__ import annotations

import pytest

from interlock.commands import analyse
from interlock.commands.shell_secrets import secret, shows_environment
from interlock.commands.shell_words import Word


@pytest.mark.parametrize(
    ("path", "expected"),
    [("~/.ssh/id_rsa", True), ("a/.env.local", True), (".env.example", False), ("/proc/1/environ", True),
     ("server.key", True), ("src/keys.py", False), ("@/etc/shadow", True), ("~/.ssh/known_hosts", False),
     ("HEAD:.env", True), ("f=<.env", True), ("~/.config/gh/hosts.yml", True), ("~/.config/git/config", False)],
)  # fmt: skip
def test_secret_places(path: str, expected: bool) -> None:
    """Well-known places of secrets are recognised, their look-alikes are not."""
    assert secret(path) is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/etc/sha?ow", True), ("/e*/shadow", True), (".e*", True), ("src/*", False), ("*", False), ("/etc/*", False)],
)
def test_patterns_that_could_be_secrets(path: str, expected: bool) -> None:
    """A pattern counts when one of the places could be meant, step by step."""
    assert secret(path, glob=True) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("printenv", True), ("printenv API_KEY", True), ("printenv HOME", False), ("export -p", True), ("set", True),
     ("set -x", False), ("export A=1", False), ("declare -A m", False)],
)  # fmt: skip
def test_commands_that_show_the_environment(text: str, expected: bool) -> None:
    """The environment holds secrets: what prints it whole, or a variable called like one, is told from the rest."""
    name, *words = text.split()
    assert shows_environment(name, [Word(word) for word in words]) is expected


def test_a_secret_variable_that_is_printed() -> None:
    """`echo $API_KEY` shows it; asking whether it is set does not."""
    assert shows_environment("echo", [Word("$API_KEY", dynamic=True)])
    assert not shows_environment("echo", [Word("${API_KEY:+set}", dynamic=True)])


@pytest.mark.parametrize(
    ("text", "expected"),
    [("env | cut -d= -f1", False), ("env | cut -d= -f2", True), ("env | wc -l", False), ("env | sort", True)],
)
def test_names_of_variables_are_no_secrets(text: str, expected: bool) -> None:
    """Where only names or their number come out, nothing is shown."""
    flags = [flag for operation in analyse(text, "shell") for flag in operation.arguments["flags"]]

    assert ("secret-read" in flags) is expected
