"""What T-SQL's sp_executesql is given to run."""

from __future__ import annotations

import pytest

from interlock.commands import analyse
from interlock.model import Access


@pytest.mark.parametrize(
    "text",
    [
        "EXEC sp_executesql N'SELECT a FROM t WHERE id = @id', N'@id int', @id = 1",
        "EXECUTE sp_executesql N'SELECT a FROM t WHERE id = @id', N'@id int', @id = -1",
    ],
)
def test_a_query_in_its_own_call_is_a_read(text: str) -> None:
    """Clients send their queries so: it is judged as the query, of its table."""
    (found,) = analyse(text, "sql", "tsql")

    assert (found.access, found.arguments["tables"], found.arguments["flags"]) == (Access.READ, ["t"], [])


@pytest.mark.parametrize(
    "text",
    [
        "EXEC sp_executesql @q",
        "EXEC sp_executesql N'DROP TABLE t'",
        "EXEC sp_executesql N'SELECT 1; DELETE FROM t'",
        "EXEC sp_executesql N'SELECT 1 /* ''; */ DROP TABLE t'",
        "EXEC sp_executesql N'SELECT ''a'''",
        "EXEC sp_executesql N'SELECT 1 EXEC(@q)', N'@q nvarchar(99)', @q = N'DROP TABLE t'",
        "EXEC linked.master.dbo.sp_executesql N'SELECT 1'",
    ],
)
def test_anything_else_is_hidden(text: str) -> None:
    """What changes something, holds quotes, is put together or runs elsewhere stays what nobody has seen."""
    found = analyse(text, "sql", "tsql")

    assert max(operation.access for operation in found) >= Access.ADMIN
    assert {"dynamic", "not-understood", "network"} & {flag for one in found for flag in one.arguments["flags"]}
