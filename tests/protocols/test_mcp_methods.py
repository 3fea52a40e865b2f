"""Single MCP messages as operations (whole requests: adapters/test_mcp.py)."""

from __future__ import annotations

from collections.abc import Callable

from interlock.model import Operation
from interlock.protocols.mcp_methods import asked_of_agent, bare_operation, message_operation, message_subject


def test_an_answer_to_the_server_is_an_operation(analyse: Callable[..., tuple[Operation, ...]]) -> None:
    """It carries the agent's words out."""
    found = message_operation({"jsonrpc": "2.0", "id": 1, "result": {"x": 1}}, (2,), analyse, places={})

    assert (found.name, found.place) == ("mcp.respond", "/2")


def test_a_subject_is_what_the_header_repeats() -> None:
    """Tool, prompt or resource; nothing for the rest or for other types."""
    assert message_subject({"method": "tools/call", "params": {"name": "x"}}) == "x"
    assert message_subject({"method": "resources/read", "params": {"uri": "u"}}) == "u"
    assert message_subject({"method": "tools/list", "params": {"name": "x"}}) == ""
    assert message_subject({"method": "tools/call", "params": {"name": 7}}) == ""
    assert message_subject({"method": "tools/call"}) == ""


def test_bare_methods_and_servers_questions() -> None:
    """GET listens, DELETE closes, sampling asks the agent's model."""
    assert bare_operation("GET").name == "mcp.listen"
    assert bare_operation("DELETE").name == "mcp.close"
    assert [found.name for found in asked_of_agent({"method": "sampling/createMessage"}, ())] == ["mcp.sample"]
    assert asked_of_agent({"method": "ping"}, ()) == ()
