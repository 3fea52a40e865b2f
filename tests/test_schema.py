"""The reader of nodes: typed values or an error with a place, and everything at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from interlock.errors import Place, RulesInvalid
from interlock.schema import Reader
from interlock.source import Node, read_yaml_text


def node(text: str) -> Node:
    return read_yaml_text(text, "rules.yaml")


def test_mappings_know_their_members() -> None:
    """Unknown and missing members are errors; the rest is given on."""
    reader = Reader()
    members = reader.mapping(node("{id: a, subjcts: b}"), "a rule", required=("id", "on"), optional=("subjects",))

    assert list(members) == ["id"]
    assert [error.message for error in reader.errors] == ["a rule has no member 'subjcts'", "a rule needs 'on'"]
    assert reader.errors[0].hint == "did you mean 'subjects'?"
    assert reader.errors[0].place == Place("rules.yaml", 1, 9)


def test_finish_raises_everything_at_once() -> None:
    """An operator sees all mistakes in one run."""
    reader = Reader()
    reader.finish()
    reader.error(node("a"), "one", "do this")
    reader.error(Place("rules.yaml", 3, 4), "two")
    with pytest.raises(RulesInvalid) as caught:
        reader.finish()

    assert str(caught.value) == "rules.yaml:1:1: one\n    do this\nrules.yaml:3:4: two"


type Read = Callable[[Reader, Node], object]

GOOD: list[tuple[str, Read, str, object]] = [
    ("text", lambda r, n: r.text(n, "x"), "abc", "abc"),
    ("one text as list", lambda r, n: r.texts(n, "x"), "abc", ("abc",)),
    ("texts", lambda r, n: r.texts(n, "x"), "[a, b]", ("a", "b")),
    ("name", lambda r, n: r.name(n, "x"), "analysts-read-2", "analysts-read-2"),
    ("flag", lambda r, n: r.flag(n, "x"), "true", True),
    ("number", lambda r, n: r.number(n, "x", 1, low=0, high=9), "9", 9),
    ("choice", lambda r, n: r.choice(n, "x", ("a", "b")), "b", "b"),
    ("duration", lambda r, n: r.duration(n, "x", 0), "50s", 50.0),
    ("days", lambda r, n: r.duration(n, "x", 0), "30d", 30 * 86400.0),
    ("milliseconds", lambda r, n: r.duration(n, "x", 0), "20ms", 0.02),
    ("size", lambda r, n: r.size(n, "x", 0), "8MiB", 8 << 20),
    ("bytes", lambda r, n: r.size(n, "x", 0), "512", 512),
    ("known", lambda r, n: r.known(n, "x", "a", ["a"]), "a", True),
    ("items", lambda r, n: len(r.items(n, "x")), "[1, 2]", 2),
]
BAD: list[tuple[str, Read, str]] = [
    ("text", lambda r, n: r.text(n, "x"), "12"),
    ("blank text", lambda r, n: r.text(n, "x"), "' '"),
    ("texts", lambda r, n: r.texts(n, "x"), "[a, 1]"),
    ("empty texts", lambda r, n: r.texts(n, "x"), "[]"),
    ("name", lambda r, n: r.name(n, "x"), "Not_Kebab"),
    ("double hyphen", lambda r, n: r.name(n, "x"), "a--b"),
    ("line end after a name", lambda r, n: r.name(n, "x"), '"a\\n"'),
    ("flag", lambda r, n: r.flag(n, "x"), "yes"),
    ("number", lambda r, n: r.number(n, "x", 1, low=0, high=9), "10"),
    ("flag as number", lambda r, n: r.number(n, "x", 1), "true"),
    ("choice", lambda r, n: r.choice(n, "x", ("a", "b")), "c"),
    ("bare duration", lambda r, n: r.duration(n, "x", 0), "50"),
    ("duration with a blank and more", lambda r, n: r.duration(n, "x", 0), "5s 1"),
    ("digits of another script", lambda r, n: r.duration(n, "x", 0), "٣s"),
    ("endless duration", lambda r, n: r.duration(n, "x", 0), "9" * 5000 + "s"),
    ("endless size", lambda r, n: r.size(n, "x", 0), "9" * 5000 + "B"),
    ("size", lambda r, n: r.size(n, "x", 0), "8 apples"),
    ("size of nothing", lambda r, n: r.size(n, "x", 0), "true"),
    ("known", lambda r, n: r.known(n, "x", "b", ["a"]), "b"),
    ("items", lambda r, n: r.items(n, "x"), "{a: 1}"),
    ("mapping", lambda r, n: r.mapping(n, "x", optional=("a",)), "[1]"),
]


@pytest.mark.parametrize(("read", "text", "value"), [row[1:] for row in GOOD], ids=[row[0] for row in GOOD])
def test_good_values_are_typed(read: Read, text: str, value: object) -> None:
    """Each reader gives its type and no error."""
    reader = Reader()
    found = read(reader, node(text))

    assert found == value
    assert reader.errors == []


@pytest.mark.parametrize(("read", "text"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_bad_values_are_errors(read: Read, text: str) -> None:
    """Each reader notes one error with a place and goes on."""
    reader = Reader()
    read(reader, node(text))

    assert len(reader.errors) == 1
    assert reader.errors[0].place == Place("rules.yaml", 1, 1) or reader.errors[0].place.column > 1


def test_absent_values_take_their_default() -> None:
    """What is not written is no error."""
    reader = Reader()

    assert (reader.text(None, "x", "d"), reader.texts(None, "x"), reader.flag(None, "x", True)) == ("d", (), True)
    assert (reader.number(None, "x", 3), reader.choice(None, "x", (), "d")) == (3, "d")
    assert (reader.duration(None, "x", 1.5), reader.size(None, "x", 7), reader.items(None, "x")) == (1.5, 7, [])
    assert reader.errors == []


def test_hints_name_what_exists() -> None:
    """Near misses are guessed, far ones get the list, and an empty list says so."""
    reader = Reader()
    for value, known in (("warehuose", ["warehouse"]), ("x", ["warehouse"]), ("x", [])):
        reader.known(node("a"), "connection", value, known)

    assert [error.hint for error in reader.errors] == ["did you mean 'warehouse'?", "known: warehouse", "none exist"]
