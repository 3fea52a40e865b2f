"""Several readings of one text."""

from __future__ import annotations

from interlock.commands import analyse
from interlock.commands.sql_merge import merged
from interlock.model import Access, Operation

READ = Operation("sql", "read", access=Access.READ, arguments={"tables": ["a"], "flags": []})
WRITE = Operation("sql", "write", access=Access.WRITE, arguments={"tables": ["b"], "flags": ["no-where"]})
REFUSED = Operation("sql", "admin", access=Access.UNKNOWN, arguments={"flags": ["not-understood"]})


def test_the_worst_counts_and_names_add_up() -> None:
    """Answers of one length become one: the worst access, the tables of all."""
    (found,) = merged({"SELECT x": [[READ], [WRITE]]})

    assert (found.action, found.arguments) == ("write", {"tables": ["a", "b"], "flags": ["no-where"]})


def test_a_refusal_counts_unless_the_text_is_tame() -> None:
    """A parser's refusal is left out only where another understood the very same characters of a plain query."""
    assert merged({"SELECT x": [[READ], [REFUSED]]}) == (READ,)
    assert merged({"SELECT x INTO y": [[READ], [REFUSED]]})[0].access is Access.UNKNOWN
    assert merged({"SELECT x": [[READ]], "SELECT y": [[REFUSED]]})[0].access is Access.UNKNOWN


def test_different_numbers_of_statements_stay_apart() -> None:
    """A statement that only one dialect sees is an operation of its own."""
    found = analyse("SELECT 1 /*! ; DROP TABLE t */", "sql")

    assert [operation.action for operation in found] == ["read", "read", "ddl"]
