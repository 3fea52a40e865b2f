"""The embedded services behave as the real ones do where it matters."""

from __future__ import annotations

import anthropic
import httpx
import jwt
import mcp
import pytest

from interlock.demo.model_api import ModelApi, Turn, text, thinking, tool
from interlock.demo.people import CUSTOMERS
from interlock.demo.services import Services

TOOLS = [{"name": "Bash", "input_schema": {"type": "object"}}]
ASK = {"model": "claude-demo", "max_tokens": 100, "tools": TOOLS}
HELLO = {"role": "user", "content": "hello"}


@pytest.fixture(scope="module")
def services():
    """All services, once."""
    with Services() as running:
        yield running


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_the_issuers_tokens_verify_with_its_published_keys(services: Services, algorithm: str) -> None:
    """Discovery leads to a key set that verifies what the issuer signs."""
    found = httpx.get(f"{services.issuer.url}/.well-known/openid-configuration").json()
    token = services.issuer.token("erika", ["analyst"], algorithm=algorithm)
    key = jwt.PyJWKClient(found["jwks_uri"]).get_signing_key_from_jwt(token)

    claims = jwt.decode(token, key, algorithms=[algorithm], audience="interlock", issuer=found["issuer"])

    assert (claims["sub"], claims["groups"]) == ("erika", ["analyst"])


def test_the_warehouse_wants_its_own_credential(services: Services) -> None:
    """Without the credential nothing reaches the database."""
    before = len(services.warehouse.ran)
    query = {"query": "SELECT name FROM customers"}

    refused = httpx.post(f"{services.warehouse.url}/v1/query", json=query)
    headers = {"authorization": f"Bearer {services.warehouse_credential}"}
    answered = httpx.post(f"{services.warehouse.url}/v1/query", json=query, headers=headers)

    assert refused.status_code == 401
    assert answered.json()["rows"] == [[row[1]] for row in CUSTOMERS]
    assert len(services.warehouse.ran) == before + 1


@pytest.mark.parametrize("mode", ["legacy", "auto"])
async def test_the_mcp_server_speaks_both_eras(services: Services, mode: str) -> None:
    """The official client lists and calls the tools with and without a session."""
    async with mcp.Client(f"{services.mcp.url}/mcp", mode=mode) as client:
        tools = {entry.name for entry in (await client.list_tools()).tools}
        result = await client.call_tool("execute_sql", {"query": "SELECT 1"})

    assert tools == {"execute_sql", "list_customers"}
    assert not result.is_error
    assert services.mcp.calls[-1] == ("execute_sql", {"query": "SELECT 1", "database": "prod"})


@pytest.mark.parametrize("turn", [{"split": 0, "wire": 7}, {"split": 3}, {"compress": True}])
def test_a_torn_stream_is_the_same_message(turn: dict[str, int]) -> None:
    """However a stream is cut, the real client puts together what was scripted."""
    command = 'echo "célèbre\\n" && true'
    script = Turn((thinking("hm – so"), text("Räume auf"), tool("Bash", command=command)), **turn)
    with ModelApi("right", [script]) as api:
        client = anthropic.Anthropic(api_key=None, auth_token="x", base_url=api.url, max_retries=0)
        client = client.with_options(default_headers={"x-api-key": "right"})
        with client.messages.stream(messages=[HELLO], **ASK) as stream:
            message = stream.get_final_message()

    assert [block.type for block in message.content] == ["thinking", "text", "tool_use"]
    assert message.content[1].text == "Räume auf"
    assert message.content[2].input == {"command": command}
    assert message.stop_reason == "tool_use"


def test_a_changed_thinking_block_is_refused() -> None:
    """A thinking block comes back exactly as it was signed, or the API says 400."""
    with ModelApi("right", [Turn((thinking("quietly"), tool("Bash", command="ls")))]) as api:
        client = httpx.Client(base_url=api.url, headers={"x-api-key": "right"})
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
