"""The graph of a session as a tree: below each turn what it proposed, below that what ran, each once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from interlock.cli._show import plain

if TYPE_CHECKING:
    from rich.text import Text
    from rich.tree import Tree

    from interlock.model import JSON
    from interlock.recording.graph import Edge, Graph, Node

__all__ = ["graph_documents", "graph_tree", "origin_lines"]

_STYLES = {"permit": "green", "forbid": "bold red", "review": "yellow"}
_CAUSES = ("proposed", "ran", "approved")
_DEEPEST = 100


def graph_documents(graph: Graph) -> Iterator[dict[str, JSON]]:
    """Nodes and edges for a machine, one after the other."""
    for node in graph.nodes.values():
        yield {"node": {**asdict(node), "claims": dict(node.claims)}}
    for edge in graph.edges:
        yield {"edge": asdict(edge)}
    if graph.left_out:
        yield {"left_out": graph.left_out}


def graph_tree(graph: Graph, session: str) -> Tree:
    """A tree for people. What came to a node in two ways stands below the first."""
    from rich.text import Text
    from rich.tree import Tree

    children: dict[str, list[Edge]] = {}
    below: set[str] = set()
    for edge in graph.edges:
        if edge.kind in _CAUSES and edge.target not in below:
            below.add(edge.target)
            children.setdefault(edge.source, []).append(edge)
    root = Tree(Text(f"what led to what in {plain(session)}", "bold"))
    todo: list[tuple[Tree, Node, Edge | None, int]] = [
        (root, node, None, 0) for node in reversed(graph.nodes.values()) if node.id not in below
    ]
    while todo:
        parent, node, by, depth = todo.pop()
        branch = parent.add(_label(node, by))
        if depth < _DEEPEST:
            inner = [(branch, graph.nodes[edge.target], edge, depth + 1) for edge in children.get(node.id, ())]
            todo.extend(reversed(inner))
    if graph.left_out:
        root.add(Text(f"and {graph.left_out} more"))
    return root


def origin_lines(graph: Graph, id: str) -> Iterator[Text]:
    """How something came about, the last step first: the call that it ran for, the turn that proposed that."""
    from rich.text import Text

    for edge in graph.origin(id):
        yield Text(f"{edge.kind} by ").append(_label(graph.nodes[edge.source], None)).append(_doubt(edge))


def _doubt(edge: Edge) -> str:
    told = {"time": "perhaps: nothing else was out", "id": "named by its id"}.get(edge.by, "")
    parts = [told] if told else []
    parts += [f"but {edge.note}"] if edge.note else []
    return plain(f" ({', '.join(parts)})") if parts else ""


def _label(node: Node, by: Edge | None) -> Text:
    from rich.text import Text

    number = node.id.rpartition("/")[2] if node.kind != "approval" else node.id
    found = Text(plain(f"{number} "), "dim")
    if node.kind == "turn" and node.turn:
        found.append(f"turn {node.turn} ")
    rest = node.touches.removeprefix(node.name).strip()
    found.append(plain(node.name), "bold")
    if rest:
        found.append(plain(f" {rest}"))
    if node.effect:
        found.append(plain(f" {node.effect}"), _STYLES.get(node.effect, ""))
    said = [f"by rule {node.rule}"] if node.rule else []
    said += [node.tool_use] if node.tool_use else []
    said += [node.outcome] if node.outcome else []
    said += [f"{node.tokens} tokens"] if node.tokens else []
    if by is not None and by.kind != "proposed":
        said.append({"time": "perhaps: nothing else was out", "id": "named by its id"}.get(by.by, by.kind))
    if by is not None and by.note:
        said.append(f"but {by.note}")
    found.append(plain(f" ({', '.join(said)})") if said else "")
    return found
