"""Patterns over operations."""

from __future__ import annotations

import pytest

from interlock.errors import InterlockError
from interlock.policy.pattern import compile_pattern

MATCHES = [
    ("sql.read", "read", "", True),
    ("sql.read", "readonly", "", False),
    ("sql.*", "admin", "", True),
    ("sql.*", "read", "customers", True),
    ("tool.use", "use:Bash", "Bash", True),
    ("tool.use", "used", "", False),
    ("tool.use:Bash", "use:Bash", "", True),
    ("tool.use:Bash", "use:BashOutput", "", False),
    ("tool.use:Bash", "use", "Bash", False),
    ("tool.use:*", "use:mcp__tickets__close", "", True),
    ("tool.use:mcp__*", "use:Bash", "", False),
    ("mcp.call:query_*", "call:query_users", "query_users", True),
    ("mcp.call:query_*", "call:drop_users", "query_users", False),
    ("mcp.call:* tickets", "call:close", "tickets", True),
    ("mcp.call:* tickets", "call:close", "other", False),
    ("mcp.*", "call:close", "", True),
    ("mcp.l*", "list", "", True),
    ("mcp.l*", "call:list", "", False),
    ("mcp.c*:close", "call:close", "", True),
    ("model.provider-tool:web_search_*", "provider-tool:web_search_20250305", "", True),
    ("http.get /payslips/*", "get", "/payslips/7", True),
    ("http.get /payslips/*", "post", "/payslips/7", False),
    ("http.get /payslips/*", "get", "/payslips/7/pdf", False),
    ("http.* /v1/**", "delete", "/v1/a/b", True),
    ("http.get", "get", "/anything", True),
    ("*.*", "anything", "at all", True),
]


@pytest.mark.parametrize(("text", "action", "resource", "expected"), MATCHES)
def test_patterns_match(text: str, action: str, resource: str, expected: bool) -> None:
    """`*` stays within one part; a part left out matches any."""
    assert compile_pattern(text).matches(action, resource) is expected


BROKEN = [
    ("powershell.read", "write shell.read"),
    ("read", "as in sql.read"),
    ("*", "as in sql.read"),
    ("", "as in sql.read"),
    ("SQL.read", "sql.read"),
    ("sqll.read", "did you mean 'sql'"),
    ("sql.raed", "did you mean sql.read"),
    ("shell.delete", "known: read"),
    ("s*.read", "* alone"),
    ("http.get:/x", "http.get /path"),
    ("http.get x", "write /x"),
    ("http.get /../x", "server sees it"),
    ("sql.read.write", "as in sql.read"),
    ("x" * 2000, "as in sql.read"),
]


@pytest.mark.parametrize(("text", "hint"), BROKEN)
def test_patterns_that_could_never_match_are_refused(text: str, hint: str) -> None:
    """With what to write instead."""
    with pytest.raises(InterlockError) as caught:
        compile_pattern(text)

    assert hint in caught.value.hint


def test_further_languages_extend_the_vocabulary() -> None:
    """A language that is one more file needs no change here."""
    assert compile_pattern("cypher.write", ("cypher",)).matches("write", "")
