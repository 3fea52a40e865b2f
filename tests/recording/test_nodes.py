"""Ways through a graph, also where somebody made it go in circles."""

from __future__ import annotations

from interlock.recording.nodes import Edge, Graph


def test_a_circle_ends() -> None:
    """A recording may claim that a thing led to itself."""
    graph = Graph(
        edges=[Edge("a", "b", "ran", "id"), Edge("b", "c", "proposed", "gateway"), Edge("c", "a", "ran", "id")]
    )
    assert [edge.source for edge in graph.origin("c")] == ["b", "a"]
    assert graph.origin("nothing") == ()


def test_only_what_led_to_a_thing_is_its_origin() -> None:
    """What came back into it, or came before it, did not cause it."""
    graph = Graph(edges=[Edge("a", "b", "returned", "id"), Edge("c", "b", "next", "id"), Edge("d", "b", "ran", "id")])
    assert [edge.source for edge in graph.origin("b")] == ["d"]
    assert [edge.source for edge in graph.into()["b"]] == ["a", "c", "d"]
