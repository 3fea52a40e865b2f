"""Operations become JSON and operations again: all that a decision looks at, and nothing else."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock import commands
from interlock.model import JSON, Access, Operation
from interlock.recording.canonical import canonical
from interlock.recording.event import MAX_EVENT
from interlock.recording.operations import detail, is_whole, unpack
from interlock.recording.packing import MAX_OPERATIONS, pack

WORDS = st.text("abcxyz*:/ü\u202e", max_size=6)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=5,
)


def made(nested: st.SearchStrategy[tuple[Operation, ...]]) -> st.SearchStrategy[Operation]:
    """Operations of every kind; only those with a text that nobody understood say that they had one."""
    return st.builds(
        Operation,
        st.sampled_from(("sql", "shell", "http", "mcp", "tool", "model")),
        WORDS,
        WORDS,
        st.sampled_from(Access),
        st.dictionaries(WORDS, VALUES, max_size=3),
        st.just(""),
        WORDS,
        nested,
        st.booleans(),
        st.booleans(),
    )


OPERATIONS = st.lists(
    st.recursive(made(st.just(())), lambda inner: made(st.lists(inner, max_size=2).map(tuple)), max_leaves=6),
    max_size=3,
)


@settings(max_examples=100)
@given(OPERATIONS)
def test_what_is_packed_is_unpacked_as_it_was(operations: list[Operation]) -> None:
    """Nesting, arguments of any type (also fractions and large numbers, which events write as text), and flags."""
    written = json.loads(canonical(pack(operations)))
    assert unpack(written) == tuple(operations)


def test_a_real_command_keeps_what_rules_look_at_but_never_its_text() -> None:
    """Bash that runs psql that drops a table is one tree, and the statement itself is not in it."""
    inner = commands.analyse("psql -c 'drop table customers -- by erika'", "shell", agent=True)
    bash = Operation("tool", "use:Bash", "Bash", Access.WRITE, {"command": "…"}, "", "/content/0", inner, agent=True)
    packed = pack([bash])
    assert [item["name"] for item in packed] == ["tool.use:Bash", "shell.network", "sql.ddl"]  # type: ignore[index, call-overload]
    assert [detail(item, "tables") for item in packed] == [None, None, ["customers"]]  # type: ignore[arg-type]
    (found,) = unpack(packed)
    assert [one.arguments for one in found.walk()] == [one.arguments for one in bash.walk()]
    assert not any(one.text for one in found.walk())
    assert is_whole(packed)


def test_a_text_that_nobody_understood_is_still_one() -> None:
    """The reason of a decision depends on that (`not-understood`), so the list says it without the text."""
    (found,) = unpack(pack([Operation("shell", "unknown", text="$(rot13 <<<…)")]))
    assert found.text == "(not kept)"
    assert "rot13" not in str(pack([Operation("shell", "unknown", text="$(rot13 <<<…)")]))


def test_arguments_of_a_call_in_a_call_are_kept_once() -> None:
    """A model's call of an MCP tool holds the same input twice."""
    inner = Operation("mcp", "call:run", "crm", Access.WRITE, {"text": "x" * 1000}, agent=True)
    outer = Operation("tool", "use:mcp__crm__run", "t", Access.WRITE, {"text": "x" * 1000}, agent=True, nested=(inner,))
    packed = pack([outer])
    assert len(canonical(packed)) < 1500
    assert unpack(packed) == (outer,)


def test_a_list_is_bounded_and_says_so() -> None:
    """Whatever a request holds, an event has room for what is kept of it; the rest is counted."""
    many = [Operation("sql", "read", nested=(Operation("sql", "read"),)) for _ in range(MAX_OPERATIONS)]
    packed = pack(many)
    assert packed[-1] == {"more": MAX_OPERATIONS}
    assert len(packed) == MAX_OPERATIONS + 1
    assert not is_whole(packed)
    worst = "\x00\u202e\ud800"
    large = [
        Operation("tool", f"use:T{number}", arguments={"a": worst * 9000, "b": [worst * 99] * 9000})
        for number in range(99)
    ]
    packed = pack(large)
    assert len(canonical(packed)) < MAX_EVENT * 0.9
    assert not is_whole(packed)
    assert len(unpack(packed)) == 99


def test_the_flat_lists_of_format_1_are_read_as_far_as_they_go() -> None:
    """What a carrier carried is nested in it; who runs it, and whether it was covered, the caller knows."""
    old: JSON = [
        {"name": "http.post", "access": "write", "place": ""},
        {"name": "sql.ddl", "access": "ddl", "place": "/q", "at": 3, "kinds": ["drop"], "tables": ["t"]},
        {"more": True},
    ]
    (carrier,) = unpack(old, covered=True)
    assert (carrier.name, carrier.covered, carrier.agent) == ("http.post", True, False)
    (inner,) = carrier.nested
    assert (inner.access, inner.arguments) == (Access.DDL, {"at": 3, "kinds": ["drop"], "tables": ["t"]})
    tool: JSON = [{"name": "tool.use:Bash", "access": "write", "place": "/c"}, {"name": "shell.read", "access": "read"}]
    (bash,) = unpack(tool, agent=True)
    assert (bash.resource, bash.agent, [one.name for one in bash.nested]) == ("Bash", True, ["shell.read"])
    assert not is_whole(old)
    assert not is_whole(tool)


HOSTILE: list[JSON] = [
    None, 7, "x", {}, [None, 7, "x", []], [{"name": 7}], [{"name": "a.b", "in": 0}], [{"name": "a.b", "in": "x"}],
    [{"name": "a.b", "in": -1, "arguments": 7, "access": [], "place": {}, "numbers": 7}],
    [{"name": "a.b", "same": True}], [{"name": "a.b", "arguments": {}}, {"name": "c", "in": 0, "same": True}] * 2,
    [{"name": "a.b", "arguments": {"x": ["nan", "1"]}, "numbers": [["x", 0], ["x", 9], ["y"], [], 7, [{}]]}],
    [{"name": "", "in": 5}, {"in": 0, "name": "a.b"}, {"name": "c.d", "in": 1}],
]  # fmt: skip


@pytest.mark.parametrize("items", HOSTILE)
def test_a_list_that_somebody_else_wrote_breaks_nothing(items: JSON) -> None:
    """What is no operation is passed over; what says nothing of its access is of the most dangerous one."""
    for one in unpack(items):
        assert all(node.access is Access.UNKNOWN for node in one.walk())
    assert not is_whole(items) or unpack(items)


def test_a_long_list_is_read_in_linear_time() -> None:
    """Also one that somebody made to be read slowly."""
    deep: list[JSON] = [{"name": "mcp.call:x", "arguments": {}}]
    deep += [{"name": "mcp.call:x", "in": index, "same": True} for index in range(20_000)]
    started = time.process_time()
    (found,) = unpack(deep)
    assert len(found.walk()) == len(deep)
    assert time.process_time() - started < 30


def test_a_plain_request_is_said_once() -> None:
    """Method and path of a request are its name and resource; whatever else it has is written out."""
    plain = Operation("http", "post", "/q", Access.WRITE, {"method": "POST", "path": "/q"})
    query = Operation("http", "get", "/q", Access.READ, {"method": "GET", "path": "/q", "query": {"a": "1"}})
    nothing = Operation("http", "get", "/q", Access.READ)
    packed = pack([plain, query, nothing])
    assert "arguments" not in packed[0]  # type: ignore[operator]
    assert unpack(json.loads(canonical(packed))) == (plain, query, nothing)
