"""`scripts/bench backtest`: how long a million recorded decisions take to be made again under other rules.

They are written by the recorder itself: several hundred distinct requests of dozens of principals, each decided by the
rules of the time and answered. Then they are judged by those rules, and by others.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from interlock import commands
from interlock.clocks import SystemClock
from interlock.demo.rules import PACKS
from interlock.engine.rules import Rules, load_rules
from interlock.mitm.circumstances import principal_event
from interlock.model import JSON, Access, Effect, Operation, Principal
from interlock.policy import Context, decide
from interlock.policy.standing import ATTESTED
from interlock.recording import Recordings
from interlock.recording.kept_rules import keep_rules
from interlock.recording.packing import pack
from interlock.replay.backtest import compare
from interlock.replay.differences import Differences

__all__ = ["main", "record"]

_ISSUER = "https://idp.example.com"
_GROUPS = ("analyst", "data-writer", "engineer", "support", "bookkeeper")
_TABLES = 60
_THEN = """\
version: 1
identities: [{name: demo, issuer: "https://idp.example.com", audience: interlock, claims: {subject: sub, groups: groups}}]
connections:
  - name: warehouse
    protocol: http
    hosts: ["https://warehouse.example.com"]
    commands: [{at: "POST /v1/query", path: $.query, language: sql, dialect: postgres}]
  - {name: files, protocol: http, hosts: ["https://files.example.com"]}
  - {name: claude, protocol: anthropic, hosts: ["https://api.anthropic.com"]}
  - {name: tickets, protocol: mcp, hosts: ["https://tickets.example.com"]}
policy:
  - {id: analysts-read, permit: [sql.read], on: [warehouse], to: {groups: [analyst, data-writer]}, mask: [pii]}
  - {id: writers-ask, review: [sql.write], on: [warehouse], to: {groups: [data-writer]}, by: {groups: [dba]}}
  - {id: nobody-alters, forbid: [sql.ddl, sql.admin], on: "*"}
  - {id: files-read, permit: ["http.get /files/**"], on: [files], to: {groups: [support, engineer]}}
  - {id: reports, permit: ["http.get /reports/*"], on: [files], to: {groups: [bookkeeper]}, when: {between: "00:00-23:59", zone: UTC}}
  - {id: talk, permit: [model.message], on: [claude], to: {groups: [engineer, analyst]}, mask: [pii]}
  - {id: coding, permit: ["tool.use:*", shell.read, shell.write], on: agent, to: {groups: [engineer]}}
  - {id: tickets-read, permit: ["mcp.call:get_*", "mcp.call:list_*"], on: [tickets], to: {groups: [support]}}
  - {id: tickets-write, permit: ["mcp.call:add_*"], on: [tickets], to: {groups: [support]}, where: {priority: {at_most: 3}}}
blocklist: [{use: packs/sql-destructive}, {use: packs/shell-destructive}]
masking: [{id: pii, detect: [email, phone, iban], with: redact, apply: when-named}]
"""  # noqa: E501
_NOW = _THEN.replace("where: {priority: {at_most: 3}}", "where: {priority: {at_most: 2}}").replace(
    "groups: [analyst, data-writer]}, mask: [pii]}", "groups: [analyst]}, mask: [pii], tables: {not: [table_7]}}"
)

_STATEMENTS = (
    "SELECT id, name FROM TABLE_ WHERE id = 17",
    "SELECT t.id FROM TABLE_ t JOIN customers c ON c.id = t.customer",
    "UPDATE TABLE_ SET name = 'x' WHERE id = 1",
    "DROP TABLE TABLE_",
)

type _Call = tuple[str, str, str, tuple[Operation, ...]]
"""connection, method, path, operations"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; JSON."""
    parser = argparse.ArgumentParser(prog="scripts/bench backtest", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--decisions", type=int, default=1_000_000, help="how many (default: 1000000)")
    parser.add_argument("--sessions", type=int, default=200, help="in how many sessions (default: 200)")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="default: one a core")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="interlock-bench-") as name:
        folder = Path(name)
        then, now = (_rules(folder / word, text) for word, text in (("then", _THEN), ("now", _NOW)))
        started = time.monotonic()
        record(folder, options.decisions, options.sessions, options.processes)
        written = time.monotonic() - started
        evidence = sum(path.stat().st_size for path in folder.glob("recordings/*/evidence.jsonl"))
        found = {
            "decisions": options.decisions, "sessions": options.sessions, "processes": options.processes,
            "seconds_to_record": round(written, 1), "evidence_mb": round(evidence / 1e6),
            "same_rules": _measure(folder, then, options.processes),
            "other_rules": _measure(folder, now, options.processes),
            "peak_memory_mb_of_a_process": _peak(),
        }  # fmt: skip
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    return 0


def record(folder: Path, decisions: int, sessions: int, processes: int) -> None:
    """So many decisions under `folder/then`, written to `folder/recordings`."""
    keep_rules(folder / "recordings", folder / "then", load_rules(folder / "then").digest)
    share = [(str(folder), decisions // sessions, number, processes, sessions) for number in range(processes)]
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_write, share))


def _write(told: tuple[str, int, int, int, int]) -> None:
    """One process's share of the sessions."""
    name, each, first, step, sessions = told
    folder = Path(name)
    rules, calls = load_rules(folder / "then"), list(_calls())
    recordings = Recordings(folder / "recordings", SystemClock(), rules_digest=rules.digest)
    for number in range(first, sessions, step):
        principal = _principal(number)
        session = recordings.session(principal, f"run-{number:06d}")
        session.append("principal", principal_event(principal, rules.claims))
        known: dict[int, dict[str, JSON]] = {}
        for turn in range(each):
            index = (turn * 7919 + number * 104_729) % len(calls)
            if index not in known:
                known[index] = _decided(rules, principal, calls[index])
            _append(session, known[index], calls[index], f"{number:08x}-0000-4000-8000-{turn:012x}")
        session.close("done")
    recordings.close()


def _append(session: Any, data: dict[str, JSON], call: _Call, flow: str) -> None:
    digest = session.digest(flow.encode())
    if call[0] == "agent":
        head = {"connection": "claude", "method": "POST", "path": "/v1/messages", "origin": "https://api.anthropic.com"}
        asked = {**head, "effect": "forbid", "reason": "token-expired", "rule": "", "operations": [], "flow": flow}
        session.append("reply", {**data, "decision": session.append("decision", asked), "flow": flow})
        return
    reference = session.append("decision", {**data, "flow": flow, "request": digest, "masked": []})
    if data["effect"] == "permit":
        done = {"decision": reference, "status": 200, "response": digest, "masked": [], "milliseconds": 12}
        session.append("response", {**done, "streamed": False})


def _decided(rules: Rules, principal: Principal, call: _Call) -> dict[str, JSON]:
    """What the gateway would have written of it."""
    name, method, path, operations = call
    connection = "claude" if name == "agent" else name
    context = Context(principal, connection, method, path, now=time.time(), reviews=ATTESTED)
    decision = decide(rules.policy, context, operations)
    asks = decision.effect is Effect.REVIEW
    data: dict[str, JSON] = {
        "effect": decision.effect.name.lower() if not asks else "review",
        "reason": "approval-pending" if asks else str(decision.reason), "rule": decision.rule, "rules": rules.digest,
        "method": method, "connection": connection, "path": path, "placement": "forward",
        "origin": str(next(one for one in rules.connections if one.name == connection).origins[0]),
        "operations": pack(operations),
    }  # fmt: skip
    return {**data, "masks": [*sorted(decision.masks)]} if decision.masks else data


def _principal(number: int) -> Principal:
    own = number % 40
    groups = frozenset({_GROUPS[own % len(_GROUPS)], _GROUPS[(own * 3 + 1) % len(_GROUPS)]})
    return Principal("demo", _ISSUER, f"agent-{own:02d}", groups=groups)


def _calls() -> Iterator[_Call]:
    """Several hundred distinct ones."""
    for table in range(_TABLES):
        for statement in _STATEMENTS:
            sql = statement.replace("TABLE_", f"table_{table}")
            nested = tuple(commands.analyse(sql, "sql", "postgres"))
            carrier = Operation("http", "post", "/v1/query", Access.WRITE, nested=nested, covered=True)
            yield "warehouse", "POST", "/v1/query", (carrier,)
        get = Operation("http", "get", f"/files/{table}/readme.md", Access.READ, {"method": "GET"})
        yield "files", "GET", f"/files/{table}/readme.md", (get,)
        yield "files", "GET", f"/reports/{table}", (Operation("http", "get", f"/reports/{table}", Access.READ),)
        given: dict[str, JSON] = {"ticket": table, "priority": table % 5, "text": "please look at this"}
        for tool in ("get_ticket", "add_comment"):
            yield "tickets", "POST", "/mcp", (Operation("mcp", f"call:{tool}", tool, Access.WRITE, given),)
        asked: dict[str, JSON] = {"model": "claude-demo", "max_tokens": 1000 + table, "stream": True}
        yield "claude", "POST", "/v1/messages", (Operation("model", "message", "claude-demo", Access.READ, asked),)
    for number in range(30):
        shell = tuple(commands.analyse(f"cat src/file_{number}.py | grep -n main", "shell"))
        use = Operation("tool", "use:Bash", "Bash", Access.WRITE, nested=shell, covered=True, agent=True)
        yield "agent", "POST", "/v1/messages", (use,)


def _measure(folder: Path, rules: Rules, processes: int) -> dict[str, Any]:
    started = time.monotonic()
    found: Differences = compare(folder / "recordings", rules, processes=processes)
    newly = {kind: count for kind, count in found.document()["newly"].items() if count}  # type: ignore[union-attr]
    return {
        "seconds": round(time.monotonic() - started, 2), "judged": found.judged, "same": found.same, "newly": newly,
        "undecided": sum(one.count for one in found.undecided), "carried": sum(found.carried.values()),
    }  # fmt: skip


def _peak() -> float:
    usage = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return round(usage / 1024, 1)


def _rules(folder: Path, text: str) -> Rules:
    folder.mkdir()
    (folder / "rules.yaml").write_text(text, encoding="utf-8")
    shutil.copytree(PACKS, folder / "packs")
    return load_rules(folder)


if __name__ == "__main__":
    sys.exit(main())
