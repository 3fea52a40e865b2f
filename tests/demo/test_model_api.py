"""The scripted model API behaves as the real one where it matters."""

from __future__ import annotations

import anthropic
import httpx
import pytest

from interlock.demo.model_api import MENTIONED_EMAIL, ModelApi, Turn, _mentioning, text, thinking, tool

TOOLS = [{"name": "Bash", "input_schema": {"type": "object"}}]
ASK = {"model": "claude-demo", "max_tokens": 100, "tools": TOOLS}
HELLO = {"role": "user", "content": "hello"}


@pytest.mark.parametrize("turn", [{"split": 0, "wire": 7}, {"split": 3}, {"compress": True}])
def test_a_torn_stream_is_the_same_message(turn: dict[str, int]) -> None:
    """However a stream is cut, the real client puts together what was scripted."""
    command = 'echo "célèbre\\n" && true'
    script = Turn((thinking("hm – so"), text("Räume auf"), tool("Bash", command=command)), **turn)
    key = {"x-api-key": "right"}
    with (
        ModelApi("right", [script]) as api,
        anthropic.Anthropic(
            api_key=None, auth_token="x", base_url=api.url, max_retries=0, default_headers=key
        ) as client,
        client.messages.stream(messages=[HELLO], **ASK) as stream,
    ):
        message = stream.get_final_message()

    assert [block.type for block in message.content] == ["thinking", "text", "tool_use"]
    assert message.content[1].text == "Räume auf"
    assert message.content[2].input == {"command": command}
    assert message.stop_reason == "tool_use"


def test_a_changed_thinking_block_is_refused() -> None:
    """A thinking block comes back exactly as it was signed, or the API says 400."""
    with (
        ModelApi("right", [Turn((thinking("quietly"), tool("Bash", command="ls")))]) as api,
        httpx.Client(base_url=api.url, headers={"x-api-key": "right"}) as client,
    ):
        said = client.post("/v1/messages", json={**ASK, "messages": [HELLO]}).json()["content"]
        history = [HELLO, {"role": "assistant", "content": said}, HELLO]
        honest = client.post("/v1/messages", json={**ASK, "messages": history})
        said[0]["thinking"] = "loudly"
        changed = client.post("/v1/messages", json={**ASK, "messages": history})

    assert honest.status_code == 200
    assert (changed.status_code, changed.json()["error"]["type"]) == (400, "invalid_request_error")


def test_a_wrong_api_key_is_refused() -> None:
    """The model API answers only to its own key."""
    with ModelApi("right", [Turn((text("hi"),))]) as api:
        answer = httpx.post(f"{api.url}/v1/messages", json={**ASK, "messages": [HELLO]}, headers={"x-api-key": "no"})

    assert (answer.status_code, answer.json()["error"]["type"]) == (401, "authentication_error")


def test_what_the_conversation_calls_an_address_can_be_scripted() -> None:
    """A model that knows a pseudonym alone uses it in what it says and in its tools."""
    block = tool("Bash", command=f"mail {MENTIONED_EMAIL}")
    document = {
        "messages": [{"role": "user", "content": "write <email:A>"}, {"role": "user", "content": "or <email:B>"}]
    }

    assert _mentioning(block, document)["input"] == {"command": "mail <email:B>"}
    assert _mentioning(block, {"messages": []})["input"] == {"command": "mail nobody"}
    assert _mentioning(text("plain"), document) == text("plain")
