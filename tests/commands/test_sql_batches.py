"""T-SQL without semicolons."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("BEGIN TRAN UPDATE a SET b += 1 WHERE c = 1 COMMIT TRAN", ["transaction", "update"]),
        ("SET NOCOUNT ON DELETE FROM a", ["set", "delete"]),
        ("DECLARE @a int SET @a = 1 SELECT @a", ["declare", "set", "select"]),
        ("IF NOT EXISTS (SELECT (1)) INSERT INTO a (b) VALUES (1) ELSE SELECT 2", ["select", "insert", "select"]),
        ("IF EXISTS (SELECT 1) BEGIN DELETE FROM a WHERE b = 1 END", ["select", "delete"]),
        ("SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED SELECT 1", ["transaction", "select"]),
        ("SELECT CASE WHEN a = 1 THEN 2 ELSE 3 END FROM b", ["select"]),
        ("SELECT (SELECT 1), [else], 'end' FROM a", ["select"]),
        ("DROP TABLE IF EXISTS a", ["drop"]),
        ("BEGIN TRAN", ["transaction"]),
        ("UPDATE TOP (1) a SET b = 1 WHERE c = 1", ["update"]),
    ],
)
def test_statements_are_told_apart(text: str, kinds: list[str]) -> None:
    """Each is judged by itself, in their order; two alike are one."""
    assert [kind for operation in analyse(text, "sql", "tsql") for kind in operation.arguments["kinds"]] == kinds


def test_a_limit_is_no_condition() -> None:
    """TOP leaves some rows out, but nobody says which."""
    (found,) = analyse("DELETE TOP (5) FROM a", "sql", "tsql")

    assert "no-where" in found.arguments["flags"]


@pytest.mark.parametrize(
    "text",
    ["CREATE PROCEDURE p AS BEGIN DELETE FROM a WHERE b = 1 END", "BEGIN ATOMIC DELETE FROM a WHERE b = 1 END"],
)
def test_what_belongs_to_a_definition_is_not_cut(text: str) -> None:
    """A procedure's body is not judged as what runs now: the definition is administration."""
    assert next(iter(analyse(text, "sql", "tsql"))).action == "admin"


def test_variables_alone_change_nothing() -> None:
    """A value for a variable is no more than its value; running it is."""
    assert [found.action for found in analyse("SET @a = 'DROP TABLE b' EXEC(@a)", "sql", "tsql")] == ["read", "admin"]


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        ("UPDATE a SET b = 1 WHERE c = 1 UPDATE d SET e = 1 WHERE f = 1", ["write", "write"]),
        ("IF @@ROWCOUNT = 0 INSERT INTO a (b) VALUES (1) SELECT b FROM a", ["read", "write", "read"]),
        ("WHILE 1 = 1 BEGIN DELETE TOP (9) FROM a WHERE b < 1 IF @@ROWCOUNT = 0 BREAK END", ["read", "write", "read"]),
        (
            "CREATE TABLE #a (b int) INSERT INTO #a (b) SELECT 1 UNION ALL SELECT 2 SELECT b FROM #a",
            ["ddl", "write", "read"],
        ),
        ("DROP TABLE IF EXISTS a", ["ddl"]),
        ("SELECT 1 FROM a REVERT", ["admin"]),
    ],
)
def test_statements_in_a_row(text: str, actions: list[str]) -> None:
    """A reserved word that begins a statement begins one, where the statement before it cannot hold it."""
    assert [found.action for found in analyse(text, "sql", "tsql")] == actions
