"""Rules over recorded calls: marks that stand, values that are new, operations that would be stopped."""

from __future__ import annotations

import json

import pytest

from interlock.engine.survey import survey
from interlock.recording.flow_reading import RecordedFlow

MAIL = "erika.mustermann@example.com"
MARK = "<email:ABCDEFGHIJKLMNOP>"
RULES = """\
masking:
  - {id: people, detect: [email], with: token}
  - {id: cards, path: "$..card.number", with: redact}
  - {id: others, detect: [iban], where: [recordings]}
blocklist:
  - {id: no-drop, language: sql, match: {kinds: [drop]}}
  - {id: codename, text: '(?i)project\\s+nightfall', in: [commands]}
"""
FORBID = "policy:\n  - {id: no-writes, forbid: [sql.write], on: [warehouse]}\n"


def _flow(
    body: object, answer: object = None, *, kind: str = "application/json", to: str = "warehouse"
) -> RecordedFlow:
    host, path = ("warehouse.example.com", "/v1/query") if to == "warehouse" else ("api.anthropic.com", "/v1/messages")
    told = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return RecordedFlow(
        "f1", "https", host, 443, "POST", path, (("content-type", "application/json"),), json.dumps(body).encode(),
        0 if answer is None else 200, (("content-type", kind),), b"" if answer is None else told,
    )  # fmt: skip


def _seen(load, *flows: RecordedFlow, name: str = ""):
    found = survey(load(RULES + FORBID), [(flow, name) for flow in flows])
    return found, {seen.rule: (seen.masked, seen.fresh, seen.calls, seen.example) for seen in found.seen.values()}


def test_marks_and_new_values_of_an_answer(load):
    """What a mask put there is no new value; what nobody masked is, and the place is said."""
    answer = {
        "rows": [{"mail": MARK, "card": {"number": "[redacted:cards]"}}, {"mail": MAIL, "card": {"number": "4111"}}]
    }
    _, seen = _seen(load, _flow({"query": "select 1"}, answer))
    assert seen["people"] == (1, 1, 1, "f1 email /rows/1/mail")
    assert seen["cards"] == (1, 1, 1, "f1 path /rows/1/card/number")
    assert seen["others"] == (0, 0, 0, "")


def test_requests_and_streams_of_a_model(load):
    """As the gateway reads them: values that are torn over events too."""
    events = [
        {"type": "message_start", "message": {"content": []}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        *[{"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": one}} for one in MAIL],
        {"type": "content_block_stop", "index": 0},
    ]
    stream = b"".join(f"event: {one['type']}\ndata: {json.dumps(one)}\n\n".encode() for one in events)
    request = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": f"{MAIL} and {MARK}"}]}
    _, seen = _seen(load, _flow(request, stream, kind="text/event-stream", to="claude"))
    assert seen["people"] == (1, 2, 1, "f1 email /messages/0/content")


def test_operations_that_would_be_stopped(load):
    """In requests, and in what a model proposes."""
    block = {
        "type": "tool_use",
        "id": "t",
        "name": "Bash",
        "input": {"command": "echo project nightfall; psql -c 'drop table a'"},
    }
    proposal = {"type": "message", "role": "assistant", "content": [block]}
    found, seen = _seen(
        load,
        _flow({"query": "delete from a where id = 1"}),
        _flow({"query": "drop table a"}),
        _flow({"model": "m", "max_tokens": 9, "messages": []}, proposal, to="claude"),
    )
    assert seen["no-writes"] == (0, 1, 1, "f1 sql.write")
    assert seen["no-drop"] == (0, 2, 2, "f1 sql.ddl")
    assert seen["codename"][2] == 1
    assert (found.calls, found.elsewhere, found.unread) == (3, 0, 0)


@pytest.mark.parametrize(("name", "elsewhere"), [("", 1), ("warehouse", 0), ("gone", 1)])
def test_the_connection_is_the_recorded_one(load, name, elsewhere):
    """Or that of the origin; a call to neither is counted and not looked at."""
    flow = _flow({"query": "select 1"})
    other = RecordedFlow("f1", "http", "127.0.0.1", 9, flow.method, flow.path, flow.headers, flow.body)
    found, _ = _seen(load, other, name=name)
    assert (found.calls, found.elsewhere) == (1, elsewhere)


@pytest.mark.parametrize("answer", [b"{broken", b"\xff\x00", b'{"a": 1, "a": 2}'])
def test_what_cannot_be_read_is_counted(load, answer):
    """And ends nothing."""
    found, seen = _seen(load, _flow({"query": "select 1"}, answer), _flow({"query": "drop table a"}))
    assert found.calls == 2
    assert found.unread <= 1
    assert seen["no-drop"][1] == 1
