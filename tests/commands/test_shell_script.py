"""A text taken apart."""

from __future__ import annotations

from interlock.commands.shell_script import Simple
from interlock.commands.shell_tree import read_script


def test_offsets_are_in_bytes_and_in_characters() -> None:
    """Bytes for comparing with the grammar's nodes, characters for people."""
    found = read_script("\u00e4=1; ls").commands[-1]

    assert (found.start, found.at, found.source) == (6, 5, "ls")


def test_an_empty_command_says_nothing() -> None:
    """No words, no input of its own."""
    assert Simple().words == []
    assert Simple().stdin.kind == "inherit"
