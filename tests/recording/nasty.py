"""What an attacker would like a reader of recordings to meet, and a recording that is full of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from interlock.model import Principal
from interlock.recording import FlowSnapshot, Recordings, RequestSnapshot, ResponseSnapshot
from interlock.recording.keyring import Keyring

NASTY = (
    "[link=https://evil.example]x[/link]",
    "[bold red]x[/]",
    ":boom:",
    "\x1b]8;;https://evil.example\x07x\x1b[2J",
    "\u202egnp.exe\u2066",
    "=cmd|' /C calc'!A0",
    "+1+cmd",
    "@SUM(1)",
    "\t=1",
    "a\r\nset-cookie: b\x00",
    "</script><script>alert(1)</script>\"'",
    "\ud800",
    "\x9b31m\x85\u2028",
)
"""Markup, emoji names, escape sequences, direction marks, formulas, line ends, HTML, half a character, C1 controls."""
SUBJECT = "erika \x1b[31m\u202e=1"


class Clock:
    """Ticks a second with each look."""

    def __init__(self) -> None:
        self.time = 1_800_000_000.0

    def now(self) -> float:
        """Seconds since the epoch."""
        self.time += 1
        return self.time

    def monotonic(self) -> float:
        """The same."""
        return self.time


def nasty_session(folder: Path, keys: Keyring | None = None) -> Path:
    """One session with every kind of event, each of whose texts is nasty, and its flows."""
    recordings = Recordings(folder, Clock(), rules_digest="d" * 64, keys=keys)
    session = recordings.session(Principal("corp", "https://idp.example.com", SUBJECT), "run-1")
    session.append("principal", {"groups": [*NASTY], "acting_for": NASTY[3], "claims": {word: word for word in NASTY}})
    for number, word in enumerate(NASTY):
        turn = session.append(
            "decision", _decision(word, f"flow-{number}", {"turn": 1, "session": word, "trace": word})
        )
        session.append("usage", {"decision": turn, "model": word, "id": word, "stop": word, "input": 7, "output": 3})
        session.append("response", {"decision": turn, "status": 200, "milliseconds": 12, "masked": [_masked(word)]})
        session.append(
            "reply", {**_decision(word, f"flow-{number}", {}), "decision": turn, "tool_use": f"t{number}{word}"}
        )
        call = session.append(
            "decision", _decision(word, f"flow-{number}-b", {"tool_use": [f"t{number}{word}"]}, "forbid")
        )
        session.append("error", {"decision": call, "error": word})
        session.append(
            "approval", {"approval": word, "state": word, "operation": word, "why": word, "votes": [{"by": word}]}
        )
        session.append(
            "tool", {"tool": word, "findings": [word], "connection": word, "effect": "forbid", "reason": word}
        )
        session.append("unheard-of", {"path": word, word: word})
        session.flow(_flow(f"flow-{number}", word))
    recordings.close()
    return folder / session.id


def _decision(word: str, flow: str, claims: dict[str, Any], effect: str = "permit") -> dict[str, Any]:
    operations = [
        {"name": "http.post", "access": "write", "place": "", "arguments": {}, "resource": word},
        {"name": f"mcp.call:{word}", "access": "write", "in": 0, "arguments": {"tables": [word], word: word}},
    ]  # fmt: skip
    names = ("reason", "rule", "method", "connection", "path", "placement", "origin", "mode")
    return {
        **dict.fromkeys(names, word), "effect": effect, "flow": flow, "operations": operations, "claims": claims,
        "masked": [_masked(word)], "reports": [{"rule": word, "effect": word, "reason": word}], "grants": [word],
        "credential": {"scheme": "bearer", "from": word, "version": word},
    }  # fmt: skip


def _masked(word: str) -> dict[str, Any]:
    return {"rule": word, "detector": word, "place": "/a", "action": word, "digest": "3f2a91"}


def _flow(name: str, word: str) -> FlowSnapshot:
    raw = word.encode("utf-8", "replace")
    fields = ((b"content-type", b"application/json"), (raw.replace(b"\r\n", b"")[:20], raw))
    return FlowSnapshot(
        id=name, comment=word, metadata={"interlock_stream": [[1, 2], [5, 3]]},
        request=RequestSnapshot(method=raw, scheme="https", host="db.example.com", port=443, path=b"/q?a=" + raw,
                                headers=fields, body=b'{"a": "\\u001b[2J"}', started=1_800_000_000.5,
                                ended=1_800_000_000.7),
        response=ResponseSnapshot(status=200, headers=fields, body=b"\xff" + raw, started=1_800_000_001.0,
                                  ended=1_800_000_001.5),
    )  # fmt: skip
