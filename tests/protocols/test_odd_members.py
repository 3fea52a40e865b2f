"""Members by which some provider might search, fetch or call a server."""

from __future__ import annotations

import pytest

from interlock.model import JSON
from interlock.protocols.odd_members import odd_members


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("enable_search", True), ("connectors", [{"id": "web"}]), ("extra_body", {}), ("mcp-servers", []),
        ("webSearch", 1),
        ("callback_url", "https://x.example"), ("retrieval", {"on": True}), ("fallbacks", [{"tools": [{"type": "x"}]}]),
        ("reasoning", {"a": [{"mcp_servers": [{}]}]}), ("x", [[]] * 2000),
    ],
)  # fmt: skip
def test_what_might_run_elsewhere(name: str, value: JSON) -> None:
    """By the words in its name, or by tools inside; what is too much to look at counts."""
    (found,) = odd_members({"model": "m", name: value}, ("requests", 0))

    assert (found.name, found.arguments["member"], found.place) == (
        "model.provider-tool:other-member", name, f"/requests/0/{name}",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("enable_search", False), ("connectors", None), ("temperature", 1.5), ("reasoning", {"effort": "low"}),
        ("metadata", {"tools": ["x"]}), ("tool_choice", {"type": "allowed_tools", "tools": [{"name": "x"}]}),
        ("context_management", {"edits": [{"exclude_tools": ["x"]}]}), ("messages", [{"tools": [1]}]),
        ("fallbacks", [{"model": "m", "tools": []}]),
    ],
)  # fmt: skip
def test_what_says_how(name: str, value: JSON) -> None:
    """What is switched off, ordinary settings, and members that others judge."""
    assert not list(odd_members({"model": "m", name: value}, ()))
