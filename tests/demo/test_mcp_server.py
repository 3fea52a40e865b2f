"""The MCP server speaks both eras of the wire."""

from __future__ import annotations

import mcp
import pytest

from interlock.demo.mcp_server import McpService


@pytest.mark.parametrize("mode", ["legacy", "auto"])
async def test_the_mcp_server_speaks_both_eras(mode: str) -> None:
    """The official client lists and calls the tools with and without a session."""
    with McpService() as service:
        async with mcp.Client(f"{service.url}/mcp", mode=mode) as client:
            tools = {entry.name for entry in (await client.list_tools()).tools}
            result = await client.call_tool("execute_sql", {"query": "SELECT 1"})

    assert tools == {"execute_sql", "list_customers"}
    assert not result.is_error
    assert service.calls[-1] == ("execute_sql", {"query": "SELECT 1", "database": "prod"})
