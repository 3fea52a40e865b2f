"""Items of Responses answers: which are calls, and what they come to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from interlock.model import JSON, Operation
from interlock.protocols.openai_items import Items, is_call
from interlock.protocols.proposals import Proposals
from interlock.protocols.replies import Treatment

type Make = Callable[..., Treatment]


@pytest.mark.parametrize(
    ("item", "called"),
    [
        ({"type": "function_call"}, True),
        ({"type": "Function_Call"}, True),
        ({"type": "new_call"}, True),
        ({"name": "x", "arguments": "{}"}, True),
        ({"type": "message", "content": [{"name": "x", "input": "y"}]}, True),
        ({"type": "message", "content": []}, False),
        ({"type": "mcp_call", "name": "x", "arguments": "{}"}, False),
        ({"type": "web_search_call", "action": {"query": "x"}}, False),
        ({"type": "function_call_output", "output": "x"}, False),
        ({"type": "reasoning", "encrypted_content": "x"}, False),
    ],
)
def test_what_counts_as_a_call(item: JSON, called: bool) -> None:
    """What an agent could take for one of its own."""
    assert is_call(item) is called  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("item", "name", "arguments"),
    [
        ({"type": "function_call", "name": "f", "arguments": '{"a": 1}'}, "tool.use:f", {"a": 1}),
        ({"type": "custom_tool_call", "name": "f", "input": "x"}, "tool.use:f", {"input": "x"}),
        (
            {"type": "shell_call", "action": {"commands": ["a b"], "timeout_ms": 1}},
            "tool.use:shell",
            {"timeout_ms": 1, "command": "a b"},
        ),
        (
            {"type": "apply_patch_call", "operation": {"type": "delete_file", "path": "x"}},
            "tool.use:apply_patch",
            {"type": "delete_file", "path": "x"},
        ),
        ({"type": "computer_call", "action": {"type": "click"}}, "tool.use:computer", {"action": {"type": "click"}}),
        (
            {"type": "computer_call", "actions": [{"type": "click"}]},
            "tool.use:computer",
            {"action": [{"type": "click"}]},
        ),
        ({"type": "tool_search_call", "arguments": {"q": 1}}, "tool.use:tool_search", {"q": 1}),
        ({"type": "function_call", "namespace": "crm", "name": "f", "arguments": "{}"}, "tool.use:crm.f", {}),
        (
            {"type": "custom_tool_call", "namespace": "mcp__crm__", "name": "f", "input": "x"},
            "tool.use:mcp__crm__f",
            {"input": "x"},
        ),
    ],
)
def test_a_call_becomes_an_operation(treatment: Make, item: JSON, name: str, arguments: JSON) -> None:
    """With the input as a tool of that name would have it."""
    seen: list[tuple[Operation, ...]] = []
    items = Items(Proposals(treatment(seen=seen)))

    assert items.treat(item, ("output", 0)) == item  # type: ignore[arg-type]
    assert [(found.name, found.arguments) for (found,) in seen] == [(name, arguments)]


def test_each_command_of_a_shell_call_is_judged(treatment: Make) -> None:
    """A quote that the first opens hides nothing of the second; together they are judged as well."""
    seen: list[tuple[Operation, ...]] = []
    items = Items(Proposals(treatment(seen=seen)))
    items.treat({"type": "shell_call", "action": {"commands": ["echo '", "rm x #'"]}}, ("output", 0))

    assert [found.arguments["command"] for (found,) in seen] == ["echo '", "rm x #'", "echo '\nrm x #'"]


def test_the_same_item_is_judged_once(treatment: Make) -> None:
    """Its status may differ; the message in its place is the same."""
    seen: list[tuple[Operation, ...]] = []
    items = Items(Proposals(treatment("tool.use:f", seen=seen)))
    item: JSON = {"type": "function_call", "id": "fc_1", "name": "f", "arguments": "{}"}
    first = items.treat({**item, "status": "in_progress"}, ("output", 0))

    assert items.treat({**item, "status": "completed"}, ("output", 0)) == first
    assert (len(seen), items.replaced, first["id"]) == (1, 1, "msg_fc_1")


@pytest.mark.parametrize(
    "item",
    [
        {"type": "function_call", "name": "f", "arguments": {"a": 1}},
        {"type": "function_call", "name": "f"},
        {"type": "function_call", "arguments": "{}"},
        {"type": "custom_tool_call", "name": "f", "input": {"a": 1}},
        {"type": "shell_call", "action": "rm"},
        {"type": "computer_call", "action": {"type": "wait"}, "actions": [{"type": "click"}]},
        {"type": "function_call", "name": "f", "namespace": ["x"], "arguments": "{}"},
        {"type": "function_call", "name": "f", "arguments": "{}", "also": {"name": "g", "arguments": "{}"}},
        {"type": "unknown_call", "name": "f", "arguments": "{}"},
    ],
)
def test_a_call_that_cannot_be_read_is_stopped(treatment: Make, item: JSON) -> None:
    """Even where everything is permitted."""
    passed = Items(Proposals(treatment())).treat(item, ("output", 0))  # type: ignore[arg-type]

    assert passed["type"] == "message"
