"""Calls of whatever API: masked, read, judged."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from interlock.errors import BodyRejected
from interlock.model import JSON, Operation
from interlock.protocols.proposals import MAX_CALLS, Proposals, hides_call
from interlock.protocols.replies import Treatment
from interlock.reasons import Reason

type Make = Callable[..., Treatment]


def test_three_ways_to_write_an_input(treatment: Make) -> None:
    """One operation each, with its place."""
    seen: list[tuple[Operation, ...]] = []
    proposals = Proposals(treatment(seen=seen))

    assert proposals.arguments("Bash", '{"command":"ls"}', ("a",), ("a",)).input == '{"command":"ls"}'
    assert proposals.object("Bash", {"command": "ls"}, ("b",), ("b",)).input == {"command": "ls"}
    assert proposals.text("bash", "ls", ("c",), ("c",)).input == "ls"
    assert proposals.arguments("Bash", " ", ("d",), ("d",)).input == " "
    assert [found.place for (found,) in seen] == ["/a", "/b", "/c", "/d"]
    places = [[part.place for part in found.nested] for (found,) in seen]
    assert places == [
        ["/a/command"],
        ["/b/command"],
        ["/c/input"],
        [],
    ]
    assert [[part.text for part in found.nested] for (found,) in seen] == [["ls"], ["ls"], ["ls"], []]


def test_what_is_masked_is_what_is_judged(masking: Make) -> None:
    """In each of the three."""
    seen: list[tuple[Operation, ...]] = []
    proposals = Proposals(masking(seen=seen))

    assert proposals.arguments("f", '{"a":"clean"}', (), ()).input == '{"a":"*****"}'
    assert proposals.object("f", {"a": "clean"}, (), ()).input == {"a": "*****"}
    assert proposals.text("f", "clean", (), ()).input == "*****"
    assert [found.arguments for (found,) in seen] == [{"a": "*****"}, {"a": "*****"}, {"input": "*****"}]


@pytest.mark.parametrize("text", ["{", "[]", "null", '{"a":1,"A":2}', '{"a":1}{}', "\ud800", None, {}, 7])
def test_arguments_that_are_no_object_are_refused(treatment: Make, text: JSON) -> None:
    """With the name, so that the model knows which."""
    refusal = Proposals(treatment()).arguments("Bash", text, (), ()).refusal

    assert refusal is not None
    assert refusal.operation == "tool.use:Bash"


def test_more_calls_than_any_agent_runs_are_refused(treatment: Make) -> None:
    """Each costs time that others wait for."""
    proposals = Proposals(treatment())
    for _ in range(MAX_CALLS):
        proposals.object("f", {}, (), ())

    with pytest.raises(BodyRejected) as told:
        proposals.object("f", {}, (), ())
    assert told.value.reason == Reason.BODY_TOO_LARGE


@pytest.mark.parametrize("name", [None, "", "a b", 7, "x" * 300, "\x1b[2J"])
def test_a_name_that_is_none_is_refused(treatment: Make, name: JSON) -> None:
    """And not repeated."""
    refusal = Proposals(treatment()).arguments(name, "{}", (), ()).refusal

    assert refusal is not None
    assert "\x1b" not in refusal.sentence()


@pytest.mark.parametrize(
    ("value", "hidden"),
    [
        ({"tool_calls": [1]}, True),
        ({"a": [{"functionCall": {"x": 1}}]}, True),
        ({"a": {"NAME": "x", "Arguments": "{}"}}, True),
        ({"name": "x", "parameters": {}}, False),
        ({"tool_calls": None, "function_call": None}, False),
        ({"name": "x", "content": "y"}, False),
        ("tool_calls", False),
    ],
)
def test_calls_are_found_where_none_belongs(value: JSON, hidden: bool) -> None:
    """At any depth, in any spelling; members that are empty hide nothing."""
    assert hides_call(value) is hidden
