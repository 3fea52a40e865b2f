"""A tool's schema may add judgements, never take one away."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.model import JSON, Access, Operation
from interlock.protocols.mcp_schema import commands_by_schema, read_schema

type Analyse = Callable[..., tuple[Operation, ...]]


def schema(**members: JSON) -> JSON:
    """An object with these properties."""
    return {"type": "object", "properties": members}


@pytest.mark.parametrize(
    ("member", "known"),
    [
        ({"type": "string", "format": "sql"}, "sql"),
        ({"type": "string", "contentMediaType": "application/sql"}, "sql"),
        ({"type": "string", "contentMediaType": "application/x-sh"}, "command"),
        ({"type": "string", "format": "shell"}, "command"),
        ({"type": "string", "description": "The SQL statement to run"}, "query"),
        ({"type": "string", "title": "A database query"}, "query"),
        ({"type": "string", "description": "Shell command to execute"}, "command"),
        ({"type": "string", "description": "The command to run on the host"}, "command"),
        ({"type": "string", "description": "The name of a customer"}, None),
        ({"type": "integer", "description": "SQL timeout"}, None),
        ({"type": "string", "format": "date"}, None),
        ({"type": "string", "description": "Finished or not"}, None),
        ("no schema", None),
    ],
)
def test_hints(member: JSON, known: str | None) -> None:
    """By format and media type surely, by prose where the text could be a statement."""
    assert dict(read_schema(schema(text=member)).commands) == ({("text",): known} if known else {})


def test_hints_stand_in_alternatives_and_below() -> None:
    """A server cannot hide one behind anyOf."""
    hidden = {"anyOf": [{"type": "null"}, {"type": "object", "properties": {"q": {"type": "string", "format": "sql"}}}]}

    assert dict(read_schema(schema(options=hidden)).commands) == {("options", "q"): "sql"}


def test_headers_name_their_argument() -> None:
    """In lower case, as header names are compared."""
    found = read_schema(schema(database={"type": "string", "x-mcp-header": "Database"}))

    assert dict(found.headers) == {"database": ("database",)}


def test_a_hint_adds_a_judgement(analyse: Analyse) -> None:
    """At the argument's own place; what was found there before is not judged twice."""
    hints = read_schema(schema(**{"te/xt": {"format": "sql"}, "query": {"format": "sql"}, "steps": {"format": "bash"}}))
    before = Operation("sql", "said", place="/0/params/arguments/query")
    arguments: dict[str, JSON] = {"te/xt": "DROP TABLE x", "query": "select 1", "steps": ["ls", "-l"]}
    call = Operation("mcp", "call:x", "x", Access.WRITE, arguments, place="/0", nested=(before,))
    found = commands_by_schema(call, hints, "", analyse)

    assert [(part.protocol, part.text, part.place) for part in found] == [
        ("shell", "ls -l", "/0/params/arguments/steps/0"),
        ("sql", "DROP TABLE x", "/0/params/arguments/te~1xt"),
    ]


def test_prose_counts_where_a_statement_could_begin(analyse: Analyse) -> None:
    """A search for words stays a search."""
    hints = read_schema(schema(text={"type": "string", "description": "SQL or plain words"}))
    call = Operation("mcp", "call:x", "x", Access.WRITE, {"text": "customers in Berlin"})

    assert commands_by_schema(call, hints, "", analyse) == ()


@given(
    st.recursive(
        st.none() | st.text() | st.integers(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["properties", "anyOf", "a", "format"]), inner),
    )
)
def test_any_schema_can_be_read(found: JSON) -> None:
    """Whatever a server says."""
    assert read_schema(found) is not None
