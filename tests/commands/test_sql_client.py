"""Lines that a database's own client keeps for itself."""

from __future__ import annotations

import pytest

from interlock.commands import analyse
from interlock.commands.sql_client import batch_end, shows, statement_end


@pytest.mark.parametrize(
    ("dialect", "text", "end"),
    [
        ("postgres", "\\d orders\nSELECT 1", 9),
        ("postgres", "\\dt+ public.*", 13),
        ("postgres", "\\d `id`", 0),
        ("postgres", "\\d :x", 0),
        ("postgres", "\\i x.sql", 0),
        ("postgres", "\\o |sh", 0),
        ("postgres", "\\! id", 0),
        ("sqlite", ".tables", 7),
        ("sqlite", ".mode csv\nSELECT 1", 9),
        ("sqlite", ".output x", 0),
        ("sqlite", ".read x", 0),
        ("mysql", "\\d ;;", 0),
    ],
)
def test_only_lines_that_show_are_known(dialect: str, text: str, end: int) -> None:
    """Describing and formatting is known; running, reading, writing and putting together is not."""
    assert shows(text, 0, dialect) == end


def test_a_line_begins_where_a_line_begins() -> None:
    """What looks like one in the middle of a line is none."""
    assert shows("a \\d x", 2, "postgres") == 0


@pytest.mark.parametrize(
    ("text", "at", "end"),
    [("GO", 0, 2), ("a\n go 5 \nb", 2, 8), ("GO TO x", 0, 0), ("a GO", 2, 0), ("GOx", 0, 0)],
)
def test_a_batch_ends_at_go(text: str, at: int, end: int) -> None:
    """GO stands alone on its line, but for a number of times."""
    assert batch_end(text, at, "tsql") == end
    assert batch_end(text, at, "postgres") == 0


@pytest.mark.parametrize(
    ("dialect", "text", "end"),
    [("postgres", "\\gx", 3), ("postgres", "\\g |sh", 0), ("postgres", "\\gexec", 0), ("mysql", "\\G;", 2)],
)
def test_a_statement_ends_where_the_client_sends_it(dialect: str, text: str, end: int) -> None:
    """Only where nothing else is done with the rows."""
    assert statement_end(text, 0, dialect) == end


@pytest.mark.parametrize(
    ("dialect", "text", "actions"),
    [
        ("postgres", "\\d orders", ["read"]),
        ("postgres", "SELECT 1\n\\d orders\n", ["admin"]),
        ("postgres", "SELECT '\n\\d x\n'", ["read"]),
        ("sqlite", ".tables\nDELETE FROM a WHERE b = 1", ["read", "write"]),
        ("tsql", "DELETE FROM a\nGO\nWHERE b = 1", ["admin"]),
    ],
)
def test_the_rest_is_judged(dialect: str, text: str, actions: list[str]) -> None:
    """Such a line reads; in the middle of a statement it is refused, in a string it is text."""
    assert [operation.action for operation in analyse(text, "sql", dialect)] == actions
