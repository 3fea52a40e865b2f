"""Every flag that the analysis gives is a word that rules may write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from interlock import commands
from interlock.policy.flag_words import FLAGS, check_flag
from interlock.schema import Reader
from interlock.source import Node, read_yaml_text

CORPORA = Path(__file__).parents[1] / "corpora"
NODE: Node = read_yaml_text("x", "x.yaml")


def known(flag: str) -> bool:
    reader = Reader()
    check_flag(NODE, flag, reader)
    return not reader.errors


@pytest.mark.parametrize("file", sorted(CORPORA.glob("*/*.jsonl")), ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_flags_of_the_corpora_are_known(file: Path) -> None:
    """Whatever thousands of commands carry can be written in a rule; a new flag gets its line in FLAGS."""
    strange = set()
    for line in filter(None, file.read_text(encoding="utf-8").split("\n")):
        entry = json.loads(line)
        text = entry.get("sql") or entry.get("text")
        if not isinstance(text, str):
            continue
        dialect = entry.get("dialect") or file.stem if "sql" in entry else ""
        for operation in commands.analyse(text, "sql" if "sql" in entry else "shell", dialect):
            for inner in operation.walk():
                flags = inner.arguments.get("flags")
                strange |= {str(flag) for flag in flags if not known(str(flag))} if isinstance(flags, list) else set()
    assert strange == set()


@pytest.mark.parametrize(("flag", "says"), [("opague", "did you mean 'opaque'"), ("zzz", "known: append")])
def test_a_misspelt_flag_is_an_error(flag: str, says: str) -> None:
    """`not: [opague]` would let everything pass."""
    reader = Reader()
    check_flag(NODE, flag, reader)
    assert [entry.message for entry in reader.errors] == [f"no operation carries the flag {flag!r}"]
    assert says in reader.errors[0].hint


def test_every_flag_is_explained() -> None:
    """Each has its sentence, for the README."""
    assert all(FLAGS.values())
