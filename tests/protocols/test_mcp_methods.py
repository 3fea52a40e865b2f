"""Single MCP messages as operations (whole requests: adapters/test_mcp.py)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from interlock.model import Access, Operation
from interlock.protocols.mcp_methods import bare_operation, message_operation


def test_an_answer_to_the_server_is_an_operation(analyse: Callable[..., tuple[Operation, ...]]) -> None:
    """It carries the agent's words out."""
    found = message_operation({"jsonrpc": "2.0", "id": 1, "result": {"x": 1}}, (2,), analyse, places={})

    assert (found.name, found.place) == ("mcp.respond", "/2")


def test_the_answer_to_a_ping_says_nothing(analyse: Callable[..., tuple[Operation, ...]]) -> None:
    """It needs no rule of its own."""
    message = {"jsonrpc": "2.0", "id": 1}

    assert message_operation({**message, "result": {}}, (), analyse, places={}).name == "mcp.connect"
    assert message_operation({**message, "result": {"a": 1}}, (), analyse, places={}).name == "mcp.respond"
    assert message_operation({**message, "error": {}}, (), analyse, places={}).name == "mcp.respond"


@pytest.mark.parametrize("name", ["inputResponses", "input_responses", "InputResponses"])
@pytest.mark.parametrize("method", ["tools/call", "resources/read", "tasks/update"])
def test_what_the_agent_brings_on_request_is_an_answer(
    analyse: Callable[..., tuple[Operation, ...]], method: str, name: str
) -> None:
    """In the era without sessions it comes inside the call that is repeated."""
    params = {"name": "x", "uri": "u", name: {"a": {"action": "accept"}}}
    found = message_operation({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}, (), analyse, places={})

    assert [(nested.name, nested.place) for nested in found.nested] == [("mcp.respond", f"/params/{name}")]


@pytest.mark.parametrize(
    ("method", "name", "access"),
    [
        ("tasks/get", "mcp.task:get", Access.READ),
        ("tasks/result", "mcp.task:result", Access.READ),
        ("tasks/cancel", "mcp.task:cancel", Access.WRITE),
        ("tasks/update", "mcp.task:update", Access.WRITE),
        ("sampling/createMessage", "mcp.unknown:sampling/createMessage", Access.UNKNOWN),
        ("roots/list", "mcp.unknown:roots/list", Access.UNKNOWN),
    ],
)
def test_tasks_have_names_and_servers_methods_none(
    analyse: Callable[..., tuple[Operation, ...]], method: str, name: str, access: Access
) -> None:
    """A task names its id; what only a server asks is unknown from an agent."""
    message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": {"taskId": "t"}}
    found = message_operation(message, (), analyse, places={})

    assert (found.name, found.access) == (name, access)
    assert found.resource == ("" if "unknown" in name else "t")


def test_bare_methods() -> None:
    """GET listens, DELETE closes."""
    assert bare_operation("GET").name == "mcp.listen"
    assert bare_operation("DELETE").name == "mcp.close"
