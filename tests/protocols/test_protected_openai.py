"""What of OpenAI documents is not rewritten."""

from __future__ import annotations

import pytest

from interlock.model import JSON
from interlock.paths import Location
from interlock.protocols.protected_openai import protected_openai


@pytest.mark.parametrize(
    ("document", "location", "stays"),
    [
        ({"model": "m", "messages": [{"role": "user", "content": "x"}]}, ("model",), True),
        ({"messages": [{"role": "user", "content": "x"}]}, ("messages", 0, "content"), False),
        ({"messages": [{"role": "user", "content": "x"}]}, ("messages", 0, "role"), True),
        (
            {"messages": [{"tool_calls": [{"function": {"name": "f", "arguments": "x"}}]}]},
            ("messages", 0, "tool_calls", 0, "function", "arguments"),
            False,
        ),
        ({"input": [{"type": "reasoning", "encrypted_content": "x"}]}, ("input", 0, "encrypted_content"), True),
        ({"input": [{"type": "function_call_output", "call_id": "c", "output": "x"}]}, ("input", 0, "output"), False),
        ({"tools": [{"name": "f", "parameters": {"name": "x"}}]}, ("tools", 0, "parameters", "name"), False),
        (
            {"messages": [{"content": [{"image_url": {"url": "data:image/png;base64,x"}}]}]},
            ("messages", 0, "content", 0, "image_url", "url"),
            True,
        ),
        (
            {"messages": [{"content": [{"image_url": {"url": "https://x"}}]}]},
            ("messages", 0, "content", 0, "image_url", "url"),
            False,
        ),
        (
            {"messages": [{"content": [{"input_audio": {"data": "x", "format": "wav"}}]}]},
            ("messages", 0, "content", 0, "input_audio", "data"),
            True,
        ),
        (
            {"choices": [{"message": {"tool_calls": [{"function": {"arguments": "x"}}]}}]},
            ("choices", 0, "message", "tool_calls", 0, "function", "arguments"),
            True,
        ),
        ({"output": [{"type": "custom_tool_call", "input": "x"}]}, ("output", 0, "input"), True),
        ({"messages": [{"role": "user", "name": "x", "content": "y"}]}, ("messages", 0, "name"), False),
        ({"tools": [{"type": "function", "function": {"name": "x"}}]}, ("tools", 0, "function", "name"), True),
        ({"output": [{"type": "function_call", "arguments": "x"}]}, ("output", 0, "arguments"), True),
        ({"output": [{"type": "mcp_call", "arguments": "x"}]}, ("output", 0, "arguments"), False),
        ({"item": {"type": "mcp_approval_request", "arguments": "x"}}, ("item", "arguments"), False),
        ({"output": [{"type": "image_generation_call", "result": "x"}]}, ("output", 0, "result"), True),
        ([], ("x",), False),
    ],
)
def test_by_place(document: JSON, location: Location, stays: bool) -> None:
    """Structure and what is encrypted stays; the agent's own text does not."""
    assert protected_openai(document)(location) is stays
