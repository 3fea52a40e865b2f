"""A recording made by the recorder itself, of decisions made by rules: what tests of replaying stand on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from interlock import commands
from interlock.engine.rules import Rules, load_rules
from interlock.mitm.circumstances import principal_event
from interlock.model import JSON, Access, Decision, Effect, Operation, Principal
from interlock.policy import Context, decide
from interlock.policy.standing import ATTESTED
from interlock.recording import FlowSnapshot, Recordings, RequestSnapshot, ResponseSnapshot, Session
from interlock.recording.kept_rules import keep_rules
from interlock.recording.keyring import Keyring
from interlock.recording.keys import Kek
from interlock.recording.packing import pack

ISSUER = "https://idp.example.com"
NOON = 1_767_268_800.0  # 2026-01-01T12:00:00Z, a Thursday
RULES = """\
version: 1
identities:
  - {name: demo, issuer: "https://idp.example.com", audience: interlock, claims: {subject: sub, groups: groups}}
connections:
  - name: warehouse
    protocol: http
    hosts: ["https://warehouse.example.com"]
    commands: [{at: "POST /v1/query", path: $.query, language: sql, dialect: postgres}]
  - {name: files, protocol: http, hosts: ["https://files.example.com"]}
  - {name: claude, protocol: anthropic, hosts: ["https://api.example.com"]}
policy:
  - {id: analysts-read, permit: [sql.read], on: [warehouse], to: {groups: [analyst]}, mask: [pii]}
  - {id: writers-ask, review: [sql.write], on: [warehouse], to: {groups: [writer]}, by: {groups: [dba]}}
  - {id: files-read, permit: ["http.get /files/**"], on: [files], to: {groups: [analyst, writer]}}
  - {id: talk, permit: [model.message], on: [claude], to: {groups: [engineer]}}
  - {id: coding, permit: ["tool.use:*", shell.read], on: agent, to: {groups: [engineer]}}
masking:
  - {id: pii, detect: [email], with: redact, apply: when-named}
"""


class Clock:
    """Both clocks move only when told."""

    def __init__(self) -> None:
        self.seconds = NOON

    def now(self) -> float:
        return self.seconds

    def monotonic(self) -> float:
        return self.seconds


def rules_in(folder: Path, text: str = RULES) -> Rules:
    """A rules folder of one file."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rules.yaml").write_text(text, encoding="utf-8")
    return load_rules(folder)


def who(subject: str, *groups: str, **more: object) -> Principal:
    """Somebody with these groups."""
    return Principal("demo", ISSUER, subject, groups=frozenset(groups), **more)


def query(sql: str) -> tuple[Operation, ...]:
    """What a query of the warehouse would do."""
    nested = tuple(commands.analyse(sql, "sql", "postgres"))
    return (Operation("http", "post", "/v1/query", Access.WRITE, nested=nested, covered=True),)


def get(path: str) -> tuple[Operation, ...]:
    """What a GET would do."""
    return (Operation("http", "get", path, Access.READ, {"method": "GET"}),)


def bash(command: str) -> tuple[Operation, ...]:
    """What a model proposes to run."""
    nested = tuple(commands.analyse(command, "shell"))
    return (
        Operation("tool", "use:Bash", "Bash", Access.WRITE, {"command": command}, "", "/content/0", nested, True, True),
    )


@dataclass
class World:
    """Rules, and what was recorded under them. `said` overrides members of the event that is written."""

    folder: Path
    rules: Rules
    keep: bool = True
    observe: bool = False
    clock: Clock = field(default_factory=Clock)
    number: int = 0
    recordings: Recordings | None = None
    kek: Kek | None = None

    @property
    def recorded(self) -> Path:
        """The recordings folder."""
        return self.folder / "recordings"

    def session(self, principal: Principal) -> Session:
        """The session of somebody's run."""
        if self.recordings is None:
            keys = Keyring(self.recorded, [self.kek]) if self.kek is not None else None
            self.recordings = Recordings(self.recorded, self.clock, rules_digest=self.rules.digest, keys=keys)
            if self.keep:
                keep_rules(self.recorded, self.rules.folder, self.rules.digest)
        session = self.recordings.session(principal, f"run-{principal.subject}")
        if session.head[0] == 1:
            session.append("principal", principal_event(principal, self.rules.claims))
        return session

    def decision(
        self, principal: Principal, connection: str, operations: Sequence[Operation], method: str = "", path: str = ""
    ) -> Decision:
        """What these rules say."""
        context = Context(
            principal, connection, method, path, now=self.clock.seconds, observe=self.observe, reviews=ATTESTED
        )
        return decide(self.rules.policy, context, operations)

    def ask(
        self, principal: Principal, connection: str, method: str, path: str, operations: Sequence[Operation],
        *, body: bytes = b"", answer: bytes = b"{}", status: int = 0, kind: str = "application/json",
        origin: str = "", said: dict[str, JSON] | None = None, timing: list[list[int]] | None = None,
    ) -> str:  # fmt: skip
        """A request, decided, written down with its flow; its reference."""
        self.number += 1
        flow, session = f"flow-{self.number}", self.session(principal)
        known = self.rules.connection(connection)
        told = self.decision(principal, connection, operations, method, path)
        data = {
            **_decided(told, self.rules.digest, operations), "method": method, "path": path, "flow": flow,
            "connection": connection, "placement": "forward", "masked": [],
            "origin": origin or (str(known.origins[0]) if known is not None else ""), **(said or {}),
        }  # fmt: skip
        reference = session.append("decision", {**data, **({"mode": "observe"} if self.observe else {})})
        passed = data["effect"] == "permit"
        host = known.origins[0].host if known is not None else "nowhere.example.com"
        headers = ((b"content-type", b"application/json"), (b"authorization", b"Bearer secret"))
        session.flow(
            FlowSnapshot(
                id=flow,
                request=RequestSnapshot(
                    method=method, scheme="https", host=host, port=443, path=path, headers=headers[:1], body=body
                ),
                response=ResponseSnapshot(
                    status=status or (200 if passed else 403), headers=((b"content-type", kind.encode()),), body=answer
                ),
                metadata={"interlock_stream": timing} if timing else {},
            )
        )
        return reference

    def propose(
        self, principal: Principal, reference: str, operations: Sequence[Operation], said: dict[str, JSON] | None = None
    ) -> str:
        """What an answer proposes, decided and written down."""
        told = self.decision(principal, "claude", operations)
        data = {**_decided(told, self.rules.digest, operations), "decision": reference, **(said or {})}
        return self.session(principal).append("reply", data)

    def approval(self, principal: Principal, name: str, rule: str, *by: str) -> None:
        """Who said yes to what."""
        votes: list[JSON] = [
            {"by": one, "issuer": ISSUER, "approves": True, "rules": [rule], "at": "1", "why": ""} for one in by
        ]
        data: dict[str, JSON] = {
            "approval": name,
            "kind": "operation",
            "state": "used",
            "rules": [rule],
            "votes": votes,
        }
        self.session(principal).append("approval", data)

    def close(self) -> Path:
        """Everything is written; the recordings folder."""
        if self.recordings is not None:
            self.recordings.close()
        return self.recorded


def _decided(told: Decision, digest: str, operations: Sequence[Operation]) -> dict[str, JSON]:
    asks = told.effect is Effect.REVIEW
    data: dict[str, JSON] = {
        "effect": "forbid" if asks else told.effect.name.lower(),
        "reason": "approval-pending" if asks else str(told.reason),
        "rule": told.rule, "rules": digest, "operations": pack(tuple(operations)),
    }  # fmt: skip
    return {**data, "masks": [*sorted(told.masks)]} if told.masks else data
