"""What a list of texts runs."""

from __future__ import annotations

import pytest

from interlock.protocols.command_lists import readings


@pytest.mark.parametrize(
    ("words", "name", "expected"),
    [
        (["ls", "-l"], "command", [("ls -l", True)]),
        (["git", "commit", "-m", "a b"], "cmd", [("git commit -m 'a b'", True)]),
        (["ls", "rm -r x"], "command", [("ls 'rm -r x'", True), ("rm -r x", False)]),
        (["ls", "rm -r x"], "Commands", [("ls", True), ("rm -r x", True), ("ls\nrm -r x", True)]),
        (["ls", "reboot"], "script", [("ls", True), ("reboot", True), ("ls\nreboot", True), ("ls reboot", True)]),
    ],
)
def test_the_name_says_how_a_list_is_read(words: list[str], name: str, expected: list[tuple[str, bool]]) -> None:
    """One command in words, or one an item; what another reading would destroy is told too."""
    assert [(joined.text, sure) for joined, sure in readings(words, ("arguments", name))] == expected


def test_a_list_in_a_list_is_one_command() -> None:
    """The name is that of the outer one."""
    assert [(joined.text, sure) for joined, sure in readings(["rm", "x"], ("commands", 0))] == [("rm x", True)]
