"""The Messages API: requests of real clients, replies of scripted ones."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from interlock.errors import BodyRejected
from interlock.model import JSON, Access, Exchange, Operation, Refusal
from interlock.protocols.adapters.anthropic import PART
from interlock.protocols.body import read_json
from interlock.reasons import Reason
from interlock.settings import Connection

type Make[T] = Callable[..., T]

MESSAGES = "/v1/messages"
SAID = {"model": "m", "max_tokens": 5, "messages": [{"role": "user", "content": "x"}]}
REFUSAL = Refusal("blocked", "a rule forbids it", "Ask a person.", "run/7")


@pytest.fixture
def judged(
    request_of: Make[Exchange], connection: Make[Connection], analyse: Make[None]
) -> Make[tuple[Operation, ...]]:
    """The operations of a request with this body."""

    def judge(target: str, body: JSON | bytes, method: str = "POST", **headers: str) -> tuple[Operation, ...]:
        raw = body if type(body) is bytes else json.dumps(body).encode()
        exchange = request_of(method, target, raw, **headers)
        assert PART.reads(exchange, connection()) is (method == "POST" and target.startswith(MESSAGES))
        return PART.operations(exchange, connection(), read_json(raw) if raw else None, analyse)

    return judge


@pytest.mark.parametrize(
    "name",
    [
        "claude-code-dangerous-bash/02.POST.request.json",
        "claude-code-dangerous-bash/03.POST.request.json",
        "claude-code-pii-tool-result/03.POST.request.json",
        "claude-code-file-tools/04.POST.request.json",
        "claude-code-webfetch/05.POST.request.json",
        "anthropic-python-sdk/00.POST.request.json",
        "anthropic-python-sdk/01.POST.request.json",
    ],
)
def test_captured_requests_are_one_message(
    capture: Make[bytes], judged: Make[tuple[Operation, ...]], name: str
) -> None:
    """With nothing at the provider; each beta is an operation of its own."""
    body = capture(name)
    target = MESSAGES + ("?beta=true" if name.startswith("claude") else "")
    (found,) = judged(target, body, anthropic_beta="a-1, b-2")

    said = json.loads(body)
    assert (found.name, found.access) == ("model.message", Access.READ)
    assert [part.name for part in found.nested] == ["model.beta:a-1", "model.beta:b-2"]
    assert found.arguments == {
        "model": said["model"],
        "max_tokens": said["max_tokens"],
        "stream": said.get("stream", False),
        "system": "system" in said,
        "betas": ["a-1", "b-2"],
        "tools": [tool.get("name", tool.get("type")) for tool in said.get("tools", [])],
    }


def test_counting_is_its_own_operation(capture: Make[bytes], judged: Make[tuple[Operation, ...]]) -> None:
    """As the Python SDK asks for it."""
    (found,) = judged(f"{MESSAGES}/count_tokens", capture("anthropic-python-sdk/02.POST.request.json"))

    assert found.name == "model.count-tokens"


def test_tools_at_the_provider_are_nested(judged: Make[tuple[Operation, ...]]) -> None:
    """They reach the network past every proxy."""
    tools = [{"type": "web_search_20250305", "name": "web_search"}, {"name": "Bash", "input_schema": {}}]
    servers = [{"type": "url", "url": "https://mcp.example.com/", "name": "x"}]
    (found,) = judged(MESSAGES, {**SAID, "tools": tools, "mcp_servers": servers})

    assert [nested.name for nested in found.nested] == [
        "model.provider-tool:web_search_20250305",
        "model.provider-tool:mcp-connector",
    ]


def test_a_batch_is_each_of_its_messages(judged: Make[tuple[Operation, ...]]) -> None:
    """Also what each asks of the provider."""
    searching = {**SAID, "tools": [{"type": "web_fetch_1", "name": "f"}]}
    items = [{"custom_id": "a", "params": SAID}, {"custom_id": "b", "params": searching}]
    (found,) = judged(f"{MESSAGES}/batches", {"requests": items})

    assert found.name == "model.batch"
    assert [(part.name, part.place) for part in found.walk()[1:]] == [
        ("model.message", "/requests/0/params"),
        ("model.message", "/requests/1/params"),
        ("model.provider-tool:web_fetch_1", "/requests/1/params/tools/0"),
    ]


def test_an_odd_query_needs_a_rule_for_the_path(judged: Make[tuple[Operation, ...]]) -> None:
    """The message is nested, so it is judged as well."""
    (found,) = judged(f"{MESSAGES}?beta=true&x=1", SAID)

    assert [part.name for part in found.walk()] == ["http.post", "model.message"]


@pytest.mark.parametrize(
    ("method", "target", "name"),
    [
        ("GET", "/v1/models", "model.list"),
        ("GET", "/v1/models/claude-x", "model.list"),
        ("GET", "/v1/modelsx", "http.get"),
        ("DELETE", "/v1/models/x", "http.delete"),
        ("GET", "/v1/messages/batches/b/results", "http.get"),
        ("GET", "/api/claude_code/settings", "http.get"),
        ("POST", "/api/event_logging/v2/batch", "http.post"),
        ("POST", "/v1/complete", "http.post"),
        ("POST", "/v1/files", "http.post"),
    ],
)
def test_other_requests(judged: Make[tuple[Operation, ...]], method: str, target: str, name: str) -> None:
    """Lists of models, and whatever else by method and path."""
    (found,) = judged(target, b"", method)

    assert found.name == name


@pytest.mark.parametrize(
    "body",
    [
        [SAID],
        {},
        {**SAID, "model": 7},
        {**SAID, "messages": "x"},
        {**SAID, "stream": "true"},
        {**SAID, "tools": {"type": "web_search"}},
        {**SAID, "tools": ["web_search"]},
        {**SAID, "anthropic_beta": "x"},
    ],
)
def test_other_shapes_are_refused(judged: Make[tuple[Operation, ...]], body: JSON) -> None:
    """A server might read them in its own way."""
    with pytest.raises(BodyRejected) as caught:
        judged(MESSAGES, body)

    assert caught.value.reason is Reason.BODY_UNPARSABLE


@pytest.mark.parametrize(
    "body", [{}, {"requests": []}, {"requests": {}}, {"requests": ["x"]}, {"requests": [{"params": 1}]}]
)
def test_batches_of_other_shapes_are_refused(judged: Make[tuple[Operation, ...]], body: JSON) -> None:
    """An empty one, too: it says nothing that could be permitted."""
    with pytest.raises(BodyRejected):
        judged(f"{MESSAGES}/batches", body)


def test_only_replies_to_messages_are_read(request_of: Make[Exchange], connection: Make[Connection]) -> None:
    """A count or a list of models makes no agent run anything."""
    assert PART.reply(request_of("POST", f"{MESSAGES}?beta=true"), connection()) is not None
    assert PART.reply(request_of("POST", "/v1/%6dessages"), connection()) is not None
    assert PART.model
    assert PART.reply(request_of("POST", f"{MESSAGES}/count_tokens"), connection()) is None
    assert PART.reply(request_of("GET", "/v1/models"), connection()) is None


@pytest.mark.parametrize(
    ("method", "target", "status", "kind"),
    [
        ("POST", "/v1/messages?beta=true", 451, "permission_error"),
        ("POST", "/v1/messages/count_tokens", 451, "permission_error"),
        ("GET", "/v1/models", 403, "permission_error"),
        ("GET", "/api/claude_code/settings", 404, "not_found_error"),
    ],
)
def test_refusals_have_the_shape_of_the_api(
    request_of: Make[Exchange], method: str, target: str, status: int, kind: str
) -> None:
    """451 ends the attempt at once; the start-up calls are answered 404."""
    answer = PART.refuse(request_of(method, target), REFUSAL)
    body = json.loads(answer.body)

    assert answer.status == status
    assert body == {
        "type": "error",
        "error": {"type": kind, "message": REFUSAL.sentence()},
        "request_id": "run/7",
    }
    assert dict(answer.headers)["interlock-reference"] == "run/7"
    assert dict(answer.headers)["x-should-retry"] == "false"


@pytest.mark.parametrize("reason", ["body-unparsable", "body-too-large", "upstream-unreachable", "not-ready"])
def test_no_reason_makes_a_model_client_try_again(
    request_of: Make[Exchange], reply_to: Make[Exchange], reason: str
) -> None:
    """400, 413 and 5xx would be repeated, or lose the message; also where the reply is refused."""
    request = request_of("POST", MESSAGES)

    assert PART.refuse(request, Refusal(reason, "x")).status == 451
    assert PART.refuse(reply_to(request, b""), Refusal(reason, "x")).status == 451


def test_a_missing_token_is_401_without_retries(request_of: Make[Exchange]) -> None:
    """An expired one inside a tunnel is 451: the client gets its 407 with the next CONNECT."""
    answer = PART.refuse(request_of("POST", MESSAGES), Refusal("token-missing", "no token"))
    headers = dict(answer.headers)

    assert (answer.status, json.loads(answer.body)["error"]["type"]) == (401, "authentication_error")
    assert headers["x-should-retry"] == "false"
    assert headers["www-authenticate"].startswith("Bearer ")
    assert len(answer.headers) == len(headers)
    assert PART.refuse(request_of("POST", MESSAGES), Refusal("token-expired", "x", closing=True)).status == 451


def test_telemetry_is_told_in_problem_json(request_of: Make[Exchange]) -> None:
    """And so is a client of which nothing was read yet."""
    for exchange in (request_of("POST", "/api/event_logging/v2/batch"), None):
        answer = PART.refuse(exchange, REFUSAL)
        assert (answer.status, dict(answer.headers)["content-type"]) == (403, "application/problem+json")
