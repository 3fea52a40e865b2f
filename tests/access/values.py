"""Rules that are attested, and people, for tests of access reviews."""

from __future__ import annotations

from pathlib import Path

from tests.approval.values import NOW, ManualClock

from interlock.engine.rules import Rules, load_rules
from interlock.model import JSON, Principal

__all__ = ["AGENT", "DBA", "ISSUER", "NOW", "OTHER_DBA", "RULES", "WORLD", "Log", "ManualClock", "rules_in", "who"]

ISSUER = "https://idp.example.com"
WORLD = """\
version: 1
identities:
  - {name: corp, issuer: "https://idp.example.com", audience: interlock, algorithms: [RS256],
     claims: {subject: sub, groups: groups}, max_age: 1h}
connections:
  - name: warehouse
    protocol: http
    hosts: ["https://warehouse.example.com"]
    commands: [{at: "POST /v1/query", path: $.query, language: sql, dialect: postgres}]
  - {name: payroll, protocol: http, hosts: ["https://payroll.example.com"]}
"""
RULES = (
    WORLD
    + """\
policy:
  - id: analysts-read
    permit: [sql.read]
    on: [warehouse]
    to: {groups: [analyst]}
    attest: {every: 90d, by: {groups: [dba]}, overdue: forbid}
  - id: writers-ask
    review: [sql.write]
    on: [warehouse]
    to: {groups: [data-writer]}
    by: {groups: [dba]}
    attest: {every: 30d, by: {groups: [dba]}, overdue: review}
  - {id: payslips, permit: ["http.get /payslips/*"], on: [payroll], to: {groups: [analyst]}}
"""
)


def who(subject: str, *groups: str, issuer: str = ISSUER, acting_for: str = "") -> Principal:
    """Somebody whom corp vouches for."""
    return Principal("corp", issuer, subject, groups=frozenset(groups), acting_for=acting_for)


AGENT = who("agent-7", "analyst")
DBA = who("max@example.com", "dba")
OTHER_DBA = who("lena@example.com", "dba", "audit")


def rules_in(folder: Path, text: str = RULES) -> Rules:
    """The rules, from a folder of their own."""
    target = folder / "rules"
    target.mkdir(exist_ok=True)
    (target / "all.yaml").write_text(text, encoding="utf-8")
    return load_rules(target)


class Log(list[dict[str, JSON]]):
    """The evidence of access reviews, as it would be written."""

    def __call__(self, data: object) -> str:
        assert isinstance(data, dict)
        self.append(data)
        return f"reviews/{len(self)}"
