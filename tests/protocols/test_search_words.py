"""Words for a search pass as words; whatever some database would run stays SQL."""

from __future__ import annotations

import pytest

from interlock.protocols.search_words import is_prose, searches

PROSE = [
    "create react app", "drop shipping companies", "delete old emails from my inbox", "update on the project",
    "select a good restaurant in Berlin", "grant applications 2026", "truncate string python", "insert coin",
    "call mom tomorrow", "merge sort", "use of force", "set theory basics", "explain quantum physics", "alter ego",
    "copy editor jobs", "with love to Paris", "begin with why", "explain create react app",
    "Update: what's new in 3.14?", "merge two branches in git", "create a wrapper for what we call",
]  # fmt: skip
STATEMENTS = [
    "drop table customers", "create table x", "alter user admin superuser", "delete from users", "delete users",
    "delete users where id", "update users set admin", "select name from users", "select x into y from z",
    "grant all to public", "grant dba to mallory", "revoke all on x from y", "truncate users", "truncate table users",
    "insert into x values", "insert users select x from y", "call purge", "use prod", "set role admin",
    "merge into x using y on z", "copy users from stdin", "with x as y select", "explain delete from users",
    "drop table if exists x", "create or replace view v as select x from y", "drop user mallory",
    "use role accountadmin", "begin transaction", "execute purge", "vacuum full", "update users\nset admin",
    "drop/**/table x", "drop 'x'", "drop x -- y", "delete a-", "update: users set x", "delete t from t",
    "select pg_sleep(10)", "DROP SCHEMA public CASCADE", "", "drop", "lock tables users write",
    "select a b drop table customers", "use x delete users", "use x\ntruncate users", "delete a, b from a",
    "delete quick ignore from t", "truncate a, b", "truncate a continue identity", "set x drop view y",
    "begin with shutdown", "select good kill 53", "grant a create table x",
]  # fmt: skip


@pytest.mark.parametrize("text", PROSE)
def test_words_are_words(text: str) -> None:
    """No database takes them for a statement."""
    assert is_prose(text)


@pytest.mark.parametrize("text", STATEMENTS)
def test_statements_are_no_words(text: str) -> None:
    """What some database would run, and what has any sign of SQL in it."""
    assert not is_prose(text)


@pytest.mark.parametrize(
    ("tool", "is_one"),
    [
        ("search", True), ("web_search", True), ("findTickets", True), ("lookup", True), ("knowledge_retrieve", True),
        ("execute_query", False), ("search_db", False), ("run_search", False), ("query", False), ("sql_search", False),
        ("find_and_delete", False), ("search_table", False), ("", False),
    ],
)  # fmt: skip
def test_only_tools_that_search_are_asked_in_words(tool: str, is_one: bool) -> None:
    """A tool that is also named as what runs or keeps is none."""
    assert searches(tool) is is_one
