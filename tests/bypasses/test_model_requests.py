"""What a request asks a provider to run on its side, where no proxy sees it: by every name and in every place."""

from __future__ import annotations

import json

import pytest
from tests.bypasses.shipped import post, told

from interlock.engine.trial import Verdict
from interlock.model import JSON

URL = "https://x.example/a"
GENERATE = "/v1beta/models/m:generateContent"
TURN: JSON = {"role": "user", "parts": [{"text": "x"}]}
SAID: JSON = {"role": "user", "content": "x"}
INVOKE = "/model/anthropic.claude-x-v1:0/invoke"
PREDICT = "/v1/projects/p/locations/l/publishers/anthropic/models/claude-x:rawPredict"
GOOGLE = "/v1/projects/p/locations/l/publishers/google/models/g:generateContent"
FUNCTION: JSON = {"name": "look", "parameters": {"type": "object"}}


def chat(**members: JSON) -> Verdict:
    """A chat completion."""
    return post("openai", "/v1/chat/completions", {"model": "m", "messages": [SAID], **members})


def response(**members: JSON) -> Verdict:
    """A Responses request."""
    return post("openai", "/v1/responses", {"model": "m", "input": "x", **members})


def content(**members: JSON) -> Verdict:
    """A request to Gemini."""
    return post("gemini", GENERATE, {"contents": [TURN], **members})


def message(**members: JSON) -> Verdict:
    """A request to Claude."""
    return post("claude", "/v1/messages", {"model": "m", "max_tokens": 1, "messages": [SAID], **members})


def hosted(**members: JSON) -> list[Verdict]:
    """The same request to Claude on Bedrock and on Vertex."""
    body: dict[str, JSON] = {"max_tokens": 1, "messages": [SAID], **members}
    return [
        post("bedrock", INVOKE, {"anthropic_version": "bedrock-2023-05-31", **body}),
        post("vertex", PREDICT, {"anthropic_version": "vertex-2023-10-16", **body}),
    ]


def refused(verdict: Verdict) -> None:
    """It does not pass, whatever the reason."""
    assert not verdict.decision.permits, told(verdict)


def passes(verdict: Verdict) -> None:
    """It does."""
    assert verdict.decision.permits, told(verdict)


@pytest.mark.parametrize(
    "members",
    [
        {"tools": [{"type": "web_search"}]},
        {"tools": [{"type": "web_search_preview"}]},
        {"tools": [{"type": "Function", "function": {"name": "x"}}]},
        {"Tools": [{"type": "mcp", "server_url": URL}]},
        {"tools": [{"Type": "mcp", "server_url": URL}]},
        {"tools": [{"type": "function", "function": {"name": "x"}, "TYPE": "web_search"}]},
        {"Web_search_options": {}},
        {"PLUGINS": [{"id": "web"}]},
        {"\u017fearch_parameters": {}},
        {"messages": [{"role": "user", "Content": [{"type": "image_url", "image_url": {"url": URL}}]}]},
        {"messages": [{"role": "user", "content": [{"type": "image_url", "Image_URL": {"url": URL}}]}]},
        {"tools": {"type": "function"}},
        {"tools": [{"type": "function", "function": {"name": "x"}}, {"type": "code_interpreter"}]},
        {"tools": [[{"type": "code_interpreter"}]]},
        {"web_search_options": {}},
        {"web_search_options": None, "tools": [{"type": "mcp", "server_url": URL}]},
        {"plugins": [{"id": "web"}]},
        {"data_sources": [{"type": "azure_search", "parameters": {"endpoint": URL}}]},
        {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": URL}}]}]},
        {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": URL}]}]},
        {"messages": [{"role": "user", "content": [{"type": "file", "file": {"file_url": URL}}]}]},
        {"enable_search": True},
        {"web_search": {"max_results": 5}},
        {"connectors": [{"id": "web-search"}]},
        {"extra_body": {"web_search_options": {}}},
        {"callback_url": URL},
        {"mcp_servers": [{"url": URL}]},
        {"fallbacks": [{"model": "m", "tools": [{"type": "web_search"}]}]},
        {"tools": [{"type": "function", "function": {"name": "x"}, "server_url": URL}]},
        {"messages": [{"role": "user", "content": [{"type": "input_audio", "input_audio": {"url": URL}}]}]},
        {"messages": [{"role": "tool", "content": [{"type": "image_url", "image_url": {"url": "gs://b/a"}}]}]},
        {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": " " + URL}}]}]},
        {"stream": "true"},
        {"stream": 1},
        {"model": ["m"]},
    ],
)
def test_what_runs_behind_a_chat_completion_needs_a_rule(members: dict[str, JSON]) -> None:
    """Searches, servers, interpreters, addresses that the provider fetches."""
    refused(chat(**members))


@pytest.mark.parametrize(
    "members",
    [
        {"tools": [{"type": "mcp", "server_label": "x", "server_url": URL, "require_approval": "never"}]},
        {"tools": [{"type": "mcp", "connector_id": "connector_gmail"}]},
        {"tools": [{"type": "code_interpreter", "container": {"type": "auto"}}]},
        {"tools": [{"type": "web_search_2025_08_26"}]},
        {"tools": [{"type": "file_search", "vector_store_ids": ["v"]}]},
        {"tools": [{"type": "image_generation"}]},
        {"tools": [{"type": "computer_use_preview"}]},
        {"tools": [{"type": "tool_of_tomorrow"}]},
        {"tools": [{"type": "MCP", "server_url": URL}]},
        {"tools": [{"type": ["function"], "name": "x"}]},
        {"tools": [{"type": "function", "name": "x"}, {"type": "web_search"}]},
        {"input": [{"type": "message", "role": "user", "content": [{"type": "input_image", "image_url": URL}]}]},
        {"input": [{"type": "message", "role": "user", "content": [{"type": "input_file", "file_url": URL}]}]},
        {"input": [{"role": "user", "content": [{"type": "input_image", "image_url": {"url": URL}}]}]},
        {"tools": [{"type": "custom", "name": "x", "server_url": URL}]},
        {"input": [{"type": "mcp_approval_response", "approve": True, "approval_request_id": "a"}]},
        {"input": [{"type": "function_call_output", "output": [{"type": "input_file", "file_url": URL}]}]},
        {"tool_resources": {"file_search": {"vector_store_ids": ["v"]}}},
        {"reasoning": {"tools": [{"type": "web_search"}]}},
        {"prompt": {"id": "pmpt_1"}},
        {"Prompt": {"id": "pmpt_1"}},
        {"Tools": [{"type": "code_interpreter"}]},
        {"tool_choice": {"type": "mcp", "server_label": "x"}, "tools": [{"type": "mcp", "server_url": URL}]},
    ],
)
def test_what_runs_behind_a_response_needs_a_rule(members: dict[str, JSON]) -> None:
    """Servers, stored prompts, files by address, kinds of tools that nobody knows."""
    refused(response(**members))


@pytest.mark.parametrize(
    "members",
    [
        {"tools": [{"google_search": {}}]},
        {"tools": [{"googleSearch": {}}]},
        {"tools": [{"googleSearchRetrieval": {}}]},
        {"tools": [{"code_execution": {}}]},
        {"tools": [{"codeExecution": {}}]},
        {"tools": [{"url_context": {}}]},
        {"tools": [{"urlContext": {}}]},
        {"tools": [{"functionDeclarations": [FUNCTION], "codeExecution": {}}]},
        {"tools": [{"functionDeclarations": [FUNCTION]}, {"googleMaps": {}}]},
        {"tools": [{"toolOfTomorrow": {}}]},
        {"tools": {"googleSearch": {}}},
        {"Tools": [{"googleSearch": {}}]},
        {"cachedContent": "cachedContents/x"},
        {"contents": [{"role": "user", "parts": [{"fileData": {"fileUri": URL}}]}]},
        {"contents": [{"role": "user", "parts": [{"file_data": {"file_uri": URL}}]}]},
        {"systemInstruction": {"parts": [{"fileData": {"fileUri": URL}}]}},
    ],
)
def test_what_runs_behind_gemini_needs_a_rule(members: dict[str, JSON]) -> None:
    """In both spellings of its members."""
    refused(content(**members))


@pytest.mark.parametrize(
    "members",
    [
        {"tools": [{"type": "web_fetch_20250910", "name": "web_fetch"}]},
        {"tools": [{"type": "code_execution_20250825", "name": "code_execution"}]},
        {"tools": [{"type": "tool_of_tomorrow_20300101", "name": "x"}]},
        {"tools": [{"name": "x", "input_schema": {}, "type": "web_search_20250305"}]},
        {"tools": [{"name": "x", "input_schema": {}}, {"type": "mcp_toolset", "mcp_server_name": "x"}]},
        {"container": {"skills": [{"type": "custom", "skill_id": "s"}]}},
        {"messages": [{"role": "user", "content": [{"type": "document", "source": {"type": "file", "file_id": "f"}}]}]},
        {"messages": [{"role": "user", "content": [{"type": "image", "source": {"type": "URL", "url": URL}}]}]},
        {"mcp_servers": {"type": "url", "url": URL}},
        {"mcp_servers": [{"type": "url", "url": URL}], "tools": []},
        {"MCP_servers": [{"type": "url", "url": URL}]},
        {"Tools": [{"type": "web_search_20250305", "name": "x"}]},
        {"tools": [{"name": "x", "input_schema": {}, "Type": "web_search_20250305"}]},
        {"Container": {"skills": []}},
        {"messages": [{"role": "user", "content": [{"Type": "image", "Source": {"type": "url", "url": URL}}]}]},
        {"mcp-servers": [{"url": URL}]},
        {"tools": [{"name": "x", "input_schema": {}, "type": "custom", "mcp_server": URL}]},
        {"fallbacks": [{"model": "m", "tools": [{"type": "web_search_20250305", "name": "w"}]}]},
        {"enable_browsing": True},
    ],
)
def test_what_runs_behind_claude_needs_a_rule(members: dict[str, JSON]) -> None:
    """Whatever the version of the tool."""
    refused(message(**members))


@pytest.mark.parametrize(
    "members",
    [
        {"tools": [{"type": "web_search_20250305", "name": "web_search"}]},
        {"tools": [{"type": "code_execution_20250825", "name": "x"}]},
        {"tools": [{"name": "x", "input_schema": {}, "Type": "web_search_20250305"}]},
        {"Tools": [{"type": "web_search_20250305", "name": "x"}]},
        {"mcp_servers": [{"type": "url", "url": URL}]},
        {"container": "c"},
        {"messages": [{"role": "user", "content": [{"type": "image", "source": {"type": "url", "url": URL}}]}]},
        {"messages": [{"role": "user", "content": [{"type": "image", "source": {"type": "s3", "uri": "s3://x"}}]}]},
        {"messages": [{"role": "user", "content": [{"type": "document", "source": {"type": "file", "file_id": "f"}}]}]},
        {"messages": [{"role": "user", "content": [{"type": "image", "source": {"uri": "s3://x"}}]}]},
    ],
)
def test_what_runs_behind_claude_elsewhere_needs_a_rule(members: dict[str, JSON]) -> None:
    """On Bedrock and on Vertex as at its maker, and sources that nobody knows."""
    for verdict in [*hosted(**members), message(**members)]:
        refused(verdict)


@pytest.mark.parametrize(
    "members",
    [
        {"tools": [{"googleSearch": {}}]},
        {"tools": [{"retrieval": {"vertexRagStore": {}}}]},
        {"tools": [{"enterpriseWebSearch": {}}]},
        {"tools": [{"functionDeclarations": [FUNCTION], "urlContext": {}}]},
        {"cachedContent": "x"},
        {"contents": [{"role": "user", "parts": [{"fileData": {"fileUri": "gs://x"}}]}]},
    ],
)
def test_what_runs_behind_gemini_on_vertex_needs_a_rule(members: dict[str, JSON]) -> None:
    """As at Google's other door."""
    refused(post("vertex", GOOGLE, {"contents": [TURN], **members}))


@pytest.mark.parametrize(
    ("on", "target"),
    [
        ("bedrock", "/model/x/converse"),
        ("bedrock", "/model/x/converse-stream"),
        ("bedrock", "/model/x/invoke/"),
        ("bedrock", "/model/x/Invoke"),
        ("bedrock", "/Model/x/invoke"),
        ("bedrock", "//model/x/invoke"),
        ("bedrock", "/model//invoke"),
        ("bedrock", "/model/x/../y/invoke"),
        ("bedrock", "/model/x%2finvoke"),
        ("bedrock", "/model/x/invoke;a=b"),
        ("bedrock", "/model/x/invoke?x=1"),
        ("bedrock", "/model/x/invoke-with-bidirectional-stream"),
        ("bedrock", "/async-invoke"),
        ("bedrock", "/agents/a/agentAliases/b/sessions/c/text"),
        ("bedrock", "/knowledgebases/k/retrieve"),
        ("vertex", PREDICT.replace("rawPredict", "predict")),
        ("vertex", PREDICT.replace(":rawPredict", ":RawPredict")),
        ("vertex", PREDICT.replace("anthropic", "Anthropic")),
        ("vertex", PREDICT.replace("anthropic", "meta")),
        ("vertex", PREDICT + "?pageToken=x"),
        ("vertex", PREDICT + "/"),
        ("vertex", PREDICT.replace("/v1/", "/v2/")),
        ("vertex", PREDICT.replace("/models/", "/models/../models/")),
        ("vertex", "/v1/projects/p/locations/l/endpoints/1:rawPredict"),
        ("vertex", "/v1/projects/p/locations/l/endpoints/openapi/chat/completions"),
        ("vertex", "/v1/projects/p/locations/l/batchPredictionJobs"),
        ("vertex", "/v1/projects/p/locations/l/reasoningEngines/1:query"),
        ("vertex", GOOGLE.replace(":generateContent", ":predictLongRunning")),
    ],
)
def test_other_doors_of_clouds_need_a_rule(on: str, target: str) -> None:
    """Other calls than those of the Messages API, and the same in another spelling."""
    versions = {"bedrock": "bedrock-2023-05-31", "vertex": "vertex-2023-10-16"}
    body: JSON = {"anthropic_version": versions[on], "max_tokens": 1, "messages": [SAID], "contents": [TURN]}
    refused(post(on, target, body))


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"tools": [{"name": "web_search", "input_schema": {"type": "object"}}]},
        {"system": "mcp_servers", "temperature": 0.5, "stop_sequences": ["converse"]},
        {"messages": [{"role": "user", "content": [{"type": "image", "source": {
            "type": "base64", "media_type": "image/png", "data": "AAAA"}}]}]},
        {"messages": [{"role": "user", "content": [{"type": "document", "source": {
            "type": "text", "media_type": "text/plain", "data": "s3://x"}}]}]},
        {"messages": [{"role": "user", "content": [{"type": "document", "source": {
            "type": "content", "content": [{"type": "text", "text": "url"}]}}]}]},
    ],
)  # fmt: skip
def test_claude_elsewhere_is_used(members: dict[str, JSON]) -> None:
    """The look-alikes: tools of the client, images and documents that the request holds itself."""
    for verdict in [*hosted(**members), message(**members)]:
        passes(verdict)


@pytest.mark.parametrize(
    ("on", "target"),
    [
        ("bedrock", INVOKE),
        ("bedrock", INVOKE + "-with-response-stream"),
        ("bedrock", "/model/eu.anthropic.claude-x-20250101-v1%3A0/invoke"),
        ("vertex", PREDICT),
        ("vertex", PREDICT.replace("rawPredict", "streamRawPredict")),
        ("vertex", PREDICT.replace("/v1/", "/v1beta1/")),
        ("vertex", GOOGLE),
        ("vertex", GOOGLE.replace("generateContent", "streamGenerateContent") + "?alt=sse"),
    ],
)
def test_the_doors_of_clouds_are_open(on: str, target: str) -> None:
    """Whole and streamed, with the model in the path as clients write it."""
    versions = {"bedrock": "bedrock-2023-05-31", "vertex": "vertex-2023-10-16"}
    body: JSON = {"anthropic_version": versions[on], "max_tokens": 1, "messages": [SAID]}
    passes(post(on, target, {"contents": [TURN]} if "google" in target else body))


@pytest.mark.parametrize(
    ("on", "target"),
    [
        ("openai", "/v1/files"),
        ("openai", "/v1/batches"),
        ("openai", "/v1/chat/completions/"),
        ("openai", "/v1/Chat/Completions"),
        ("openai", "/v1//chat/completions"),
        ("openai", "/v1/chat%2fcompletions"),
        ("openai", "/v1/chat/completions?stream=true"),
        ("openai", "/v1/assistants"),
        ("openai", "/v1/threads/runs"),
        ("openai", "/v1/fine_tuning/jobs"),
        ("gemini", "/v1beta/models/m:batchGenerateContent"),
        ("gemini", "/upload/v1beta/files"),
        ("gemini", "/v1beta/models/m:GenerateContent"),
        ("gemini", "/v1beta/cachedContents"),
        ("gemini", "/v1beta/models/../models/m:generateContent"),
        ("claude", "/v1/files"),
        ("claude", "/v1/messages/batches"),
        ("claude", "/v1/skills"),
        ("claude", "/v1/organizations/api_keys"),
    ],
)
def test_other_doors_need_a_rule(on: str, target: str) -> None:
    """What stores, uploads, runs later or is spelled otherwise."""
    body: JSON = {"contents": [TURN]} if on == "gemini" else {"model": "m", "max_tokens": 1, "messages": [SAID]}
    refused(post(on, target, body))


@pytest.mark.parametrize(
    ("on", "target", "body"),
    [
        ("openai", "/v1/chat/completions", {"model": "m", "messages": [SAID], "tools": [
            {"type": "function", "function": {"name": "web_search", "parameters": {}}}]}),
        ("openai", "/v1/chat/completions", {"model": "m", "stream": True, "messages": [
            {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]}]}),
        ("openai", "/v1/responses", {"model": "m", "input": "search the web with mcp", "stream": True}),
        ("openai", "/v1/responses", {"model": "m", "input": [SAID], "tools": [
            {"type": "function", "name": "code_interpreter", "parameters": {}}]}),
        ("gemini", GENERATE, {"contents": [TURN], "tools": [{"functionDeclarations": [FUNCTION]}]}),
        ("gemini", GENERATE, {"contents": [{"role": "user", "parts": [
            {"inlineData": {"mimeType": "image/png", "data": "AAAA"}}, {"text": "googleSearch"}]}]}),
        ("claude", "/v1/messages", {"model": "m", "max_tokens": 1, "messages": [SAID], "tools": [
            {"name": "web_search", "input_schema": {"type": "object"}}]}),
        ("claude", "/v1/messages", {"model": "m", "max_tokens": 1, "messages": [
            {"role": "user", "content": [{"type": "text", "text": '{"mcp_servers": []}'}]}]}),
        ("openai", "/v1/chat/completions", {"model": "m", "messages": [SAID], "enable_search": False,
            "metadata": {"mcp_servers": "none"}, "tools": [{"type": "function", "function": {"name": "x"}}],
            "tool_choice": {"type": "allowed_tools", "tools": [{"type": "function", "name": "x"}]}}),
        ("openai", "/v1/responses", {"model": "m", "input": [{"type": "function_call_output", "call_id": "a",
            "output": "https://x.example/a"}], "reasoning": {"effort": "low"}, "background": False}),
        ("claude", "/v1/messages", {"model": "m", "max_tokens": 1, "messages": [SAID], "thinking": {"type": "enabled",
            "budget_tokens": 1024}, "context_management": {"edits": [{"type": "clear_tool_uses_20250919"}]}}),
    ],
)  # fmt: skip
def test_what_the_agent_runs_itself_passes(on: str, target: str, body: dict[str, JSON]) -> None:
    """The look-alikes: functions of such names, images in the request, words."""
    passes(post(on, target, json.loads(json.dumps(body))))
