"""One graph of what agents did: which turn proposed a call, which call ran for it, what came back into which turn.

The ids that tie them are the client's word (invariant 10). One counts only where this gateway saw both ends: it gave
the call to a principal in an answer, and the same principal comes with its id. What no id can tie (a database that a
shell command reaches) is tied by time where only one call of the principal was out at that moment, and says so.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from interlock.model import JSON
from interlock.recording.event import Event
from interlock.recording.nodes import Edge, Graph, Node
from interlock.recording.wording import text_of, touched

__all__ = ["MAX_NODES", "Edge", "Graph", "Node", "build"]

MAX_NODES = 50_000
"""Decisions and proposals of one graph; what comes later is counted."""
_MAX_OUT = 1000

type Data = Mapping[str, JSON]
type Owner = tuple[str, str]


@dataclass(slots=True)
class _Person:
    """What is known of one principal: calls by id, those that are out, and the last turn of each of its sessions."""

    calls: OrderedDict[str, str] = field(default_factory=OrderedDict)
    out: OrderedDict[str, str] = field(default_factory=OrderedDict)
    turns: dict[str, str] = field(default_factory=dict)


def build(events: Iterable[tuple[str, Event]]) -> Graph:
    """The graph of events, each with the id of its session, oldest first. Several sessions may be mixed; what ties them
    counts only within one principal, as each session's first event names it. Linear; whatever an event claims.
    """
    builder = _Builder()
    for session, event in events:
        builder.add(session, event)
    return builder.graph


class _Builder:
    def __init__(self) -> None:
        self.graph = Graph()
        self._owners: dict[str, Owner] = {}
        self._people: dict[Owner, _Person] = {}

    def add(self, session: str, event: Event) -> None:
        kind, data = event.kind, event.data
        if kind == "opened":
            self._owners[session] = text_of(data, "issuer"), text_of(data, "subject")
        elif kind in ("decision", "reply"):
            if len(self.graph.nodes) >= MAX_NODES:
                self.graph.left_out += 1
                return
            id = f"{session}/{event.seq}"
            person = self._people.setdefault(self._owners.get(session, (session, "")), _Person())
            (self._decision if kind == "decision" else self._proposal)(id, event, person)
        elif kind == "approval":
            self._approval(event)
        else:
            self._outcome(kind, data)

    def _decision(self, id: str, event: Event, person: _Person) -> None:
        data = event.data
        claims = _claims(data)
        turn = claims.get("turn")
        node = _node(id, event, "turn" if turn or _speaks_to_model(data) else "request")
        node.claims, node.turn = claims, turn if type(turn) is int else 0
        self.graph.nodes[id] = node
        self._approved(node, data)
        for told in _texts(claims.get("results")):
            person.out.pop(told, None)
            self._tie(person.calls.get(told, ""), id, "returned", "id")
        if node.kind == "turn":
            key = text_of(claims, "session")
            self._tie(person.turns.get(key, ""), id, "next", "id" if key else "time")
            person.turns[key] = id
            return
        named = _texts(claims.get("tool_use"))
        for told in named:
            if told in person.calls:
                self._tie(person.calls[told], id, "ran", "id", self._misfit(person.calls[told], data))
        if not named and len(person.out) == 1:
            self._tie(next(iter(person.out.values())), id, "ran", "time")

    def _proposal(self, id: str, event: Event, person: _Person) -> None:
        data = event.data
        node = _node(id, event, "proposal")
        node.tool_use = text_of(data, "tool_use")
        self.graph.nodes[id] = node
        self._tie(text_of(data, "decision"), id, "proposed", "gateway")
        self._approved(node, data)
        if not node.tool_use:
            return
        person.calls[node.tool_use] = id
        if node.effect == "permit" and not node.name.startswith("mcp__"):  # such a call names itself when it runs
            person.out[node.tool_use] = id
        for known in (person.calls, person.out):
            if len(known) > _MAX_OUT:
                known.popitem(last=False)

    def _misfit(self, proposal: str, data: Data) -> str:
        """Why a call is not the one that was proposed under its id, as far as that can be told."""
        proposed = self.graph.nodes[proposal]
        if proposed.effect != "permit":
            return "the proposal had not been let through"
        called = [name.partition("call:")[2] for name in _names(data) if name.startswith("mcp.call:")]
        if (
            called
            and proposed.name.startswith("mcp__")
            and not any(proposed.name.endswith(f"__{name}") for name in called)
        ):
            return "another tool had been proposed"
        return ""

    def _approved(self, node: Node, data: Data) -> None:
        self._tie(text_of(data, "approval"), node.id, "approved", "gateway")

    def _approval(self, event: Event) -> None:
        data, id = event.data, text_of(event.data, "approval")
        if not id or (id not in self.graph.nodes and len(self.graph.nodes) >= MAX_NODES):
            return
        known = self.graph.nodes.get(id)
        if known is None:
            known = self.graph.nodes[id] = Node(id, "approval", event.at, text_of(data, "operation"))
        known.outcome = text_of(data, "state") or known.outcome

    def _outcome(self, kind: str, data: Data) -> None:
        node = self.graph.nodes.get(text_of(data, "decision"))
        if node is None:
            return
        if kind == "response":
            node.outcome, node.milliseconds = str(_number(data, "status")), _number(data, "milliseconds")
        elif kind == "error":
            node.outcome = text_of(data, "error") or "error"
        elif kind == "usage":
            node.tokens = sum(_number(data, name) for name in ("input", "output", "cache_read", "cache_write"))
            node.cost = _number(data, "cost")

    def _tie(self, source: str, target: str, kind: str, by: str, note: str = "") -> None:
        if source and source != target and source in self.graph.nodes:
            self.graph.edges.append(Edge(source, target, kind, by, note))


def _node(id: str, event: Event, kind: str) -> Node:
    data = event.data
    names = _names(data)
    name = names[0] if names else text_of(data, "method")
    if kind == "proposal":
        name = name.removeprefix("tool.use:")
    elif kind == "request":
        name = " ".join(filter(None, (text_of(data, "connection"), name)))
    return Node(
        id, kind, event.at, name, touched(data.get("operations")), text_of(data, "effect"), text_of(data, "rule")
    )


def _speaks_to_model(data: Data) -> bool:
    return any(name.startswith("model.message") for name in _names(data)[:1])


def _names(data: Data) -> list[str]:
    items = data.get("operations")
    return [text_of(item, "name") for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _claims(data: Data) -> Mapping[str, JSON]:
    claims = data.get("claims")
    return claims if isinstance(claims, dict) else {}


def _texts(value: JSON) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _number(data: Data, name: str) -> int:
    value = data.get(name)
    return value if type(value) is int else 0
