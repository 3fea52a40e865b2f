"""Long lists of literals."""

from __future__ import annotations

import pytest
import sqlglot

from interlock.commands import analyse
from interlock.commands.sql_lists import shortened

IDS = ", ".join(map(str, range(5000)))
ROWS = ", ".join(f"({number}, 'n', NULL)" for number in range(500))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"a IN ({IDS})", 35),
        (f"VALUES {ROWS}", 1 + 17 * 8 - 1),
        (f"VALUES {ROWS}, (1, now(), 2)", 1 + 17 * 8 + 9),
        ("a IN (1, 2)", 7),
        (f"f({IDS})", 10_002),
        (f"a IN ({IDS}, b)", 10_005),
        (f"a IN ({IDS}", 10_002),
        ("VALUES ()", 3),
        ("a IN (SELECT 1)", 6),
    ],
)
def test_only_lists_of_literals_are_shortened(text: str, left: int) -> None:
    """Sixteen of a list after IN and sixteen rows and the last of VALUES stay; whatever holds more stays whole."""
    assert len(shortened(sqlglot.tokenize(text))) == left


@pytest.mark.parametrize(
    ("text", "action"),
    [
        (f"SELECT a FROM t WHERE b IN ({IDS}) AND c = 1", "read"),
        (f"DELETE FROM t WHERE b IN ({IDS})", "write"),
        (f"SELECT a FROM t WHERE b IN ({IDS}); DROP TABLE t", "ddl"),
        (f"INSERT INTO t (a, b, c) VALUES {ROWS} ON CONFLICT (a) DO NOTHING", "write"),
    ],
)
def test_what_is_around_them_is_judged(text: str, action: str) -> None:
    """Long lists are no reason to refuse, and hide nothing behind them."""
    assert analyse(text, "sql", "postgres")[-1].action == action


def test_a_long_list_is_a_condition() -> None:
    """It leaves out what a short one does."""
    (found,) = analyse(f"DELETE FROM t WHERE b IN ({IDS})", "sql", "postgres")

    assert "no-where" not in found.arguments["flags"]
