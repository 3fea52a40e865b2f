"""What a content block makes the agent run."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from interlock.errors import BodyRejected
from interlock.model import JSON, Access, Operation
from interlock.protocols.blocks import block_operations, is_tool_call
from interlock.reasons import Reason

AT = ("content", 1)


def call(name: JSON, **arguments: JSON) -> dict[str, JSON]:
    """A tool_use block."""
    return {"type": "tool_use", "id": "t", "name": name, "input": arguments}


def test_bash_carries_its_command(analyse: Callable[..., tuple[Operation, ...]]) -> None:
    """The command is analysed as shell, as the agent's own, at its place."""
    (operation,) = block_operations(call("Bash", command="rm -rf /", description="x"), AT, analyse)
    (nested,) = operation.nested

    assert (operation.name, operation.agent, operation.place) == ("tool.use:Bash", True, "/content/1")
    assert operation.arguments == {"command": "rm -rf /", "description": "x"}
    assert (nested.protocol, nested.text, nested.agent) == ("shell", "rm -rf /", True)
    assert nested.place == "/content/1/input/command"


def test_any_tool_with_a_command_counts_as_a_shell(analyse: Callable[..., tuple[Operation, ...]]) -> None:
    """Also in another case, and with its words beside it."""
    (operation,) = block_operations(call("Run", Command="rm", args=["-rf", "/a b"]), AT, analyse)

    assert [nested.text for nested in operation.nested] == ["rm -rf '/a b'"]


@pytest.mark.parametrize("command", [7, {"a": 1}, None, ["rm", 7]])
def test_a_command_that_is_no_text_is_refused(analyse: Callable[..., tuple[Operation, ...]], command: JSON) -> None:
    """What the agent makes of it cannot be known."""
    with pytest.raises(BodyRejected) as caught:
        block_operations(call("Bash", command=command), AT, analyse)

    assert caught.value.reason is Reason.BODY_UNPARSABLE


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("bash", {"cmd": "rm -rf /"}),
        ("Bash", {"command": "ls", "script": "rm -rf /"}),
        ("execute_command", {"cmd": "rm", "argv": ["-rf", "/"]}),
        ("run", {"program": "rm", "args": ["-rf", "/"]}),
        ("run", {"args": ["rm", "-rf", "/"]}),
        ("run", {"steps": [{"command": "rm -rf /"}]}),
        ("terminal", {"input": "rm -rf /"}),
    ],
)
def test_a_tool_that_is_named_like_a_shell_is_one(
    analyse: Callable[..., tuple[Operation, ...]], name: str, arguments: dict[str, JSON]
) -> None:
    """Whatever the member is called that holds its command."""
    (operation,) = block_operations(call(name, **arguments), AT, analyse)

    assert "rm -rf /" in [nested.text for nested in operation.nested]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("execute_sql", {"query": "DROP TABLE x"}),
        ("run_sql", {"text": "DROP TABLE x"}),
        ("database", {"statements": ["DROP TABLE x"]}),
        ("anything", {"sql_query": "DROP TABLE x"}),
        ("mcp__x__ask", {"params": {"sql": "DROP TABLE x"}}),
        ("mcp__x__ask", {"query": [{"text": "DROP TABLE x"}]}),
    ],
)
def test_sql_is_found_in_a_client_tool(
    analyse: Callable[..., tuple[Operation, ...]], name: str, arguments: dict[str, JSON]
) -> None:
    """Where the tool or the member speaks of SQL, and below it."""
    (operation,) = block_operations(call(name, **arguments), AT, analyse)

    assert "DROP TABLE x" in [inner.text for inner in operation.walk()]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("WebSearch", {"query": "drop table mats"}),
        ("Task", {"prompt": "run it", "script": "x"}),
        ("Crush", {"cmd": "x y"}),
    ],
)
def test_words_of_other_tools_are_no_command(
    analyse: Callable[..., tuple[Operation, ...]], name: str, arguments: dict[str, JSON]
) -> None:
    """A search, a prompt, and a name that only holds the letters of a shell's."""
    (operation,) = block_operations(call(name, **arguments), AT, analyse)

    assert operation.nested == ()


def test_an_editor_command_is_no_shell(analyse: Callable[..., tuple[Operation, ...]]) -> None:
    """`view` is an editor's word; anything else of that tool is analysed."""
    (view,) = block_operations(call("str_replace_based_edit_tool", command="view"), AT, analyse)
    (other,) = block_operations(call("str_replace_based_edit_tool", command="rm -rf /"), AT, analyse)

    assert (len(view.nested), len(other.nested)) == (0, 1)


def test_an_mcp_tool_nests_its_call(analyse: Callable[..., tuple[Operation, ...]]) -> None:
    """With the SQL it carries."""
    (operation,) = block_operations(call("mcp__db__execute_sql", query="DROP TABLE x", database="prod"), AT, analyse)
    (nested,) = operation.nested

    assert operation.name == "tool.use:mcp__db__execute_sql"
    assert (nested.name, nested.resource, nested.agent) == ("mcp.call:execute_sql", "db", True)
    assert [(deep.protocol, deep.text, deep.agent) for deep in nested.nested] == [("sql", "DROP TABLE x", True)]


def test_webfetch_is_a_get(analyse: Callable[..., tuple[Operation, ...]]) -> None:
    """Of the host and path it names."""
    (operation,) = block_operations(call("WebFetch", url="https://Docs.Example.com:443/%61?x=1"), AT, analyse)
    (get,) = operation.nested

    assert (get.name, get.resource, get.access, get.agent) == ("http.get", "/a", Access.READ, True)
    assert get.arguments["host"] == "docs.example.com"


@pytest.mark.parametrize("url", ["https://user@example.com/", "http://0x7f.1/", "https://x/a/../b", "http://[::1", "x"])
def test_an_ambiguous_address_is_unknown(analyse: Callable[..., tuple[Operation, ...]], url: str) -> None:
    """Access UNKNOWN is the most dangerous one."""
    (operation,) = block_operations(call("WebFetch", url=url), AT, analyse)

    assert operation.nested[0].access is Access.UNKNOWN


@pytest.mark.parametrize("name", [None, 7, "", "a b", "Bash\n", "x" * 201, "Báash"])
def test_a_name_that_no_tool_has_is_refused(analyse: Callable[..., tuple[Operation, ...]], name: JSON) -> None:
    """It could not be matched by a rule, nor shown to a person."""
    with pytest.raises(BodyRejected):
        block_operations(call(name), AT, analyse)


@pytest.mark.parametrize(
    ("block", "runs"),
    [
        ({"type": "text", "text": "tool_use"}, False),
        ({"type": "thinking", "thinking": "", "signature": ""}, False),
        ({"type": "server_tool_use", "name": "web_search", "input": {}}, False),
        ({"type": "mcp_tool_use", "name": "x", "input": {}}, False),
        ({"type": "web_search_tool_result", "content": []}, False),
        ({"type": "tool_use"}, True),
        ({"type": "TOOL_USE"}, True),
        ({"type": "new_tool_use"}, True),
        ({"type": "whatever", "name": "x", "input": {}}, True),
        ({"name": "x", "input": {}}, True),
        ({"type": ["tool_use"], "name": "x", "input": {}}, True),
    ],
)
def test_what_counts_as_a_call(block: dict[str, JSON], runs: bool) -> None:
    """What runs at the provider does not; what looks like a call does."""
    assert is_tool_call(block) is runs


def test_input_that_is_no_object_is_refused(analyse: Callable[..., tuple[Operation, ...]]) -> None:
    """A string or a list as input."""
    for value in ("x", [1], None):
        with pytest.raises(BodyRejected):
            block_operations({"type": "tool_use", "name": "Bash", "input": value}, AT, analyse)
