"""Commands at named places, in documents, lines and patches."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from interlock.errors import BodyRejected
from interlock.model import JSON, Operation
from interlock.protocols.placed import Found, find_changes, find_placed
from interlock.settings import Connection

type Make[T] = Callable[..., T]
CARRIER = Operation("http", "patch", "/jobs/1", arguments={"method": "PATCH", "path": "/jobs/1"})
PLACE = ("PATCH /jobs/*", "$.query", "sql", "", ["$.limit"])


def changes(connection: Make[Connection], analyse: Make[None], document: JSON, kind: str = "") -> Found:
    """What is found in a patch."""
    return find_changes(kind, CARRIER, document, connection(PLACE).commands, analyse)


def test_every_line_is_searched(connection: Make[Connection], analyse: Make[None]) -> None:
    """And every line has to be covered."""
    import dataclasses

    places = [dataclasses.replace(place, source="lines") for place in connection(PLACE).commands]
    found = find_placed("lines", [{"query": "a"}, {"query": "b", "limit": 1}], places, analyse)
    assert [(one.text, one.place) for one in found.operations] == [("a", "/0/query"), ("b", "/1/query")]
    assert found.covers
    assert not find_placed("lines", [{"query": "a"}, {"index": {}}], places, analyse).covers


def test_a_change_is_an_operation_with_its_commands(connection: Make[Connection], analyse: Make[None]) -> None:
    """Named by op and pointer, at the value's place."""
    patch = [{"op": "replace", "path": "/query", "value": "DROP"}, {"op": "add", "path": "/limit", "value": 3}]
    found = changes(connection, analyse, patch)
    (first,) = found.operations
    assert (first.name, first.resource, first.arguments["op"], first.arguments["pointer"], first.place) == (
        "http.patch", "/jobs/1", "replace", "/query", "/0",
    )  # fmt: skip
    assert [(one.text, one.place) for one in first.nested] == [("DROP", "/0/value")]
    assert first.covered
    assert found.covers


@pytest.mark.parametrize(
    "change",
    [
        {"op": "add", "path": "", "value": {"query": "DROP"}},
        {"op": "test", "path": "/query", "value": "DROP"},
    ],
)
def test_a_command_is_found_in_any_change(connection: Make[Connection], analyse: Make[None], change: JSON) -> None:
    """Written whole, or compared with."""
    (operation,) = changes(connection, analyse, [change]).operations
    assert [one.text for one in operation.nested] == ["DROP"]


@pytest.mark.parametrize(
    "patch",
    [
        [{"op": "copy", "from": "/draft", "path": "/query"}],
        [{"op": "move", "from": "/a", "path": ""}],
        [{"op": "replace", "path": "/query", "value": {"x": 1}}],
        [{"op": "replace", "path": "/query/x", "value": "DROP"}],
    ],
)
def test_a_command_that_cannot_be_seen_is_refused(
    connection: Make[Connection], analyse: Make[None], patch: list[JSON]
) -> None:
    """Moved from elsewhere, or no text."""
    with pytest.raises(BodyRejected):
        changes(connection, analyse, patch, "application/json-patch+json")


def test_other_changes_need_a_rule(connection: Make[Connection], analyse: Make[None]) -> None:
    """They carry no command."""
    found = changes(connection, analyse, [{"op": "remove", "path": "/query"}])
    assert not found.covers
    assert not found.operations[0].covered
