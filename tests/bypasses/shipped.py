"""The shipped rules on trial, and beside them databases of every dialect, a shell service and an MCP server.

What `trial()` gives decides without a network. With `tried_by` something else decides: tests/e2e/test_bypasses.py
puts a running mitmdump there, so that the same rows, and what is asserted of them, go over the wire.
"""

from __future__ import annotations

import contextlib
import functools
import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from interlock.engine.rules import Rules, load_rules
from interlock.engine.trial import Attempt, Trial, Verdict
from interlock.identity import create_demo_key
from interlock.model import JSON, Principal

__all__ = [
    "DIALECTS",
    "ENGINEER",
    "NOW",
    "Tries",
    "call",
    "copy_rules",
    "post",
    "propose",
    "query",
    "rules",
    "services",
    "shell",
    "told",
    "trial",
    "tried_by",
]

NOW = 1_800_000_000.0
DIALECTS = ("postgres", "mysql", "tsql", "sqlite", "snowflake", "bigquery", "duckdb", "clickhouse")
ENGINEER = Principal("local", "https://demo.interlock.internal", "erika", groups=frozenset({"engineer"}))
_SHIPPED = Path(__file__).parents[2] / "rules"
_DATABASE = """
  - name: {name}
    protocol: http
    hosts: ["https://{name}.example.com"]
    commands: [{{at: "POST /v1/query", path: $.query, language: sql{dialect}}}]
"""
_OTHERS = """
  - name: shell
    protocol: http
    hosts: ["https://shell.example.com"]
    commands: [{at: "POST /v1/run", path: $.command, language: shell, also: [$.timeout]}]
  - name: tools
    protocol: mcp
    hosts: ["https://tools.example.com"]
  - name: forms
    protocol: http
    hosts: ["https://forms.example.com"]
    max_body: 64KiB
    allow_headers: [x-http-method-override]
    commands:
      - {at: "POST /form", in: form, path: $.q, language: sql, dialect: postgres, also: $.limit}
      - {at: "POST /upload", in: multipart, path: $.q, language: sql, dialect: postgres}
      - {at: "GET /search", in: query, path: $.q, language: sql, dialect: postgres, also: $.limit}
      - {at: "POST /bulk", in: lines, path: $.q, language: sql, dialect: postgres, also: [$.index]}
      - {at: "PATCH /jobs/*", path: $.q, language: sql, dialect: postgres, also: $.limit}
      - {at: "POST /run", path: $.job, language: shell}
  - name: graph
    protocol: graphql
    hosts: ["https://graph.example.com"]
  - {name: openai, protocol: openai, hosts: ["https://openai.example.com"]}
  - {name: gemini, protocol: gemini, hosts: ["https://gemini.example.com"]}
  - {name: bedrock, protocol: bedrock, hosts: ["https://bedrock.example.com"]}
  - {name: vertex, protocol: vertex, hosts: ["https://vertex.example.com"]}
policy:
  - id: other-models-are-used
    permit: [model.message]
    on: [openai, gemini, bedrock, vertex]
    to: {groups: [engineer]}
  - id: forms-are-read
    permit: [sql.read, shell.read, "http.post /notes/*", "http.post /**/_bulk", "http.put /logs/_doc/*"]
    on: [forms]
    to: {groups: [engineer]}
  - id: graph-is-read
    permit: ["graphql.query:me", "graphql.query:run", "graphql.mutation:addNote", sql.read]
    on: [graph]
    to: {groups: [engineer]}
  - id: databases-are-read
    permit: [sql.read]
    on: [postgres, mysql, tsql, sqlite, snowflake, bigquery, duckdb, clickhouse, unnamed]
    to: {groups: [engineer]}
  - id: shell-is-used
    permit: [shell.read, shell.write, shell.network]
    on: [shell]
    to: {groups: [engineer]}
  - id: tools-are-used
    permit: [mcp.connect, mcp.list, mcp.listen, mcp.close, "mcp.call:*", sql.read, shell.read]
    on: [tools]
    to: {groups: [engineer]}
cases:
  - as: {groups: [engineer]}
    on: postgres
    send: {at: "POST /v1/query", body: {query: SELECT 1}}
    expect: permit
"""
_JSON = ("content-type", "application/json")


class Tries(Protocol):
    """What an attempt is tried on: a `Trial`, or a gateway that runs."""

    def request(self, principal: Principal, attempt: Attempt, now: float) -> Verdict:
        """A request of the agent."""

    def proposal(self, principal: Principal, tool: str, arguments: JSON, now: float) -> Verdict:
        """A tool call in a reply of the model."""


def services() -> str:
    """The rules for the services, as an operator writes them."""
    databases = [_DATABASE.format(name=name, dialect=f", dialect: {name}") for name in DIALECTS]
    databases.append(_DATABASE.format(name="unnamed", dialect=""))
    return "version: 1\nconnections:" + "".join(databases) + _OTHERS


def copy_rules(folder: Path) -> Path:
    """The shipped rules in a folder of their own, with the demo's key beside them."""
    copied = folder / "rules"
    shutil.copytree(_SHIPPED, copied)
    (folder / ".interlock").mkdir()
    create_demo_key(folder / ".interlock" / "demo-key.pem")
    return copied


@functools.cache
def rules() -> Rules:
    """The shipped rules, loaded as an operator's are, with services to try them on."""
    with tempfile.TemporaryDirectory() as folder:
        copied = copy_rules(Path(folder))
        (copied / "services.yaml").write_text(services(), encoding="utf-8")
        return load_rules(copied)


@functools.cache
def _pure() -> Trial:
    return Trial(rules())


_OTHERS_ON_TRIAL: list[Tries] = []


def trial() -> Tries:
    """What the attempts are tried on; those rules, unless another was put in their place."""
    return _OTHERS_ON_TRIAL[-1] if _OTHERS_ON_TRIAL else _pure()


@contextlib.contextmanager
def tried_by(other: Tries) -> Iterator[None]:
    """Meanwhile every attempt goes to `other`, in all threads."""
    _OTHERS_ON_TRIAL.append(other)
    try:
        yield
    finally:
        _OTHERS_ON_TRIAL.pop()


def propose(tool: str, arguments: JSON) -> Verdict:
    """A tool call in a model's reply to an engineer's agent."""
    return trial().proposal(ENGINEER, tool, arguments, NOW)


def shell(text: str) -> Verdict:
    """A command that the model wants Bash to run."""
    return propose("Bash", {"command": text})


def query(sql: str, dialect: str = "postgres") -> Verdict:
    """A statement sent to a database that may be read."""
    return post(dialect, "/v1/query", {"query": sql})


def call(tool: str, arguments: JSON) -> Verdict:
    """A tool called on an MCP server."""
    return post(
        "tools",
        "/mcp",
        {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}},
    )


def post(on: str, target: str, body: JSON | bytes, *headers: tuple[str, str], method: str = "POST") -> Verdict:
    """Any request; bytes go as they are."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return trial().request(ENGINEER, Attempt(on, method, target, headers or (_JSON,), raw), NOW)


def told(verdict: Verdict) -> str:
    """A verdict in a line, for a failing test."""
    decision = verdict.decision
    names = [inner.name for operation in verdict.operations for inner in operation.walk()]
    return f"{decision.effect.name} {decision.reason} {decision.rule} {names}"
