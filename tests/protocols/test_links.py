"""What clients claim their requests belong to, of captured and of made-up requests."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.protocols.conftest import CAPTURES

from interlock.model import JSON, Exchange, Origin, Side
from interlock.protocols.links import request_claims

USE: dict[str, Any] = {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "Bash", "input": {}}]}
RESULT: dict[str, Any] = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1"}, {"type": "text"}]}
HELLO: dict[str, Any] = {"role": "user", "content": "hello"}


def claims(document: JSON, protocol: str, *headers: tuple[str, str]) -> dict[str, JSON]:
    """What a request with this body claims."""
    exchange = Exchange(Side.REQUEST, "c", "POST", Origin("https", "api.example.com", 443), "/", headers)
    return request_claims(exchange, document, protocol, model=protocol != "mcp")


ROWS: list[tuple[str, Any, dict[str, Any]]] = [
    ("anthropic", {"messages": [HELLO]}, {"turn": 1}),
    ("anthropic", {"messages": [HELLO, USE, RESULT]}, {"turn": 2, "results": ["t1"]}),
    ("anthropic", {"messages": [HELLO, USE, RESULT, USE, USE, HELLO]}, {"turn": 3}),
    ("openai", {"messages": [HELLO, USE, {"role": "tool", "tool_call_id": "c1"}]}, {"turn": 2, "results": ["c1"]}),
    ("openai", {"input": [HELLO, {"type": "reasoning"}, {"type": "function_call", "call_id": "c1"},
                          {"type": "function_call_output", "call_id": "c1"}], "previous_response_id": "r1"},
     {"turn": 2, "results": ["c1"], "after": "r1"}),
    ("openai", {"input": "hello"}, {}),
    ("gemini", {"contents": [HELLO, {"role": "model", "parts": []}, {"role": "user", "parts": [
        {"functionResponse": {"id": "g1", "name": "x"}}, {"functionResponse": {"name": "y"}}]}]},
     {"turn": 2, "results": ["g1"]}),
    ("mcp", {"params": {"_meta": {"claudecode/toolUseId": "t1"}}}, {"tool_use": ["t1"]}),
    ("mcp", [{"params": {"_meta": {"claudecode/toolUseId": "t1"}}}, {"params": {}}, 7], {"tool_use": ["t1"]}),
    ("mcp", {"params": {"_meta": {"claudecode/toolUseId": ["t1"]}}}, {}),
    ("anthropic", {"messages": [7, None, {"role": "user", "content": [7, {"tool_use_id": 7}]}]}, {"turn": 1}),
    ("anthropic", {"messages": 7, "previous_response_id": 7}, {}),
    ("anthropic", None, {}),
]  # fmt: skip


@pytest.mark.parametrize(("protocol", "document", "found"), ROWS)
def test_claims_of_every_api(protocol: str, document: JSON, found: dict[str, Any]) -> None:
    """The turn is counted by the model's own answers; results are those that come after the last of them."""
    assert claims(document, protocol) == found


def test_a_real_client_names_its_session_and_its_calls() -> None:
    """Claude Code ties an MCP call to the tool_use that asked for it."""
    call = json.loads((CAPTURES / "claude-code-mcp" / "08.POST.request.json").read_bytes())
    headers = (("x-claude-code-session-id", "s1"), ("mcp-session-id", "m1"), ("accept", "*/*"), ("traceparent", "00-1"))
    found = claims(call, "mcp", *headers)
    assert found == {"session": "s1", "mcp_session": "m1", "trace": "00-1", "tool_use": ["toolu_fake012900"]}


def test_a_real_conversation_says_what_came_back() -> None:
    """The request after a call of Bash holds its result."""
    body = json.loads((CAPTURES / "claude-code-dangerous-bash" / "03.POST.request.json").read_bytes())
    found = claims(body, "anthropic")
    stream = (CAPTURES / "claude-code-dangerous-bash" / "02.POST.response.sse").read_bytes().decode()
    assert found["turn"] == 2
    results = found["results"]
    assert isinstance(results, list)
    assert results
    assert all(str(id) in stream for id in results)


def test_claims_are_bounded() -> None:
    """A client may name as much as it likes."""
    many: list[JSON] = [{"role": "tool", "tool_call_id": f"{number}" + "x" * 999} for number in range(9999)]
    found = claims({"messages": many}, "openai", ("mcp-session-id", "y" * 9999))
    assert len(json.dumps(found)) < 50_000
