"""The gateway's own MCP server, message by message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from interlock.errors import Refused
from interlock.mitm.own_mcp import TOOLS, answer
from interlock.model import JSON
from interlock.reasons import Reason


async def call(name: str, arguments: Mapping[str, JSON]) -> JSON:
    """A tool that says how it was called, or refuses."""
    if name == "approval_status":
        raise Refused(Reason.NOT_FOUND, "no such approval", hint="look again")
    return {"name": name, **arguments}


async def ask(method: str, params: Any = None, version: str = "2025-11-25") -> Any:
    """The answer to one request."""
    return await answer({"jsonrpc": "2.0", "id": 7, "method": method, "params": params}, version, call)


async def test_it_begins_in_both_eras() -> None:
    """With the version that was asked for, or the one that is known."""
    assert (await ask("initialize", {"protocolVersion": "2025-06-18"}))["result"]["protocolVersion"] == "2025-06-18"
    assert (await ask("initialize", {"protocolVersion": "1999-01-01"}))["result"]["protocolVersion"] == "2025-11-25"
    found = (await ask("server/discover", {}, "2026-07-28"))["result"]
    assert (found["supportedVersions"], found["resultType"]) == (["2026-07-28"], "complete")
    refused = await ask("server/discover", {}, "2030-01-01")
    assert (refused["error"]["code"], refused["error"]["data"]["supported"]) == (-32022, ["2026-07-28"])


async def test_tools_are_listed_and_called() -> None:
    """With what they say as text and as structure."""
    assert [tool["name"] for tool in (await ask("tools/list"))["result"]["tools"]] == [tool["name"] for tool in TOOLS]
    found = (await ask("tools/call", {"name": "request_access", "arguments": {"a": 1}}))["result"]
    assert found["structuredContent"] == {"name": "request_access", "a": 1}
    assert found["content"][0]["text"] == '{"name":"request_access","a":1}'


async def test_a_refusal_is_the_tools_error() -> None:
    """In words for the model."""
    found = (await ask("tools/call", {"name": "approval_status", "arguments": {"id": "x"}}))["result"]
    assert found["isError"] is True
    assert found["content"][0]["text"] == "no such approval (not-found). Look again."


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"jsonrpc": "2.0", "id": 1, "method": "resources/list"}, -32601),
        ({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "rm"}}, -32602),
        ({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "whoami", "arguments": []}}, -32602),
        ({"jsonrpc": "2.0", "id": 1, "method": 5}, -32600),
        ("x", -32600),
    ],
)
async def test_what_it_does_not_know_is_an_error(message: Any, code: int) -> None:
    """By the protocol's own codes."""
    found: Any = await answer(message, "", call)
    assert found["error"]["code"] == code


async def test_notifications_have_no_answer() -> None:
    """Nothing is said."""
    assert await answer({"jsonrpc": "2.0", "method": "notifications/initialized"}, "", call) is None
    assert (await ask("ping"))["result"] == {}
