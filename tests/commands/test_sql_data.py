"""What statements that change rows amount to."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("dialect", "text", "kind", "empties"),
    [
        ("postgres", "DELETE FROM t", "delete", True),
        ("postgres", "DELETE FROM t WHERE id = 7", "delete", False),
        ("postgres", "UPDATE t SET a = 1 WHERE NOT EXISTS (SELECT 1 WHERE false)", "update", True),
        ("sqlite", "DELETE FROM t WHERE 1 IS NOT NULL", "delete", True),
        ("sqlite", "DELETE FROM t WHERE random() IS NOT NULL", "delete", True),
        ("sqlite", "DELETE FROM t WHERE 'a' = \"a\"", "delete", True),
        ("sqlite", "DELETE FROM t WHERE NOT 1 = 1", "delete", False),
        ("sqlite", "DELETE FROM t WHERE rowid BETWEEN 0 AND 9223372036854775807", "delete", True),
        ("sqlite", "DELETE FROM t WHERE rowid BETWEEN 5 AND 10", "delete", False),
        ("snowflake", "INSERT ALL INTO a VALUES (x) INTO b VALUES (y) SELECT x, y FROM s", "insert", False),
        ("tsql", "MERGE t USING s ON t.id = s.id WHEN NOT MATCHED BY SOURCE THEN DELETE;", "delete", True),
        (
            "tsql",
            "MERGE t USING s ON t.id = s.id WHEN NOT MATCHED BY SOURCE AND t.old = 1 THEN DELETE;",
            "delete",
            False,
        ),
    ],
)
def test_kinds_and_whether_all_rows_are_meant(dialect: str, text: str, kind: str, empties: bool) -> None:
    """A condition that leaves no row out counts as none."""
    (found,) = analyse(text, "sql", dialect)

    assert kind in found.arguments["kinds"]
    assert ("no-where" in found.arguments["flags"]) is empties


@pytest.mark.parametrize(
    ("text", "action"), [("UPDATE EXTENSIONS", "admin"), ("UPDATE extensions SET a = 1 WHERE id = 7", "write")]
)
def test_an_update_that_sets_nothing_fetches_code(text: str, action: str) -> None:
    """In DuckDB it brings extensions up to date; a table of that name is none."""
    (found,) = analyse(text, "sql", "duckdb")

    assert found.action == action
