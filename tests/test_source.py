"""YAML as operators write it: one reading, with places, and nothing clever."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.errors import Place, RulesInvalid
from interlock.source import read_yaml, read_yaml_text

CORE = """
on: [no, off, yes, y]
text: '1'
number: 12
plus: +1
minus: -3
float: 1.5
exponent: 1e3
octal: 0o7
hex: 0x10
date: 2001-01-01
time: 12:30:45
huge: 123456789012345678901234567890
empty:
tilde: ~
null word: NULL
flags: [true, False, TRUE, tRUE]
block: |
  a
  b
quoted: "true"
"""


def test_scalars_follow_yaml_1_2() -> None:
    """`on` and `no` are texts, only the core schema's words and numbers are anything else."""
    assert read_yaml_text(CORE, "x").plain() == {
        "on": ["no", "off", "yes", "y"],
        "text": "1",
        "number": 12,
        "plus": 1,
        "minus": -3,
        "float": 1.5,
        "exponent": 1000.0,
        "octal": "0o7",
        "hex": "0x10",
        "date": "2001-01-01",
        "time": "12:30:45",
        "huge": "123456789012345678901234567890",
        "empty": None,
        "tilde": None,
        "null word": None,
        "flags": [True, False, True, "tRUE"],
        "block": "a\nb\n",
        "quoted": "true",
    }


def test_nodes_know_where_they_stand() -> None:
    """Values and keys carry file, line and column, counted from 1."""
    node = read_yaml_text("a:\n  - b: 1\n", "rules.yaml")

    assert isinstance(node.value, dict)
    assert node.keys["a"] == Place("rules.yaml", 1, 1)
    (item,) = node.value["a"].value
    assert item.place == Place("rules.yaml", 2, 5)
    assert item.value["b"].place == Place("rules.yaml", 2, 8)
    assert str(item.keys["b"]) == "rules.yaml:2:5"


def test_an_empty_file_is_an_empty_mapping() -> None:
    """Nothing written means nothing said."""
    for text in ("", "\n", "# only a comment\n"):
        assert read_yaml_text(text, "x").plain() == {}


REFUSED = [
    ("duplicate key", "a: 1\nb: 2\na: 3", 3, 1, "stands twice"),
    ("duplicate in flow", "{a: 1, a: 2}", 1, 8, "stands twice"),
    ("duplicate with a quoted key", "a: 1\n'a': 2", 2, 1, "stands twice"),
    ("anchor", "a: &x 1", 1, 4, "anchor &x"),
    ("anchor on a key", "&x a: 1", 1, 1, "anchor &x"),
    ("anchor on a mapping", "a: &x\n  b: 1", 1, 4, "anchor &x"),
    ("alias", "a: *x", 1, 4, "*x is not allowed"),
    ("merge key", "a:\n  <<: {b: 1}", 2, 3, "merge keys"),
    ("own tag", "a: !foo 1", 1, 4, "tag !foo"),
    ("core tag", "a: !!str 1", 1, 4, "tag tag:yaml.org,2002:str"),
    ("verbatim tag", "a: !<tag:yaml.org,2002:str> 1", 1, 4, "is not allowed"),
    ("bare tag", "a: ! 1", 1, 4, "tag !"),
    ("tag on a key", "!!str a: 1", 1, 1, "is not allowed"),
    ("tag on a list", "a: !!seq [1]", 1, 4, "is not allowed"),
    ("list as key", "? [a]\n: 1", 1, 3, "plain text"),
    ("mapping as key", "{{a: 1}: 2}", 1, 2, "plain text"),
    ("two documents", "a: 1\n---\nb: 2", 2, 1, "several"),
    ("directive of the past", "%YAML 1.1\n---\na: 1", 2, 1, "directives"),
    ("tag directive", "%TAG ! tag:x,2000:\n---\na: 1", 2, 1, "directives"),
    ("unclosed list", "a: [1,\n", 2, 1, "is not YAML"),
    ("tab", "\ta: 1", 1, 1, "is not YAML"),
    ("control character", "a: '\x00'", 1, 1, "is not YAML"),
]


@pytest.mark.parametrize("row", REFUSED, ids=[row[0] for row in REFUSED])
def test_what_could_be_read_differently_is_refused(row: tuple) -> None:
    """With the place where it stands."""
    _, text, line, column, says = row
    with pytest.raises(RulesInvalid) as caught:
        read_yaml_text(text, "x")

    error = caught.value.errors[0]
    assert (error.place.line, error.place.column) == (line, column)
    assert says in error.message


def test_all_errors_are_collected() -> None:
    """One run shows everything that is wrong."""
    with pytest.raises(RulesInvalid) as caught:
        read_yaml_text("a: !x 1\nb: &y 2\na: 3", "x")

    assert [error.place.line for error in caught.value.errors] == [1, 2, 3]


@pytest.mark.parametrize("text", ["[" * 100_000, "a: " + "{b: " * 50_000, "- " * 50_000, "? " * 5_000])
def test_deep_nesting_ends_at_once(text: str) -> None:
    """Depth is bounded before it costs time or stack."""
    with pytest.raises(RulesInvalid):
        read_yaml_text(text, "x")


@settings(max_examples=100, deadline=None)
@given(st.text("ab:-[]{}&*!%?'\"|>#,\n \t", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing but RulesInvalid ever comes out."""
    with contextlib.suppress(RulesInvalid):
        read_yaml_text(text, "x").plain()


def test_files_are_read_with_the_name_shown(tmp_path: Path) -> None:
    """What is wrong with the file itself is told like everything else."""
    file = tmp_path / "rules.yaml"
    file.write_text("a: 1\n")
    assert read_yaml(file, shown="rules/rules.yaml").place.file == "rules/rules.yaml"
    for content, says in ((b"a: \xff", "not UTF-8"), (b"#" * (1 << 20) + b"#", "1 MiB")):
        file.write_bytes(content)
        with pytest.raises(RulesInvalid) as caught:
            read_yaml(file, shown="rules.yaml")

        assert says in str(caught.value)
    with pytest.raises(RulesInvalid, match="cannot be read"):
        read_yaml(tmp_path / "absent.yaml")
