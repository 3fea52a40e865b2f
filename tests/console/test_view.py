"""What is shown is all there, and can be read."""

from __future__ import annotations

import pytest

from interlock.console.view import gist, rows_of, seen, span


@pytest.mark.parametrize(
    ("seconds", "says"),
    [(0, "0 s"), (-5, "0 s"), (59.9, "59 s"), (60, "1 min"), (899, "14 min 59 s"), (3600, "1 h"), (5400, "1 h 30 min")],
)
def test_a_length_of_time_is_short(seconds: float, says: str) -> None:
    """Its two largest units."""
    assert span(seconds) == says


def test_nothing_is_left_out() -> None:
    """Every member at every depth; what is nothing is said to be."""
    shown = {"a": None, "b": True, "c": [1, {"d": "x"}, []], "e": {"f": 0.5}, "": "unnamed"}

    rows = rows_of(shown)

    assert [(name, kind) for name, kind, _ in rows] == [
        ("a", "text"), ("b", "text"), ("c", "list"), ("e", "group"), ("", "text"),
    ]  # fmt: skip
    assert rows[0][2] == "null"
    assert rows[1][2] == "true"
    assert rows[2][2] == [{"": 1}, {"d": "x"}, {"": []}]
    assert rows_of({"w": ["a", None]}) == [("w", "words", ["a", "null"])]


@pytest.mark.parametrize(
    ("text", "says"), [("a\u202eb", "a\\u{202e}b"), ("a\x1b[2J", "a\\u{1b}[2J"), ("two\nlines", "two\nlines"), (7, "7")]
)
def test_what_cannot_be_seen_is_written_out(text: object, says: str) -> None:
    """Lines stay lines."""
    assert seen(text) == says


@pytest.mark.parametrize(
    ("shown", "says"),
    [
        ({"method": "POST", "operations": [{"command": "outer"}, {"name": "x"}, {"command": "DELETE x"}]}, "DELETE x"),
        ({"method": "POST", "target": "/v1", "operations": [{"name": "http.post"}]}, "POST /v1"),
        ({"tool": "Edit"}, "Edit"),
        ({"operations": "odd"}, ""),
        ({}, ""),
    ],
)
def test_a_list_says_what_it_is_about(shown: dict[str, object], says: str) -> None:
    """The command that lies deepest, else where the request goes."""
    assert gist(shown) == says
