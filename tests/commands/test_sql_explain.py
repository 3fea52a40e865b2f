"""EXPLAIN and its options."""

from __future__ import annotations

import pytest

from interlock.commands.sql_explain import CURSOR, FETCH, explain_options, scripted


@pytest.mark.parametrize(
    ("tail", "runs", "rest"),
    [
        (" SELECT 1", False, " SELECT 1"),
        (" ANALYZE VERBOSE DELETE FROM a", True, "DELETE FROM a"),
        ("(ANALYZE, COSTS off) DELETE FROM a", True, "DELETE FROM a"),
        ("(ANALYZE off) DELETE FROM a", False, "DELETE FROM a"),
        ("PIPELINE SELECT 1", False, "SELECT 1"),
        ("USING TEXT SELECT 1", False, "SELECT 1"),
        ("(SELECT 1)", False, "(SELECT 1)"),
    ],
)
def test_options(tail: str, runs: bool, rest: str) -> None:
    """Only ANALYZE carries the statement out."""
    assert explain_options(tail) == (runs, rest)


def test_cursors() -> None:
    """A cursor's query follows what is said about it; FETCH takes no query."""
    text = "a NO SCROLL CURSOR WITH HOLD FOR SELECT 1"
    found = CURSOR.match(text)

    assert found is not None
    assert text[found.end() :] == "SELECT 1"
    assert FETCH.fullmatch("FORWARD 9 FROM a")
    assert not FETCH.fullmatch("9 FROM a; DROP TABLE b")


@pytest.mark.parametrize(
    ("name", "tail", "texts"),
    [
        ("if", "a > 1 THEN DELETE FROM t", ["SELECT a > 1 ", " DELETE FROM t"]),
        ("while", "true do SELECT 1", ["SELECT true ", " SELECT 1"]),
        ("end", "IF", []),
        ("end", "transaction", None),
        ("if", "a > 1", None),
        ("loop", "x then y", None),
    ],
)
def test_scripts(name: str, tail: str, texts: list[str] | None) -> None:
    """The condition, as a query, and the first statement behind it."""
    assert scripted(name, tail) == texts
