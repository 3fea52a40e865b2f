"""What the words of a text speak of."""

from __future__ import annotations

import pytest

from interlock.commands.sql_suspect import begins_another, suspicions


@pytest.mark.parametrize(
    ("text", "kinds", "flags"),
    [
        ("SELECT 1 INTO OUTFILE 'x'", [], ["files"]),
        ("DELETE QUICK FROM t", ["delete"], ["no-where"]),
        ("DELETE QUICK FROM t WHERE a = 1", ["delete"], []),
        ("SELECT t.drop, 'grant' FROM \"truncate\"", [], []),
        ("xp_cmdshell 'dir'", ["exec"], ["dynamic", "session"]),
        ("\\\\! rm -rf /", [], ["dynamic", "files"]),
        ("CREATE USER x PASSWORD 'y'", ["create"], ["rights"]),
        ("CREATE SUBSCRIPTION s CONNECTION 'x'", ["create"], ["network"]),
        ("FLUSH TABLES WITH READ LOCK", [], ["session"]),
        ("SELECT truncate(1.5)", [], []),
        ("SELECT pg_read_file ('x') oops oops", [], ["files"]),
    ],
)
def test_words(text: str, kinds: list[str], flags: list[str]) -> None:
    """Words outside of strings, quoted names and members give kinds and flags."""
    assert suspicions(text) == (kinds, flags)


@pytest.mark.parametrize(
    ("text", "another"),
    [("@x = 1 DELETE FROM a", True), ("@x = 'delete'", False), ("@x = [drop]", True), ("@x int REVERT", True)],
)
def test_another_statement_begins(text: str, another: bool) -> None:
    """A word outside of strings that could begin one; names in brackets are taken for it, too."""
    assert begins_another(text) is another
