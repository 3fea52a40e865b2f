"""What led to what: tied by ids where the gateway saw both ends, by time where nothing else can have been, else not."""

from __future__ import annotations

import itertools
import time
from typing import Any

import pytest

from interlock.recording.event import Event
from interlock.recording.graph import MAX_NODES, build

ERIKA, MAX = ("https://issuer.example", "erika"), ("https://issuer.example", "max")


class Story:
    """Events of one or more sessions, in the order of their telling."""

    def __init__(self) -> None:
        self.events: list[tuple[str, Event]] = []
        self._numbers: dict[str, Any] = {}

    def tell(self, session: str, kind: str, **data: Any) -> str:
        """One more event, and its reference."""
        number = next(self._numbers.setdefault(session, itertools.count(1)))
        self.events.append((session, Event(number, "2027-01-15T08:00:00.000Z", kind, data, "0" * 64, "1" * 64)))
        return f"{session}/{number}"

    def opened(self, session: str, owner: tuple[str, str]) -> None:
        """A session of somebody."""
        self.tell(session, "opened", issuer=owner[0], subject=owner[1])

    def turn(self, session: str, number: int, *results: str, client: str = "c1") -> str:
        """A request to a model."""
        claims = {"turn": number, "session": client, **({"results": [*results]} if results else {})}
        return self.tell(session, "decision", effect="permit", operations=[named("model.message")], claims=claims)

    def proposal(self, session: str, turn: str, tool: str, id: str, *inner: str, effect: str = "permit") -> str:
        """A call in its answer."""
        operations = [named(f"tool.use:{tool}"), *({**named(name), "in": 0} for name in inner)]
        return self.tell(session, "reply", decision=turn, effect=effect, tool_use=id, operations=operations)

    def call(self, session: str, name: str, *ids: str, **data: Any) -> str:
        """Any other request."""
        claims = {"claims": {"tool_use": [*ids]}} if ids else {}
        return self.tell(session, "decision", effect="permit", operations=[named(name)], **claims, **data)

    def edges(self) -> list[tuple[str, str, str, str]]:
        """Source, target, kind and how it is known."""
        return [(edge.source, edge.target, edge.kind, edge.by) for edge in build(self.events).edges]


def named(name: str) -> dict[str, Any]:
    """A packed operation."""
    return {
        "name": name,
        "access": "write",
        "place": "",
        "arguments": {"tables": ["customers"]} if name[:3] == "sql" else {},
    }


@pytest.fixture
def story() -> Story:
    """Erika's session has begun."""
    found = Story()
    found.opened("s", ERIKA)
    return found


def test_a_drop_came_from_that_tool_use_from_that_turn(story: Story) -> None:
    """The whole way: turn, proposal, the MCP call that names it, and its result in the next turn."""
    first = story.turn("s", 1)
    proposed = story.proposal("s", first, "mcp__db__execute_sql", "t1", "mcp.call:execute_sql", "sql.ddl")
    call = story.call("s", "mcp.call:execute_sql", "t1")
    story.tell("s", "response", decision=call, status=200, milliseconds=7)
    second = story.turn("s", 2, "t1")
    story.tell("s", "usage", decision=second, input=7, output=3, cost=5)
    graph = build(story.events)
    assert [(edge.source, edge.kind, edge.by, edge.note) for edge in graph.origin(call)] == [
        (proposed, "ran", "id", ""), (first, "proposed", "gateway", ""),
    ]  # fmt: skip
    assert (proposed, second, "returned", "id") in story.edges()
    assert (first, second, "next", "id") in story.edges()
    assert graph.nodes[proposed].touches == "mcp.call:execute_sql; sql.ddl customers"
    assert (graph.nodes[call].outcome, graph.nodes[call].milliseconds, graph.nodes[call].name) == (
        "200",
        7,
        "mcp.call:execute_sql",
    )
    assert (graph.nodes[second].tokens, graph.nodes[second].cost, graph.nodes[second].turn) == (10, 5, 2)


def test_what_a_shell_command_reached_is_tied_by_time_where_only_one_was_out(story: Story) -> None:
    """It is said to be so known; with two commands out, nobody can tell, and nothing is made up."""
    turn = story.turn("s", 1)
    proposed = story.proposal("s", turn, "Bash", "t1", "shell.network")
    query = story.call("s", "http.post")
    other = story.proposal("s", turn, "Bash", "t2", "shell.network")
    story.call("s", "http.post")
    story.turn("s", 2, "t1", "t2")
    story.call("s", "http.get")
    assert [edge for edge in story.edges() if edge[2] == "ran"] == [(proposed, query, "ran", "time")]
    assert other


def test_an_id_that_another_principal_was_given_ties_nothing(story: Story) -> None:
    """Whoever claims somebody else's call is not tied to it (invariant 10); the claim itself stays readable."""
    proposed = story.proposal("s", story.turn("s", 1), "mcp__db__run", "t1")
    story.opened("m", MAX)
    stolen = story.call("m", "mcp.call:run", "t1")
    story.opened("s2", ERIKA)
    own = story.call("s2", "mcp.call:run", "t1")
    assert [edge for edge in story.edges() if edge[2] == "ran"] == [(proposed, own, "ran", "id")]
    assert build(story.events).nodes[stolen].claims == {"tool_use": ["t1"]}


@pytest.mark.parametrize(
    ("tool", "effect", "note"),
    [
        ("mcp__db__run", "permit", ""),
        ("mcp__db__look", "permit", "another tool had been proposed"),
        ("mcp__db__run", "forbid", "the proposal had not been let through"),
    ],
)
def test_a_call_that_is_not_what_was_proposed_says_so(story: Story, tool: str, effect: str, note: str) -> None:
    """A client may run what it likes under an id; the reader sees that it does not fit."""
    story.proposal("s", story.turn("s", 1), tool, "t1", effect=effect)
    story.call("s", "mcp.call:run", "t1")
    (ran,) = [edge for edge in build(story.events).edges if edge.kind == "ran"]
    assert ran.note == note


def test_an_id_nobody_proposed_ties_nothing(story: Story) -> None:
    """Nor does one that is proposed only later."""
    story.call("s", "mcp.call:run", "t1")
    story.proposal("s", story.turn("s", 1, "t9"), "mcp__db__run", "t1")
    assert [edge[2] for edge in story.edges()] == ["proposed"]


def test_an_approval_stands_before_what_it_let_through(story: Story) -> None:
    """With how it stands at last."""
    story.tell("s", "approval", approval="apr_1", state="pending", operation="sql.write")
    story.tell("s", "approval", approval="apr_1", state="approved")
    write = story.call("s", "sql.write", approval="apr_1")
    graph = build(story.events)
    assert (graph.nodes["apr_1"].name, graph.nodes["apr_1"].outcome) == ("sql.write", "approved")
    assert story.edges() == [("apr_1", write, "approved", "gateway")]


HOSTILE: list[Any] = [None, 7, "x", [7, None, {"name": 7}], {"a": 1}, {"turn": -1, "results": [7], "tool_use": "t"}]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("kind", ["opened", "decision", "reply", "response", "usage", "error", "approval", "else"])
def test_claims_of_any_type_break_nothing(story: Story, kind: str, value: Any) -> None:
    """A file that somebody else wrote."""
    names = (
        "issuer",
        "effect",
        "operations",
        "claims",
        "decision",
        "tool_use",
        "approval",
        "status",
        "input",
        "method",
    )
    reference = story.tell("s", kind, **dict.fromkeys(names, value))
    story.tell("s", kind, **dict.fromkeys(names, reference))
    graph = build(story.events)
    assert all(edge.source in graph.nodes for edge in graph.edges)
    assert graph.origin(reference) == ()


def test_a_large_recording_is_bounded_and_read_in_linear_time(story: Story) -> None:
    """What found no room is counted; twice the events take about twice the time."""
    turn = story.turn("s", 1)
    for number in range(MAX_NODES // 2 + 10):
        story.proposal("s", turn, "mcp__a__b", f"t{number}")
        story.call("s", "mcp.call:b", f"t{number}")
    started = time.process_time()
    graph = build(story.events)
    assert time.process_time() - started < 20
    assert (len(graph.nodes), graph.left_out) == (MAX_NODES, 21)
