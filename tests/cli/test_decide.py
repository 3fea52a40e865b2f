"""`interlock decide`: a line in, a line out; what cannot be read is said, and the rest goes on."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Interlock

from interlock.cli import _decide
from interlock.cli._decide import Answer, Decider, answer_all
from interlock.engine.rules import load_rules

ANALYST = {"sub": "erika", "realm": {"groups": ["analyst"]}}


def request(sql: str, **more: Any) -> dict[str, Any]:
    """A query of the warehouse as a line."""
    return {"as": ANALYST, "on": "warehouse", "method": "POST", "path": "/v1/query", "body": {"query": sql}, **more}


def answers(interlock: Interlock, rules: Path, *lines: Any) -> tuple[int, list[dict[str, Any]]]:
    """Status and answers."""
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    done = interlock("decide", "--rules", rules, input=text)
    assert done.err == ""
    return done.code, [json.loads(line) for line in done.out.splitlines()]


def test_requests_are_decided_with_reason_rule_and_operations(interlock: Interlock, rules: Path) -> None:
    """In their order, each with its own id."""
    code, found = answers(
        interlock,
        rules,
        request("SELECT * FROM x", id="a"),
        request("d/**/rop table x", id=[1]),
        request("DROP TABLE x"),
    )
    assert code == 0
    assert [entry["id"] for entry in found] == ["a", [1], None]
    first, second, _ = found
    assert (first["decision"], first["reason"], first["rule"]) == ("permit", "permitted", "analysts-read")
    assert second["decision"] == "forbid"
    carrier = first["operations"][0]
    assert carrier["name"] == "http.post"
    assert carrier["operations"][0]["name"] == "sql.read"
    assert carrier["operations"][0]["arguments"]["tables"] == ["x"]


def test_bodies_may_be_json_text_or_bytes(interlock: Interlock, rules: Path) -> None:
    """An object is sent as JSON; text and bytes are sent as they are."""
    raw = json.dumps({"query": "SELECT 1"})
    line = request("")
    del line["body"]
    code, found = answers(
        interlock, rules,
        request("SELECT 1"),
        {**line, "body": raw, "headers": {"Content-Type": "application/json"}},
        {**line, "body_b64": base64.b64encode(raw.encode()).decode()},
        {**line, "body_b64": base64.b64encode(b'{"query": "SELECT 1", "query": "DROP TABLE x"}').decode()},
    )  # fmt: skip
    assert code == 0
    assert [entry["reason"] for entry in found] == ["permitted", "permitted", "permitted", "body-ambiguous"]


def test_what_an_agent_runs_is_decided(interlock: Interlock, rules: Path) -> None:
    """A tool call of a model's reply, by name and input."""
    claims = {"realm": {"groups": ["engineer"]}}
    code, found = answers(
        interlock, rules,
        {"as": claims, "on": "agent", "body": {"name": "Bash", "input": {"command": "ls"}}},
        {"as": claims, "on": "agent", "body": {"tool": "Bash", "input": {"command": "rm -rf /"}}},
    )  # fmt: skip
    assert code == 0
    assert [entry["decision"] for entry in found] == ["permit", "forbid"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "the line is not"),
        ("[]", "not a JSON object"),
        ("\u2028", "the line is not"),
        ('{"id": 1, "id": 2}', "twice"),
        (request("x", headres={}), "'headres'"),
        (request("x", on="nowhere"), "known: warehouse"),
        (request("x", on=7), "on must be text"),
        ({"id": 1}, "on is missing"),
        (request("x", method=""), "method must be text"),
        (request("x", **{"as": [1]}), "as must be"),
        (request("x", **{"as": {"sub": "a\nb"}}), "printable"),
        (request("x", identity="other"), "'other'"),
        (request("x", body_b64="AAAA"), "exclude"),
        (request("x", headers=[1]), "headers must be"),
        (request("x", headers={"a": 1}), "headers must be"),
        (request("x", time="noon"), "time is not"),
        (request("x", time=1e300), "time is not"),
        ({"on": "agent", "body": "ls"}, "a tool call"),
        ({**request("x"), "body": None, "body_b64": "%"}, "exclude"),
    ],
)
def test_a_bad_line_is_an_error_and_the_next_one_is_answered(
    interlock: Interlock, rules: Path, line: Any, says: str
) -> None:
    """Its error and its number; status 1 at the end."""
    code, found = answers(interlock, rules, line, request("SELECT 1", id="next"))
    assert code == 1
    assert says in found[0]["error"]
    assert found[0]["line"] == 1
    assert (found[1]["id"], found[1]["decision"]) == ("next", "permit")


def test_the_identity_is_the_one_that_issued_the_claims(interlock: Interlock, rules: Path) -> None:
    """By `iss`, by name, or the only one."""
    code, found = answers(
        interlock, rules,
        request("SELECT 1", **{"as": {**ANALYST, "iss": "https://idp.example.com"}}),
        request("SELECT 1", identity="corp"),
    )  # fmt: skip
    assert code == 0
    assert [entry["decision"] for entry in found] == ["permit", "permit"]


def test_a_line_that_is_too_long_is_passed_over(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without holding it: the next line is answered."""
    monkeypatch.setattr(_decide, "MAX_LINE", 2000)
    found: list[Answer] = []
    source = io.BytesIO(b" " * 2_500_000 + b"x\n\n" + json.dumps(request("SELECT 1")).encode())
    assert not answer_all(Decider(load_rules(rules)), source, found.append)
    assert "longer than 2000 bytes" in found[0].error
    assert found[1].verdict is not None
    assert found[1].verdict.decision.permits
    assert found[1].line == 3
