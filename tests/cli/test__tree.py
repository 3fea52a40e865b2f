"""The graph as a tree: everything once, below what led to it, in words that steer no terminal."""

from __future__ import annotations

import io

from rich.console import Console

from interlock.cli._tree import graph_documents, graph_tree, origin_lines
from interlock.recording.graph import Graph
from interlock.recording.nodes import Edge, Node

AT = "2027-01-15T08:00:00.000Z"
GRAPH = Graph(
    nodes={
        node.id: node
        for node in (
            Node("s/2", "turn", AT, "model.message", effect="permit", rule="models", turn=1, outcome="200", tokens=10),
            Node("s/3", "proposal", AT, "Bash", "sql.ddl drop customers", "forbid", "no-drops", tool_use="toolu_1"),
            Node("s/4", "proposal", AT, "[bold]\x1b[2J", effect="permit", tool_use="toolu_2"),
            Node("s/5", "request", AT, "db http.post", effect="permit"),
            Node("apr_1", "approval", AT, "sql.write", outcome="approved"),
        )
    },
    edges=[
        Edge("s/2", "s/3", "proposed", "gateway"),
        Edge("s/2", "s/4", "proposed", "gateway"),
        Edge("s/4", "s/5", "ran", "time", "another tool had been proposed"),
        Edge("apr_1", "s/5", "approved", "gateway"),
        Edge("s/4", "s/2", "returned", "id"),
    ],
    left_out=3,
)


def shown(graph: Graph) -> list[str]:
    """The lines of the tree."""
    out = io.StringIO()
    Console(file=out, width=200, markup=False, emoji=False, highlight=False).print(graph_tree(graph, "s"))
    return [line.rstrip() for line in out.getvalue().splitlines()]


def test_what_led_to_what_stands_below_it() -> None:
    """How a tie is known, and what does not fit, is said; what came in two ways stands once."""
    assert shown(GRAPH) == [
        "what led to what in s",
        "├── 2 turn 1 model.message permit (by rule models, 200, 10 tokens)",
        "│   ├── 3 Bash sql.ddl drop customers forbid (by rule no-drops, toolu_1)",
        "│   └── 4 [bold]\\u{1b}[2J permit (toolu_2)",
        "│       └── 5 db http.post permit (perhaps: nothing else was out, but another tool had been proposed)",
        "├── apr_1 sql.write (approved)",
        "└── and 3 more",
    ]


def test_machines_get_nodes_and_edges() -> None:
    """And how many found no room."""
    documents = list(graph_documents(GRAPH))
    assert len(documents) == 5 + 5 + 1
    assert documents[0]["node"]["turn"] == 1  # type: ignore[index, call-overload]
    assert documents[-1] == {"left_out": 3}


def test_a_graph_that_goes_in_circles_ends() -> None:
    """A recording may claim anything."""
    circle = [Edge("s/4", "s/5", "ran", "id"), Edge("s/5", "s/4", "ran", "id")]
    assert len(shown(Graph(GRAPH.nodes, circle))) <= 6
    deep = Graph(
        {f"s/{number}": Node(f"s/{number}", "request", AT, "x") for number in range(5000)},
        [Edge(f"s/{number}", f"s/{number + 1}", "ran", "id") for number in range(4999)],
    )
    assert len(shown(deep)) <= 110


def test_how_something_came_about() -> None:
    """The call it ran for, the turn that proposed that; what is only likely, and what does not fit, is said."""
    told = [line.plain for line in origin_lines(GRAPH, "s/5")]
    assert [line.split(" (")[0] for line in told] == [
        "ran by 4 [bold]\\u{1b}[2J permit", "proposed by 2 turn 1 model.message permit",
    ]  # fmt: skip
    assert "perhaps: nothing else was out, but another tool had been proposed" in told[0]
    assert list(origin_lines(GRAPH, "s/99")) == []
