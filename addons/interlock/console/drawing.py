"""A graph of what agents did, as a drawing: a row for each node, oldest first; a column for each kind; arcs between.

Pure geometry, in units of the drawing; templates make SVG of it, whose looks are the style sheet's.
"""

from __future__ import annotations

from dataclasses import dataclass

from interlock.approval.shown import escaped
from interlock.recording.graph import Edge, Graph, Node

__all__ = ["MOST", "Arc", "Box", "Drawing", "draw"]

MOST = 300
"""Nodes that are drawn; the timeline has all."""

_COLUMNS = {"turn": 0, "proposal": 1, "approval": 1, "request": 2}
_KINDS = {"turn": "turn", "proposal": "proposes", "approval": "approval", "request": "runs"}
_STEP, _TOP, _WIDE, _HIGH, _LEFT = 40, 34, 250, 28, 8
_GAP = 60
_LETTERS = 29
_TOLD = 1000
_EFFECTS = frozenset(("permit", "forbid", "review"))
_SURE = {"gateway": "", "id": "", "time": "guess"}


@dataclass(frozen=True, slots=True)
class Box:
    """One node: where it stands, its short words (escaped), all of them, how it looks (`permit`, `forbid`, ...), and
    its event, of which session of the run, or its approval.
    """

    x: int
    y: int
    label: str
    told: str
    look: str
    kind: str
    anchor: str
    session: str = ""


@dataclass(frozen=True, slots=True)
class Arc:
    """One edge: an SVG path, how it looks (`proposed`, `ran`, ...; `guess` where only time ties it), what it says."""

    path: str
    look: str
    told: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """`left_out` counts nodes for which there was no room."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arcs: tuple[Arc, ...]
    left_out: int
    headings: tuple[tuple[int, str], ...] = ()


def draw(graph: Graph, session: str = "") -> Drawing:
    """So many nodes, and the edges between them: of a run from `session` on, with as many before as there is room for.

    Linear.
    """
    every = list(graph.nodes.values())
    own = next((number for number, node in enumerate(every) if node.id.startswith(f"{session}/")), 0) if session else 0
    first = min(own, max(0, len(every) - MOST))
    nodes = every[first : first + MOST]
    places = {
        node.id: (_LEFT + _COLUMNS.get(node.kind, 2) * (_WIDE + _GAP), _TOP + row * _STEP)
        for row, node in enumerate(nodes)
    }
    boxes = tuple(_box(node, *places[node.id]) for node in nodes)
    arcs = tuple(
        _arc(edge, places[edge.source], places[edge.target])
        for edge in graph.edges
        if edge.source in places and edge.target in places
    )
    columns = (("model", 0), ("calls that it proposes, approvals", 1), ("what ran", 2))
    return Drawing(
        width=_LEFT * 2 + 3 * _WIDE + 2 * _GAP,
        height=_TOP + len(nodes) * _STEP,
        boxes=boxes,
        arcs=arcs[: MOST * 4],
        left_out=len(graph.nodes) - len(nodes) + graph.left_out,
        headings=tuple((_LEFT + column * (_WIDE + _GAP), name) for name, column in columns),
    )


def _box(node: Node, x: int, y: int) -> Box:
    session, _, number = node.id.rpartition("/") if node.kind != "approval" else ("", "", "")
    turn = f"turn {node.turn} " if node.turn else ""
    short = node.id if node.kind == "approval" else f"{turn}{node.name}"
    shown = f"{short} {node.touches.removeprefix(node.name).strip()}" if node.kind == "proposal" else short
    parts = [_KINDS.get(node.kind, node.kind), number, short, node.touches, node.effect]
    parts += [f"rule {node.rule}" if node.rule else "", node.tool_use, node.outcome]
    look = node.effect if node.effect in _EFFECTS else ""
    return Box(
        x=x,
        y=y,
        label=_short(shown),
        told="; ".join(filter(None, parts))[:_TOLD],
        look=look,
        kind=node.kind if node.kind in _COLUMNS else "request",
        anchor=number or node.id,
        session=session,
    )


def _short(text: str) -> str:
    """Escaped, and as long as a box is wide."""
    line = escaped(text[: 2 * _LETTERS])
    return line if len(line) <= _LETTERS else line[: _LETTERS - 1] + "…"


def _arc(edge: Edge, source: tuple[int, int], target: tuple[int, int]) -> Arc:
    (x1, y1), (x2, y2) = source, target
    y1, y2 = y1 + _HIGH // 2, y2 + _HIGH // 2
    if x2 > x1:
        start, end, bend = x1 + _WIDE, x2, (_GAP // 2, -_GAP // 2)
    elif x2 < x1:
        start, end, bend = x1, x2 + _WIDE, (-_GAP // 2, _GAP // 2)
    else:
        start, end, bend = x1 + _WIDE, x2 + _WIDE, (_GAP // 3, _GAP // 3)
    path = f"M{start} {y1}C{start + bend[0]} {y1} {end + bend[1]} {y2} {end} {y2}"
    known = edge.kind if edge.kind in ("proposed", "ran", "returned", "next", "approved") else "ran"
    look = f"{known} {_SURE.get(edge.by, 'guess')}".strip()
    said = {"time": "perhaps: nothing else was out", "id": "named by its id"}.get(edge.by, "seen by the gateway")
    return Arc(path, look, "; ".join(filter(None, (known, said, edge.note and f"but {edge.note}"))))
