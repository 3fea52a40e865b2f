"""Spans as a collector reads them: parsed by OpenTelemetry's own types."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from tests.recording.nasty import NASTY, Clock, nasty_session

from interlock.model import Principal
from interlock.recording import Recordings
from interlock.recording.exporting import Exported
from interlock.recording.otlp import SCHEMA_URL, otlp


def spans(folder: Path) -> dict[str, dict[str, Any]]:
    """The spans of a session by name, after the collector's own types have read the export."""
    written = "".join(otlp(Exported.of(folder)))
    document = json.loads(written)
    found = document["resourceSpans"][0]["scopeSpans"][0]["spans"]
    for span in found:  # OTLP/JSON writes ids in hex, where protobuf's JSON has base64
        assert (len(span["traceId"]), len(span["spanId"])) == (32, 16)
        for name in ("traceId", "spanId", "parentSpanId"):
            for holder in (span, *span.get("links", [])):
                if name in holder:
                    holder[name] = base64.b64encode(bytes.fromhex(holder[name])).decode()
    request = json_format.ParseDict(document, ExportTraceServiceRequest())
    assert request.resource_spans[0].schema_url == SCHEMA_URL
    assert len({bytes(span.span_id) for span in request.resource_spans[0].scope_spans[0].spans}) == len(found)
    assert written.isascii()
    return {span["name"]: span for span in found}


def attributes(span: dict[str, Any]) -> dict[str, Any]:
    """Its attributes as plain values."""
    return {entry["key"]: next(iter(entry["value"].values())) for entry in span["attributes"]}


@pytest.fixture
def told(tmp_path: Path) -> dict[str, dict[str, Any]]:
    """A turn that proposes an MCP call, which runs and fails."""
    recordings = Recordings(tmp_path, Clock(), rules_digest="d" * 64)
    session = recordings.session(Principal("corp", "https://idp.example.com", "erika"), "run-1")
    model = {"name": "model.message", "resource": "claude-opus-5-5", "access": "read", "place": ""}
    where = {"connection": "claude", "origin": "https://api.example.com:8443", "method": "POST", "path": "/v1/messages"}
    turn = session.append("decision", {
        "effect": "permit", "reason": "permitted", "rule": "models", "operations": [model], **where,
        "claims": {"turn": 1, "session": "c1", "trace": f"00-{'ab' * 16}-{'cd' * 8}-01"},
    })  # fmt: skip
    session.append("usage", {
        "decision": turn, "model": "claude-opus-5-5-20270101", "id": "msg_1", "stop": "tool_use", "input": 7,
        "output": 5, "cache_read": 2, "cache_write": 1, "cost": 99, "currency": "USD",
    })  # fmt: skip
    session.append("response", {"decision": turn, "status": 200, "milliseconds": 1500})
    tool = [{"name": "tool.use:mcp__db__run", "access": "write", "place": "/content/0"}]
    session.append("reply", {"decision": turn, "effect": "permit", "tool_use": "toolu_1", "operations": tool})
    call = session.append("decision", {
        "effect": "permit", "reason": "permitted", "operations": [{"name": "mcp.call:run"}], "connection": "db",
        "claims": {"tool_use": ["toolu_1"]}, "method": "POST",
    })  # fmt: skip
    session.append("response", {"decision": call, "status": 500, "milliseconds": 3})
    recordings.close()
    return spans(tmp_path / session.id)


def test_a_turn_is_a_chat_span(told: dict[str, dict[str, Any]]) -> None:
    """By the conventions: operation, provider, models, tokens with those of the cache among the input."""
    span, root = told["chat claude-opus-5-5"], told["invoke_agent erika"]
    found = attributes(span)
    assert {name: value for name, value in found.items() if name.startswith("gen_ai.")} == {
        "gen_ai.conversation.id": "c1", "gen_ai.operation.name": "chat", "gen_ai.provider.name": "anthropic",
        "gen_ai.request.model": "claude-opus-5-5", "gen_ai.response.model": "claude-opus-5-5-20270101",
        "gen_ai.response.id": "msg_1", "gen_ai.response.finish_reasons": {"values": [{"stringValue": "tool_use"}]},
        "gen_ai.usage.input_tokens": "10", "gen_ai.usage.output_tokens": "5",
        "gen_ai.usage.cache_read.input_tokens": "2", "gen_ai.usage.cache_creation.input_tokens": "1",
    }  # fmt: skip
    assert (found["server.address"], found["server.port"]) == ("api.example.com", "8443")
    assert (found["interlock.cost.millionths"], found["http.response.status_code"]) == ("99", "200")
    assert int(span["endTimeUnixNano"]) - int(span["startTimeUnixNano"]) == 1_500_000_000
    assert span["parentSpanId"] == root["spanId"]
    assert base64.b64decode(span["links"][0]["spanId"]).hex() == "cd" * 8
    assert attributes(root)["gen_ai.operation.name"] == "invoke_agent"


def test_a_call_stands_below_what_proposed_it(told: dict[str, dict[str, Any]]) -> None:
    """Turn, tool, and the exchange that ran for it, which failed."""
    turn, tool, call = told["chat claude-opus-5-5"], told["execute_tool mcp__db__run"], told["POST"]
    assert (tool["parentSpanId"], call["parentSpanId"]) == (turn["spanId"], tool["spanId"])
    found = attributes(tool)
    assert (found["gen_ai.tool.name"], found["gen_ai.tool.call.id"]) == ("mcp__db__run", "toolu_1")
    assert (call["status"]["code"], attributes(call)["error.type"]) == (2, "500")


def test_whatever_was_recorded_is_a_span(tmp_path: Path) -> None:
    """Texts of traffic are values, never structure; a refused call is an error."""
    found = spans(nasty_session(tmp_path))
    assert f"chat {NASTY[0]}" not in found
    refused = [span for span in found.values() if span.get("status", {}).get("code") == 2]
    assert refused


@pytest.mark.parametrize("word", ["²", "٣", "9" * 5000, "-1", "1e3", ""])
def test_numbers_that_are_none_are_texts(tmp_path: Path, word: str) -> None:
    """Digits that no integer is read from, and more of them than one may have, end no export."""
    recordings = Recordings(tmp_path, Clock(), rules_digest="d" * 64)
    session = recordings.session(Principal("corp", "https://idp.example.com", "erika"), "run-1")
    call = session.append("decision", {"effect": "permit", "origin": f"https://h:{word}", "method": "GET"})
    session.append("error", {"decision": call, "error": word})
    session.append("usage", {"decision": call, "input": word, "output": -1, "cost": [word], "stop": word})
    recordings.close()
    assert len(spans(tmp_path / session.id)) == 2
