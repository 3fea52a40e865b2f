"""Which operations can happen where."""

from __future__ import annotations

import pytest

from interlock.model import Origin
from interlock.paths import compile_path
from interlock.policy.pattern import compile_pattern
from interlock.policy.reach import why_never
from interlock.settings import CommandPlace, Connection, compile_glob


def connection(protocol: str, *languages: str) -> Connection:
    places = tuple(
        CommandPlace("POST", compile_glob("/q"), compile_path("$.q"), "$.q", language) for language in languages
    )
    return Connection("it", protocol, (Origin("https", "a.example", 443),), commands=places)


ROWS = [
    ("sql.read", connection("http", "sql"), True),
    ("sql.read", connection("http", "shell"), True),
    ("shell.read", connection("http", "sql"), False),
    ("sql.read", connection("http"), False),
    ("cypher.read", connection("http", "cypher"), True),
    ("sql.read", connection("http", "cypher"), True),
    ("sql.read", connection("mcp"), True),
    ("mcp.call:*", connection("mcp"), True),
    ("mcp.call:*", connection("http"), False),
    ("mcp.sample", connection("mcp"), False),
    ("mcp.elicit", connection("mcp"), False),
    ("model.message", connection("anthropic"), True),
    ("model.message", connection("mcp"), False),
    ("tool.use:*", connection("anthropic"), False),
    ("http.get", connection("anthropic"), True),
    ("graphql.query", connection("http"), False),
    ("*.*", connection("http"), True),
]


@pytest.mark.parametrize(("text", "place", "can"), ROWS)
def test_what_can_happen_on_a_connection(text: str, place: Connection, can: bool) -> None:
    """Protocol and commands of a connection say what its requests can do."""
    pattern = compile_pattern(text, ("cypher",))

    assert (why_never(pattern, "it", {"it": place}) == "") is can


@pytest.mark.parametrize(
    ("text", "can"),
    [("tool.use", True), ("shell.read", True), ("http.get", True), ("mcp.sample", True), ("model.message", False)],
)
def test_what_an_agent_can_run(text: str, can: bool) -> None:
    """Tools and what they carry; never a request to the model itself."""
    assert (why_never(compile_pattern(text), "agent", {}) == "") is can


def test_unknown_connections_are_somebody_elses_error() -> None:
    """One mistake, one message."""
    assert why_never(compile_pattern("sql.read"), "nowhere", {}) == ""
