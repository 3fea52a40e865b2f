"""The nodes and edges of a graph of what agents did (`interlock.recording.graph` builds it from events)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from interlock.model import JSON

__all__ = ["Edge", "Graph", "Node"]

_CAUSES = frozenset(("ran", "proposed"))


@dataclass(slots=True)
class Node:
    """One end: `id` is `<session>/<number of its event>`, or the id of an approval.

    `kind`: `turn` (a request to a model), `proposal` (a call that a model asks the agent to run), `request` (any other
    exchange), `approval`. `name` is what a person calls it, `touches` what it would do. `outcome` is the status of
    the answer, or why none came.
    """

    id: str
    kind: str
    at: str
    name: str
    touches: str = ""
    effect: str = ""
    rule: str = ""
    tool_use: str = ""
    turn: int = 0
    outcome: str = ""
    milliseconds: int = 0
    tokens: int = 0
    cost: int = 0
    claims: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edge:
    """`source` led to `target`. `kind`: `proposed`, `ran`, `returned`, `next`, `approved`.

    `by` says how that is known: `gateway` (it saw it happen), `id` (the client named it, and the gateway had seen it),
    `time` (nothing else was out). `note` says what does not fit together.
    """

    source: str
    target: str
    kind: str
    by: str
    note: str = ""


@dataclass(slots=True)
class Graph:
    """Nodes by id, in the order of their events, and what ties them. `left_out` counts what found no room."""

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    left_out: int = 0

    def into(self) -> dict[str, list[Edge]]:
        """The edges by what they lead to."""
        found: dict[str, list[Edge]] = {}
        for edge in self.edges:
            found.setdefault(edge.target, []).append(edge)
        return found

    def origin(self, id: str) -> tuple[Edge, ...]:
        """How something came about, the last step first: the call that ran, the turn that proposed it."""
        into, found, seen = self.into(), list[Edge](), {id}
        while step := next((edge for edge in into.get(id, ()) if edge.kind in _CAUSES), None):
            if step.source in seen:
                break
            found.append(step)
            seen.add(step.source)
            id = step.source
        return tuple(found)
