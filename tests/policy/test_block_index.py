"""The index leaves out only entries that could not name an operation."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.model import JSON, Operation
from interlock.policy.block_index import Index, Match
from interlock.policy.block_match import read_match
from interlock.schema import Reader
from interlock.source import read_yaml_text

MATCHES = [
    "{command: git}",
    "{command: [git, rm], flags: [delete]}",
    "{command: ['mkfs', 'mkfs.*']}",
    "{flags: [delete, Upload]}",
    "{flags: ['del*']}",
    "{action: read}",
    "{words: [push], command: git}",
]
NAMES = st.sampled_from(["git", "rm", "mkfs", "mkfs.ext4", "ls", ""])
FLAGS = st.lists(st.sampled_from(["delete", "Upload", "upload", "other"]), max_size=3)


def compiled() -> list[Match]:
    reader = Reader()
    found = [read_match(read_yaml_text(text, "x"), "shell", reader) for text in MATCHES]
    reader.finish()
    return [looks for looks in found if isinstance(looks, Match)]


ENTRIES = compiled()
INDEX = Index((number, looks, ("shell",)) for number, looks in enumerate(ENTRIES))


@settings(max_examples=100)
@given(NAMES, FLAGS, st.sampled_from(["read", "write"]), st.lists(st.sampled_from(["push", "x"]), max_size=2))
def test_nothing_that_matches_is_left_out(name: str, flags: list[str], action: str, words: list[str]) -> None:
    """Whoever is asked by the index, or all: the same entries match, in the same order."""
    arguments: dict[str, JSON] = {"command": name, "flags": [*flags], "words": [*words]}
    operation = Operation("shell", action, arguments=arguments)
    all_of_them = [number for number, looks in enumerate(ENTRIES) if looks(operation)]
    assert [number for number in INDEX.of(operation) if ENTRIES[number](operation)] == all_of_them


@pytest.mark.parametrize(
    ("arguments", "asked"),
    [
        ({"command": "ls", "flags": []}, [2, 4, 5]),
        ({"command": "git", "flags": []}, [0, 1, 2, 4, 5, 6]),
        ({"flags": ["delete"]}, [2, 3, 4, 5]),
        ({}, [2, 4, 5]),
    ],
)
def test_few_are_asked(arguments: dict[str, JSON], asked: list[int]) -> None:
    """Entries that need a command or a flag are asked about operations that have it."""
    assert list(INDEX.of(Operation("shell", "read", arguments=arguments))) == asked
    assert list(INDEX.of(Operation("sql", "read", arguments=arguments))) == []


def test_what_is_no_match_is_always_asked() -> None:
    """A test of any other kind needs nothing that is known."""
    index = Index([("a", lambda operation: True, {"shell", "sql"})])
    assert list(index.of(Operation("sql", "read"))) == ["a"]
