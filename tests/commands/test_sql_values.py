"""What expressions come to for one row."""

from __future__ import annotations

from typing import Any

import pytest
import sqlglot

from interlock.commands.sql_values import NOW, Moment, Untold, is_date, spelled, text, truth, value

_ROW: dict[str, Any] = {"a": 3, "b": None, "t": "Abc", "m": Moment("2024-01-01"), "f": True, "id": 7}


def _node(written: str) -> Any:
    return sqlglot.parse_one(f"SELECT {written}", read="postgres").expressions[0]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a + 2 * -1", 1), ("a - a", 0), ("a % 2", 1.0), ("abs(-a)", 3), ("sign(a)", 1), ("a / 1", 3), ("b + 1", None),
        ("length(t)", 3), ("lower(t)", "abc"), ("upper(b)", None), ("now()", NOW), ("a::text", "3"), ("(SELECT a)", 3),
        ("1.5", 1.5), ("a & 1", 1), ("a | 0", 3), ("power(a, 0)", 1), ("greatest(a, 5)", 5), ("least(a, -1)", -1),
         ("now() - interval '0 days'", NOW), ("m::date", Moment("2024-01-01")),
        ("current_date", Moment("2050-01-01")), ("null", None),
    ],
)  # fmt: skip
def test_what_is_known(written: str, expected: object) -> None:
    """Arithmetic, texts and moments as databases have them."""
    assert value(_node(written), _ROW) == expected


@pytest.mark.parametrize(
    "written",
    [
        "c", "a / 2", "a % 0", "f(a)", "random()", "t + 1", "now() - a", "m - interval '1 day'", "(SELECT a FROM u)",
        "(SELECT a WHERE b)", "t::int", "array[a]", "f + 1", "power(a, 2)", "greatest(a, b)", "1.5 & 1",
    ],
)  # fmt: skip
def test_nothing_is_guessed(written: str) -> None:
    """Names, types and functions that databases take differently."""
    with pytest.raises(Untold):
        value(_node(written), _ROW)


def test_texts_and_truths() -> None:
    """Numbers are true unless they are 0; texts are none, and moments are no texts."""
    assert truth(_node("a"), _ROW) is True
    assert truth(_node("b"), _ROW) is None
    assert text(_node("t"), _ROW) == "Abc"
    for told, written in ((truth, "t"), (text, "a"), (text, "m")):
        with pytest.raises(Untold):
            told(_node(written), _ROW)


def test_dates() -> None:
    """As ISO 8601 spells them."""
    assert is_date("2024-02-01T10:00:00.5Z")
    assert not is_date("2024-02")


@pytest.mark.parametrize(
    ("text", "expected"),
    [('a."B"', 'a."b"'), ('"a.b"', '"a.b"'), ('"a"".""b"', '"a"".""b"'), ("X.y.Z", "x.y.z")],
)
def test_columns_are_spelled_as_sql_does(text: str, expected: str) -> None:
    """Quotes remain, so that no two columns are spelled alike that are not one."""
    assert spelled(sqlglot.parse_one(text, read="postgres")) == expected
