"""Recordings for the console's tests, written as a gateway writes them, by somebody who plays tricks on readers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from interlock.clocks import SystemClock
from interlock.model import Principal
from interlock.recording import Recordings

__all__ = ["HOSTILE", "record"]

HOSTILE = "[link=https://evil.example]x[/link] \x1b[31m\u202e =cmd|' /C calc'!A0 <script>alert(1)</script>"
HOSTILE += '"><img src=x>'
ISSUER = "https://issuer.example"


def record(folder: Path, subject: str = "erika", *, run: str = "", more: int = 0, rule: str = "r") -> str:
    """A session: a turn proposes a DROP, which is forbidden, and a query, which runs; its id."""
    recordings = Recordings(folder, SystemClock(), rules_digest="ab" * 32)
    session = recordings.session(Principal("demo", ISSUER, subject), run)
    turn = session.append("decision", _decision("claude", "model.message", claims={"turn": 1, "session": "c1"}))
    _reply(session, turn, "toolu_1", "DROP TABLE customers", "forbid", "sql-drop")
    _reply(session, turn, "toolu_2", HOSTILE, "permit", "reads")
    ran = _decision("db", "mcp.call:execute_sql", claims={"tool_use": ["toolu_2"]}, path=HOSTILE, rule=HOSTILE)
    ran["masked"] = [{"detector": "email", "place": "/0/to", "action": "token", "digest": "3f2a91"}]
    call = session.append("decision", ran)
    session.append("response", {"decision": call, "status": 200, "milliseconds": 12, "streamed": False, "masked": []})
    asked = {"approval": "apr-00000000000000zz", "kind": "operation", "state": "pending", "connection": HOSTILE}
    session.append("approval", {**asked, "operation": HOSTILE, "votes": [{"by": HOSTILE, "approves": True}]})
    for number in range(more):
        session.append("decision", _decision("docs", f"http.get /{number}", rule=rule))
    id = session.id
    recordings.close()
    (folder / id / "flows.mitm").touch()
    return id


def _decision(connection: str, name: str, **data: Any) -> dict[str, Any]:
    found = {"connection": connection, "method": "POST", "path": "/x", "effect": "permit", "reason": "permitted"}
    operation = {"name": name, "access": "write", "place": "", "arguments": {"query": HOSTILE}}
    return {**found, "rule": "r", "operations": [operation], **data}


def _reply(session: Any, turn: str, id: str, command: str, effect: str, rule: str) -> None:
    operation = {"name": "tool.use:Bash", "access": "write", "place": "", "arguments": {"command": command}}
    said = {"decision": turn, "tool": "Bash", "tool_use": id, "effect": effect, "rule": rule}
    session.append("reply", {**said, "operations": [operation]})
