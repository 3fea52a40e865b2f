"""What requests to the OpenAI API ask for."""

from __future__ import annotations

import time

import pytest

from interlock.errors import BodyRejected
from interlock.model import JSON, Access
from interlock.protocols.openai_request import (
    chat_operation,
    completion_operation,
    embedding_operation,
    responses_operation,
)

WORDS: JSON = [{"role": "user", "content": "hi"}]


def test_a_chat_with_its_arguments() -> None:
    """What rules may look at."""
    body: dict[str, JSON] = {
        "model": "gpt-x",
        "messages": [{"role": "developer", "content": "be"}, *WORDS],
        "max_completion_tokens": 7,
        "max_tokens": 9,
        "stream": True,
        "tools": [{"type": "function", "function": {"name": "f"}}, {"type": "custom", "custom": {"name": "g"}}],
        "functions": [{"name": "h"}],
    }
    found = chat_operation(body, "")

    assert (found.name, found.resource, found.access, found.nested) == ("model.message", "gpt-x", Access.READ, ())
    assert found.arguments == {
        "model": "gpt-x",
        "max_tokens": 7,
        "stream": True,
        "system": True,
        "betas": [],
        "tools": ["h", "f", "g"],
    }


def test_the_path_says_the_model() -> None:
    """A deployment runs what it runs, whatever the body says."""
    assert chat_operation({"messages": WORDS, "model": "other"}, "mine").arguments["model"] == "mine"
    assert chat_operation({"messages": WORDS}, "mine").resource == "mine"


@pytest.mark.parametrize(
    ("body", "kinds"),
    [
        ({"tools": [{"type": "web_search"}]}, ["web_search"]),
        ({"tools": [{"type": "file_search"}, {"type": "code_interpreter"}]}, ["code_interpreter", "file_search"]),
        ({"tools": [{"type": "mcp", "server_url": "https://u:p@mcp.example.com/x"}]}, ["mcp"]),
        (
            {"tools": [{"type": "computer_use_preview"}, {"type": "image_generation"}, {"type": "shell"}]},
            ["computer_use_preview", "image_generation", "shell"],
        ),
        (
            {"tools": [{"type": "namespace", "tools": [{"type": "web_search"}, {"type": "function", "name": "f"}]}]},
            ["web_search"],
        ),
        ({"tools": [{"type": "tool_search", "execution": "server"}]}, ["tool_search"]),
        ({"tools": [{"type": "function", "name": "f"}, {"type": "local_shell"}, {"type": "apply_patch"}]}, []),
        ({"tools": [{"type": "shell", "environment": {"type": "local"}}]}, []),
        ({"tools": [{"type": "shell", "environment": {"type": "container_auto"}}]}, ["shell"]),
        ({"input": [{"type": "additional_tools", "tools": [{"type": "web_search"}]}]}, ["web_search"]),
        ({"input": [{"type": "tool_search_output", "tools": [{"type": "mcp"}]}]}, ["mcp"]),
        ({"input": [{"type": "mcp_list_tools", "tools": [{"name": "x"}]}]}, []),
        ({"data_sources": [{"type": "azure_search"}], "plugins": []}, ["data-source", "plugin"]),
        ({"prompt": {"id": "p"}}, ["stored-prompt"]),
        ({"web_search_options": {}}, ["web_search"]),
        (
            {"input": [{"role": "user", "content": [{"type": "input_image", "image_url": "https://evil.example/x"}]}]},
            ["url-source"],
        ),
        (
            {"input": [{"role": "user", "content": [{"type": "input_image", "image_url": "data:image/png;base64,x"}]}]},
            [],
        ),
        (
            {"input": [{"role": "user", "content": [{"type": "input_file", "file_url": "https://evil.example/x"}]}]},
            ["url-source"],
        ),
        ({"input": [{"role": "user", "content": [{"type": "input_file", "file_id": "f"}]}]}, ["file-source"]),
        (
            {
                "input": [
                    {
                        "type": "function_call_output",
                        "output": [{"type": "input_image", "image_url": "https://evil.example/x"}],
                    }
                ]
            },
            ["url-source"],
        ),
    ],
)
def test_what_runs_at_the_provider(body: dict[str, JSON], kinds: list[str]) -> None:
    """Each is an operation of its own."""
    found = responses_operation({"model": "m", "input": "x", **body}, "")

    assert sorted(part.name for part in found.nested) == [f"model.provider-tool:{kind}" for kind in kinds]


def test_many_tools_are_read_in_time() -> None:
    """Each once."""
    tools: JSON = [{"type": "function", "name": "f"}] * 50_000
    begun = time.perf_counter()
    found = chat_operation({"model": "m", "messages": WORDS, "tools": tools}, "")

    assert len(found.arguments["tools"]) == 50_000
    assert time.perf_counter() - begun < 20


def test_only_the_host_of_an_address_is_told() -> None:
    """It may carry a credential."""
    (found,) = responses_operation(
        {"model": "m", "input": "x", "tools": [{"type": "mcp", "server_url": "https://u:p@mcp.example.com/x"}]}, ""
    ).nested

    assert (found.resource, found.arguments, found.place) == (
        "mcp.example.com",
        {"type": "mcp", "host": "mcp.example.com"},
        "/tools/0",
    )


def test_images_of_chats_are_sources_too() -> None:
    """The older shape has an object."""
    part: JSON = {"type": "image_url", "image_url": {"url": "http://evil.example/"}}
    (found,) = chat_operation({"model": "m", "messages": [{"role": "user", "content": [part]}]}, "").nested

    assert (found.name, found.resource) == ("model.provider-tool:url-source", "evil.example")


@pytest.mark.parametrize(
    "body",
    [
        {"model": "m"},
        {"messages": WORDS},
        {"model": 7, "messages": WORDS},
        {"model": "m", "messages": "x"},
        {"model": "m", "messages": WORDS, "stream": "yes"},
        {"model": "m", "messages": WORDS, "tools": {}},
        {"model": "m", "messages": WORDS, "tools": ["x"]},
        {"model": "m", "messages": WORDS, "tools": [{"type": "a b"}]},
        {"model": "m", "messages": WORDS, "functions": [1]},
    ],
)
def test_other_shapes_are_refused(body: dict[str, JSON]) -> None:
    """What the API does not have cannot be judged."""
    with pytest.raises(BodyRejected):
        chat_operation(body, "")


def test_the_other_methods() -> None:
    """Text completions and embeddings."""
    assert completion_operation({"model": "m", "prompt": "x"}, "").name == "model.message"
    assert embedding_operation({"model": "m", "input": ["x"]}, "").name == "model.embed"
    for operation, body in (
        (completion_operation, {"model": "m"}),
        (embedding_operation, {"input": "x"}),
        (responses_operation, {"model": "m", "input": 7}),
    ):
        with pytest.raises(BodyRejected):
            operation(body, "")
