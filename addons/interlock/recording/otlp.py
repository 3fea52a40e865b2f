"""A session as OpenTelemetry spans: OTLP/JSON, by the semantic conventions for GenAI 1.41 (in development).

One trace a session. The session is `invoke_agent`; each request to a model below it is `chat`, each call that a model
proposes `execute_tool`, below the turn that proposed it; what ran for a call stands below that. Ids come from the
session and the numbers of its events, so an export made twice is one in the backend. No body and no argument is in it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from interlock.model import JSON
from interlock.recording.event import Event
from interlock.recording.exporting import Exported, nanoseconds
from interlock.recording.graph import Graph, Node, build
from interlock.recording.wording import text_of

__all__ = ["SCHEMA_URL", "otlp"]

SCHEMA_URL: Final = "https://opentelemetry.io/schemas/1.41.0"
_INTERNAL, _CLIENT = 1, 3
_OK, _ERROR = 1, 2
_PROVIDERS: Final = (
    ("anthropic.", "aws.bedrock"), ("us.anthropic.", "aws.bedrock"), ("eu.anthropic.", "aws.bedrock"),
    ("claude", "anthropic"), ("gpt", "openai"), ("o1", "openai"), ("o3", "openai"), ("gemini", "gcp.gemini"),
)  # fmt: skip
_MILLISECOND: Final = 1_000_000
_TRACE: Final = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")
"""W3C Trace Context, `traceparent`."""

type Attributes = list[dict[str, JSON]]


def otlp(session: Exported) -> Iterator[str]:
    """One `ExportTraceServiceRequest`, as a collector takes it at `/v1/traces`."""
    summary = session.summary
    graph = build((summary.id, event) for event in session.events())
    told = _Told(session)
    resource = _attributes({
        "service.name": session.product, "service.version": summary.gateway, "service.instance.id": summary.id,
    })  # fmt: skip
    head = {"resource": {"attributes": resource}, "schemaUrl": SCHEMA_URL}
    scope = {"scope": {"name": "interlock.recording", "version": summary.gateway}, "schemaUrl": SCHEMA_URL}
    yield '{"resourceSpans":[' + _json(head)[:-1] + ',"scopeSpans":[' + _json(scope)[:-1] + ',"spans":['
    yield _json(_root(session))
    parents = {edge.target: edge.source for edge in reversed(graph.edges) if edge.kind in ("proposed", "ran")}
    for node in graph.nodes.values():
        if node.kind != "approval":
            yield "," + _json(_span(summary.id, node, parents.get(node.id, ""), graph, told))
    yield "]}]}]}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


class _Told:
    """What events say of a node beside the graph: the decision itself, and its usage."""

    def __init__(self, session: Exported) -> None:
        self.decisions: dict[str, dict[str, str]] = {}
        self.usage: dict[str, Mapping[str, JSON]] = {}
        for event in session.events():
            if event.kind in ("decision", "reply"):
                names = ("reason", "rule", "connection", "origin", "method", "path", "operation", "mode")
                said = {name: text_of(event.data, name) for name in names}
                said["model"] = _model_asked(event)
                self.decisions[f"{session.summary.id}/{event.seq}"] = said
            elif event.kind == "usage":
                self.usage[text_of(event.data, "decision")] = event.data


def _model_asked(event: Event) -> str:
    items = event.data.get("operations")
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict) and text_of(item, "name").startswith("model."):
            return text_of(item, "resource")
    return ""


def _root(session: Exported) -> dict[str, JSON]:
    summary = session.summary
    attributes = {
        "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.id": summary.subject, "interlock.run": summary.run,
        "interlock.issuer": summary.issuer, "interlock.rules": summary.rules, "interlock.state": summary.state,
    }  # fmt: skip
    return {
        "traceId": _trace(summary.id),
        "spanId": _id(summary.id),
        "name": f"invoke_agent {summary.subject}",
        "kind": _INTERNAL,
        "startTimeUnixNano": str(nanoseconds(summary.started)),
        "endTimeUnixNano": str(max(nanoseconds(summary.ended), nanoseconds(summary.started))),
        "attributes": _attributes(attributes),  # type: ignore[dict-item]
    }


def _span(session: str, node: Node, parent: str, graph: Graph, told: _Told) -> dict[str, JSON]:
    said = told.decisions.get(node.id, {})
    attributes = {**_common(node, said), **_own(node, said, told.usage.get(node.id, {}))}
    began = nanoseconds(node.at)
    failed = node.effect != "permit" or _number(node.outcome) >= 400 or _broke(node)
    status: dict[str, JSON] = {"code": _ERROR, "message": said.get("reason") or node.outcome} if failed else {}
    trace = _TRACE.fullmatch(text_of(node.claims, "trace"))
    return {
        "traceId": _trace(session),
        "spanId": _id(node.id),
        "parentSpanId": _id(parent if parent in graph.nodes else session),
        "name": _name(node, said),
        "kind": _INTERNAL if node.kind == "proposal" else _CLIENT,
        "startTimeUnixNano": str(began),
        "endTimeUnixNano": str(began + max(node.milliseconds, 0) * _MILLISECOND),
        "attributes": _attributes(attributes),  # type: ignore[dict-item]
        "status": status,
        "links": [{"traceId": trace[1], "spanId": trace[2]}] if trace else [],  # the client's own span
    }


def _broke(node: Node) -> bool:
    return bool(node.outcome) and _number(node.outcome) < 0


def _number(text: str) -> int:
    """A status or a port as a number; -1 for any other text, such as one of digits that Python's int does not read."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def _name(node: Node, said: Mapping[str, str]) -> str:
    if node.kind == "turn":
        return f"chat {said.get('model', '')}".rstrip()
    return f"execute_tool {node.name}" if node.kind == "proposal" else said.get("method") or node.name


def _common(node: Node, said: Mapping[str, str]) -> dict[str, JSON]:
    found: dict[str, JSON] = {
        "interlock.reference": node.id, "interlock.effect": node.effect, "interlock.rule": node.rule,
        "interlock.reason": said.get("reason", ""), "interlock.connection": said.get("connection", ""),
        "interlock.operations": node.touches, "gen_ai.conversation.id": text_of(node.claims, "session"),
    }  # fmt: skip
    if node.effect != "permit":
        found["error.type"] = said.get("reason", "")
    elif (status := _number(node.outcome)) >= 0:
        found["http.response.status_code"] = status
        if status >= 400:
            found["error.type"] = node.outcome
    elif node.outcome:
        found["error.type"] = node.outcome
    return found


def _own(node: Node, said: Mapping[str, str], usage: Mapping[str, JSON]) -> dict[str, JSON]:
    if node.kind == "proposal":
        return {
            "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": node.name, "gen_ai.tool.type": "function",
            "gen_ai.tool.call.id": node.tool_use,
        }  # fmt: skip
    address, _, port = said.get("origin", "").partition("://")[2].rpartition(":")
    server: dict[str, JSON] = {"server.address": address or port}
    if address and _number(port) >= 0:
        server["server.port"] = _number(port)
    if node.kind == "turn":
        return {**server, **_chat(said, usage)}
    return {**server, "http.request.method": said.get("method", ""), "url.path": said.get("path", "")}


def _chat(said: Mapping[str, str], usage: Mapping[str, JSON]) -> dict[str, JSON]:
    model, kinds = said.get("model", ""), ("input", "output", "cache_read", "cache_write")
    found: dict[str, JSON] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": next((name for begins, name in _PROVIDERS if model.startswith(begins)), "unknown"),
        "gen_ai.request.model": model,
    }
    if usage:
        new, out, read, written = (told if type(told := usage.get(kind)) is int else 0 for kind in kinds)
        found |= {
            "gen_ai.response.model": text_of(usage, "model"),
            "gen_ai.response.id": text_of(usage, "id"),
            "gen_ai.response.finish_reasons": [text_of(usage, "stop")] if usage.get("stop") else [],
            "gen_ai.usage.input_tokens": new + read + written,  # with those from and into the cache
            "gen_ai.usage.output_tokens": out,
            "gen_ai.usage.cache_read.input_tokens": read,
            "gen_ai.usage.cache_creation.input_tokens": written,
            "interlock.cost.millionths": usage.get("cost", ""),
            "interlock.cost.currency": text_of(usage, "currency"),
        }
    return found


def _attributes(members: Mapping[str, JSON]) -> Attributes:
    """Those that say something, as OTLP writes them: integers are texts."""
    return [{"key": key, "value": _value(value)} for key, value in members.items() if value not in ("", [], None)]


def _value(value: JSON) -> JSON:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, list):
        return {"arrayValue": {"values": [_value(item) for item in value]}}
    return {"stringValue": str(value)}


def _trace(session: str) -> str:
    """Sixteen bytes, in hex, that name a session."""
    return hashlib.sha256(f"interlock trace {session}".encode()).hexdigest()[:32]


def _id(reference: str) -> str:
    """Eight bytes, in hex, that name an event."""
    return hashlib.sha256(f"interlock span {reference}".encode()).hexdigest()[:16]
