"""Where nodes stand and what ties them; bounded."""

from __future__ import annotations

from interlock.console.drawing import MOST, draw
from interlock.recording.nodes import Edge, Graph, Node


def _graph(*kinds: str) -> Graph:
    graph = Graph()
    for number, kind in enumerate(kinds, 1):
        id = f"s/{number}" if kind != "approval" else f"apr-{number}"
        graph.nodes[id] = Node(id, kind, "", f"{kind} {number}", effect="permit")
    return graph


def test_a_row_a_node_and_a_column_a_kind() -> None:
    """From above to below in time, from the model to what ran."""
    drawn = draw(_graph("turn", "proposal", "request", "approval", "turn"))
    assert [box.y for box in drawn.boxes] == sorted({box.y for box in drawn.boxes})
    assert [box.x for box in drawn.boxes] == [8, 318, 628, 318, 8]
    assert drawn.height > max(box.y for box in drawn.boxes)
    assert drawn.width >= max(box.x for box in drawn.boxes) + 250
    assert [box.anchor for box in drawn.boxes] == ["1", "2", "3", "apr-4", "5"]


def test_edges_say_how_they_are_known() -> None:
    """What only time ties looks like a guess, and what does not fit is told."""
    graph = _graph("turn", "proposal", "request")
    graph.edges = [
        Edge("s/1", "s/2", "proposed", "gateway"), Edge("s/2", "s/3", "ran", "time", "another tool had been proposed"),
        Edge("s/2", "gone", "ran", "id"), Edge("s/3", "s/1", "odd", "odd"), Edge("s/1", "s/1", "next", "id"),
    ]  # fmt: skip
    arcs = draw(graph).arcs
    assert [arc.look for arc in arcs] == ["proposed", "ran guess", "ran guess", "next"]
    assert arcs[1].told == "ran; perhaps: nothing else was out; but another tool had been proposed"
    assert all(arc.path.startswith("M") for arc in arcs)


def test_long_names_and_odd_kinds() -> None:
    """What is too long for its box is told whole beside it; what is unknown looks like a request."""
    graph = Graph(nodes={"s/1": Node("s/1", "<b>", "", "x" * 100, effect="<i>")})
    (box,) = draw(graph).boxes
    assert (len(box.label), "x" * 100 in box.told, box.kind, box.look) == (29, True, "request", "")


def test_tricks_are_written_out() -> None:
    """Before a label is cut, so that it fits."""
    graph = Graph(nodes={"s/1": Node("s/1", "request", "", "\u202e\x1b" * 20)})
    (box,) = draw(graph).boxes
    assert box.label.startswith("\\u{202e}\\u{1b}")
    assert len(box.label) == 29


def test_a_large_graph_is_drawn_in_part() -> None:
    """The rest is counted."""
    graph = _graph(*["request"] * (MOST + 7))
    graph.left_out = 3
    drawn = draw(graph)
    assert (len(drawn.boxes), drawn.left_out) == (MOST, 10)


def test_of_a_long_run_the_session_is_drawn() -> None:
    """With as many before it as there is room for; each box knows its session."""
    graph = Graph()
    for name, count in (("early", MOST), ("late", 20)):
        for number in range(1, count + 1):
            graph.nodes[f"{name}/{number}"] = Node(f"{name}/{number}", "turn", "", "", effect="permit")
    drawn = draw(graph, "late")
    assert [box.session for box in drawn.boxes] == ["early"] * (MOST - 20) + ["late"] * 20
    assert (drawn.boxes[0].anchor, drawn.left_out) == ("21", 20)
    assert draw(graph).boxes[0].anchor == "1"
    assert draw(graph, "early").boxes[0].anchor == "1"
