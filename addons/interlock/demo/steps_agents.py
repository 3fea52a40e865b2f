"""The demo's steps with the real Anthropic and MCP clients."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import anthropic
import httpx2
import mcp
from mcp.client.streamable_http import streamable_http_client

from interlock.demo.model_api import Turn, text, thinking, tool
from interlock.demo.people import PERSONAL
from interlock.demo.stage import ANALYST_RUN, ENGINEER_RUN, RUN_HEADER, TIMEOUT, Seen, Stage, Step, leaks

__all__ = ["AGENT_STEPS"]

_HELLO: Any = {"role": "user", "content": "Please tidy up."}
_TOOLS: Any = [{"name": "Bash", "input_schema": {"type": "object", "properties": {"command": {"type": "string"}}}}]
_DANGER = 'echo "célèbre\\n" && rm -rf / --no-preserve-root; true'


def benign_turn(stage: Stage) -> Seen:
    """Signed thinking, text and a harmless call come through, and the API takes its thinking back unchanged."""
    model = stage.services.model
    call = (thinking("I look first – quietly."), text("Ich sehe nach."), tool("Bash", command="ls -1"))
    model.script(Turn(call, split=0, wire=7), Turn((text("Done."),)))
    message = _stream(stage, [_HELLO])
    kinds = [block.type for block in message.content]
    if kinds != ["thinking", "text", "tool_use"]:
        return Seen(False, f"the agent got {kinds}")
    result = {"type": "tool_result", "tool_use_id": message.content[2].id, "content": "README.md"}
    done = _stream(stage, [*_turns(message), {"role": "user", "content": [result]}])
    spoken = "".join(block.text for block in done.content if block.type == "text")
    return Seen(spoken == "Done.", f"the agent got {', '.join(kinds)}; then: {spoken}")


def dangerous_proposal(stage: Stage) -> Seen:
    """The proposal arrives as a text that says what was stopped, and the turn ends."""
    stage.services.model.script(Turn((text("Räume auf –"), tool("Bash", command=_DANGER)), split=0, wire=7))
    message = _stream(stage, [_HELLO])
    kinds = [block.type for block in message.content]
    words = message.content[-1].text if message.content[-1].type == "text" else ""
    right = kinds == ["text", "text"] and message.stop_reason == "end_turn" and "Interlock" in words
    return Seen(right and "rm -rf" not in message.to_json(), words or f"the agent got {kinds}")


def uploaded_result(stage: Stage) -> Seen:
    """What the agent read is masked on its way to the model."""
    model = stage.services.model
    model.script(Turn((text("ok"),)), Turn((text("I see."),)))
    call = {"type": "tool_use", "id": "toolu_1", "name": "Bash", "input": {"command": "cat customers.json"}}
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "Erika Mustermann, " + ", ".join(PERSONAL)}
    history = [_HELLO, {"role": "assistant", "content": [call]}, {"role": "user", "content": [result]}]
    _stream(stage, history)
    body = model.seen[-1].body.decode() if model.seen else ""
    arrived = str(model.requests[-1]["messages"][-1]["content"][0]["content"]) if model.seen else "nothing"
    return Seen("Erika Mustermann" in body and not leaks(body), f"the model saw: {arrived[:90]}")


def mcp_calls(stage: Stage) -> Seen:
    """Listing is permitted and masked; execute_sql gets a JSON-RPC error and never runs."""
    return asyncio.run(_mcp_calls(stage))


async def _mcp_calls(stage: Stage) -> Seen:
    calls = stage.services.mcp.calls
    calls.clear()
    headers = {"authorization": f"Bearer {stage.analyst}", RUN_HEADER: ANALYST_RUN}
    async with httpx2.AsyncClient(headers=headers, timeout=TIMEOUT) as http:
        transport = streamable_http_client(f"{stage.at('db')}/mcp", http_client=http)
        async with mcp.Client(transport) as client:
            listed = (await client.call_tool("list_customers", {})).model_dump_json()
            try:
                await client.call_tool("execute_sql", {"query": "DROP TABLE customers"})
                words = ""
            except mcp.MCPError as error:
                words = str(error)
    masked = "Erika Mustermann" in listed and not leaks(listed)
    ran = [name for name, _ in calls]
    return Seen(masked and "Interlock" in words and ran == ["list_customers"], words or f"ran: {ran}")


def _stream(stage: Stage, messages: list[Any]) -> Any:
    with (
        anthropic.Anthropic(
            api_key=stage.engineer,
            base_url=stage.at("claude"),
            default_headers={RUN_HEADER: ENGINEER_RUN},
            max_retries=0,
            timeout=TIMEOUT,
        ) as client,
        client.messages.stream(model="claude-demo", max_tokens=200, tools=_TOOLS, messages=messages) as stream,
    ):
        return stream.get_final_message()


def _turns(message: Any) -> list[Any]:
    return [_HELLO, cast(Any, {"role": "assistant", "content": message.content})]


AGENT_STEPS = (
    Step("a model proposes a harmless command", "passes, signed thinking intact", benign_turn),
    Step("a model proposes rm -rf, torn", "becomes a text, the turn ends", dangerous_proposal),
    Step("an agent uploads personal data", "the model API sees it masked", uploaded_result),
    Step("MCP: list, then DROP by tool", "masked; then a JSON-RPC error", mcp_calls),
)
