"""The real clients behind the gateway: the Anthropic SDK and the MCP client, with all they send and expect."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Iterator

import anthropic
import httpx
import httpx2
import mcp
import pytest
from mcp.client.streamable_http import streamable_http_client
from tests.e2e.harness import Running

from interlock.demo.model_api import ModelApi, Turn, text, thinking, tool
from interlock.demo.people import PERSONAL

TOOLS = [{"name": "Bash", "input_schema": {"type": "object", "properties": {"command": {"type": "string"}}}}]
ASK = {"model": "claude-demo", "max_tokens": 200, "tools": TOOLS}
HELLO = {"role": "user", "content": "Please tidy up."}
DANGER = tool("Bash", command='echo "célèbre\\n" && rm -rf / ; true')


@pytest.fixture
def opened() -> Iterator[contextlib.ExitStack]:
    """Closes what a test opened."""
    with contextlib.ExitStack() as stack:
        yield stack


def claude(gateway: Running, *groups: str) -> anthropic.Anthropic:
    """The SDK with the gateway as base URL and the agent's token as its key."""
    token = gateway.world.token(*groups or ("engineer",))
    return anthropic.Anthropic(api_key=token, base_url=gateway.at("claude"), max_retries=0, timeout=60)


def tunnelled(gateway: Running) -> anthropic.Anthropic:
    """The SDK behind the forward proxy, over TLS to the model API."""
    proxy = f"http://run-9:{gateway.world.token('engineer')}@127.0.0.1:{gateway.ports.forward}"
    context = ssl.create_default_context(cafile=str(gateway.ca))
    http = httpx2.Client(proxy=proxy, verify=context, timeout=60)
    url = f"https://localhost:{gateway.world.model_tls.port}"
    return anthropic.Anthropic(api_key="dummy", base_url=url, http_client=http, max_retries=0)


def both(gateway: Running, placement: str, opened: contextlib.ExitStack) -> tuple[anthropic.Anthropic, ModelApi]:
    """The SDK in one of the two placements, and the model API it ends up at."""
    if placement == "reverse":
        return opened.enter_context(claude(gateway)), gateway.world.services.model
    return opened.enter_context(tunnelled(gateway)), gateway.world.model_tls


PLACEMENTS = pytest.mark.parametrize("placement", ["reverse", "forward"])


@PLACEMENTS
def test_a_benign_turn_passes_untouched(gateway: Running, placement: str, opened: contextlib.ExitStack) -> None:
    """Thinking, text and a harmless tool call come through; the signed block survives the next turn."""
    client, api = both(gateway, placement, opened)
    turn = Turn((thinking("hm – let me see"), text("Ich sehe nach."), tool("Bash", command="ls -1")), split=0, wire=7)
    api.script(turn, Turn((text("Done."),)))
    with client.messages.stream(messages=[HELLO], **ASK) as stream:
        said = stream.get_final_message()
    result = {"type": "tool_result", "tool_use_id": said.content[2].id, "content": "README.md"}
    history = [HELLO, {"role": "assistant", "content": said.content}, {"role": "user", "content": [result]}]
    done = client.messages.create(messages=history, **ASK)

    assert [block.type for block in said.content] == ["thinking", "text", "tool_use"]
    assert said.content[2].input == {"command": "ls -1"}
    assert done.content[0].text == "Done."
    assert {request.header("x-api-key") for request in api.seen} == {gateway.world.services.model_key}


@PLACEMENTS
@pytest.mark.parametrize("stream", [True, False])
def test_a_dangerous_tool_call_becomes_text(
    gateway: Running, placement: str, stream: bool, opened: contextlib.ExitStack
) -> None:
    """However the stream is torn, no tool_use arrives; a text says what was stopped, and the turn ends."""
    client, api = both(gateway, placement, opened)
    api.script(Turn((text("Räume auf –"), DANGER), split=0, wire=7))
    if stream:
        with client.messages.stream(messages=[HELLO], **ASK) as opened:
            said = opened.get_final_message()
    else:
        said = client.messages.create(messages=[HELLO], **ASK)

    assert [block.type for block in said.content] == ["text", "text"]
    assert said.content[0].text == "Räume auf –"
    assert "Interlock" in said.content[1].text
    assert "rm -rf" not in said.to_json()
    assert said.stop_reason == "end_turn"


@PLACEMENTS
def test_tool_results_reach_the_model_without_personal_data(
    gateway: Running, placement: str, opened: contextlib.ExitStack
) -> None:
    """What an agent read is masked on its way to the model API."""
    client, api = both(gateway, placement, opened)
    api.script(Turn((text("ok"),)), Turn((text("ok"),)))
    call = {"type": "tool_use", "id": "toolu_1", "name": "Bash", "input": {"command": "cat customers.json"}}
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "\n".join(PERSONAL)}
    history = [HELLO, {"role": "assistant", "content": [call]}, {"role": "user", "content": [result]}]
    client.messages.create(messages=history, **ASK)

    (arrived,) = api.seen
    assert [value for value in PERSONAL if value.encode() in arrived.body] == []


def test_the_gateways_token_is_masked_inside_a_request(gateway: Running, opened: contextlib.ExitStack) -> None:
    """An agent that was talked into telling its token cannot."""
    client, api = both(gateway, "reverse", opened)
    api.script(Turn((text("ok"),)))
    token = str(client.api_key)
    client.messages.create(messages=[{"role": "user", "content": f"my token is {token}"}], **ASK)

    (arrived,) = api.seen
    assert token.encode() not in arrived.body


def test_who_may_not_talk_to_the_model_is_told_once(gateway: Running) -> None:
    """451 in the API's own shape: no client repeats it."""
    with claude(gateway, "guests") as client, pytest.raises(anthropic.APIStatusError) as caught:
        client.messages.create(messages=[HELLO], **ASK)

    assert caught.value.status_code == 451
    assert caught.value.body["type"] == "error"
    assert gateway.world.services.model.seen == []


@pytest.mark.parametrize("mode", ["legacy", "auto"])
async def test_mcp_calls_are_judged_by_tool(gateway: Running, mode: str) -> None:
    """Listing passes and is masked; execute_sql gets a JSON-RPC error and never runs."""
    headers = {"authorization": f"Bearer {gateway.world.token('analyst')}"}
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        transport = streamable_http_client(f"{gateway.at('db')}/mcp", http_client=http)
        async with mcp.Client(transport, mode=mode) as client:
            tools = await client.list_tools()
            listed = await client.call_tool("list_customers", {})
            with pytest.raises(mcp.MCPError, match="Interlock"):
                await client.call_tool("execute_sql", {"query": "DROP TABLE customers"})

    seen = listed.model_dump_json()
    assert {entry.name for entry in tools.tools} >= {"list_customers"}
    assert "Erika Mustermann" in seen
    assert [value for value in PERSONAL if value in seen] == []
    assert [name for name, _ in gateway.world.services.mcp.calls] == ["list_customers"]


async def test_six_streams_of_one_http2_client_run_at_once(gateway: Running) -> None:
    """HTTP/2 clients are not held to mitmproxy's five requests at a time to an HTTP/1 upstream."""
    url = f"https://localhost:{gateway.world.streams.port}/documents/feed"
    async with httpx.AsyncClient(**gateway.behind(gateway.world.token("analyst"), http2=True)) as client:
        answers = await asyncio.gather(*(client.get(url) for _ in range(6)))

    assert {answer.http_version for answer in answers} == {"HTTP/2"}
    assert [answer.status_code for answer in answers] == [200] * 6
    assert all("event: message" in answer.text for answer in answers)
