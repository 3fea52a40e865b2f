"""`interlock approvals`: what waits, whole and harmless to read, and a word that only who may says."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.cli.conftest import Interlock

from interlock.approval.desk import Desk
from interlock.cli._approvals_show import approval_lines, asked_back
from interlock.clocks import SystemClock
from interlock.engine.rules import load_rules
from interlock.engine.stores import store_url
from interlock.identity import create_demo_key
from interlock.model import Approval, ApprovalKind, Ask, Person
from interlock.store.opening import open_store

ISSUER = "https://idp.example.com"
RULES = f"""\
version: 1
gateway: {{recordings: kept}}
identities:
  - {{name: corp, issuer: "{ISSUER}", audience: interlock, demo: true, key: demo.pem, algorithms: [ES256],
     claims: {{groups: groups}}}}
connections:
  - name: warehouse
    protocol: http
    hosts: ["https://warehouse.example.com"]
    commands: [{{at: "POST /v1/query", path: $.query, language: sql, dialect: postgres}}]
policy:
  - {{id: ask, review: [sql.write], on: [warehouse], to: anyone, by: {{groups: [dba]}}, grant: {{max: 30m}}}}
"""
HOSTILE = "UPDATE t\nSET a = '[red]x[/red]' \x1b[2J \u202e =cmd"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """One rule that asks dba."""
    folder = tmp_path / "rules"
    folder.mkdir()
    (tmp_path / "kept").mkdir()
    (folder / "world.yaml").write_text(RULES, encoding="utf-8")
    create_demo_key(folder / "demo.pem")
    return folder


def ask(rules: Path, subject: str = "agent-7") -> Approval:
    """A question in the store that the rules name."""

    async def work() -> Approval:
        found = load_rules(rules)
        store = await open_store(store_url(found), base=rules.parent)
        try:
            return await Desk(store, SystemClock(), gateway="test").open(
                fingerprint="f" * 64, requester=Person("corp", ISSUER, subject), connection="warehouse",
                operation="sql.write", asks=[Ask("ask", 1, 1800.0)], rules_digest=found.digest, expires_in=900,
                shown={"body": {"query": HOSTILE, "rows": [1, {"a": None}]}}, because="month [bold]end", unseen=True,
            )  # fmt: skip
        finally:
            await store.close()

    return asyncio.run(work())


def test_what_is_agreed_to_is_said() -> None:
    """Once, or everything that a grant would let pass, and for how long."""
    once = Approval(
        "apr-1", ApprovalKind.OPERATION, "f" * 64, Person("corp", ISSUER, "agent-7"), "warehouse", "sql.write", "d",
        0.0, 9.0, wanted={"operations": ["sql.write", "sql.\u202eddl"]},
    )  # fmt: skip
    asked = replace(once, kind=ApprovalKind.BREAK_GLASS, wanted={"operations": ["sql.ddl"], "seconds": 600})

    assert asked_back("approve", once, "") == "approve sql.write once?"
    wide = "let agent-7 do sql.write, sql.\\u{202e}ddl on warehouse without asking for 30m?"
    assert asked_back("approve", once, "30m") == wide
    assert asked_back("approve", asked, "") == "let agent-7 do sql.ddl on warehouse without asking for 10m00s?"
    assert asked_back("deny", asked, "") == "deny sql.ddl?"
    assert "asks for a grant: in an emergency" in "\n".join(str(line) for line in approval_lines(asked, (), 1.0))


def test_nothing_waits(interlock: Interlock, rules: Path) -> None:
    """An empty list is no error."""
    done = interlock("approvals", "--rules", str(rules))

    assert (done.code, done.out) == (0, "")
    assert "nothing waits" in done.err


def test_what_waits_is_listed(interlock: Interlock, rules: Path) -> None:
    """For people, and as lines of JSON."""
    asked = ask(rules)
    table = interlock("approvals", "--rules", str(rules)).out
    line = json.loads(interlock("approvals", "list", "--json", "--rules", str(rules)).out)

    assert asked.id in table
    assert "content not seen" in table
    assert (line["id"], line["operation"], line["wanted"], line["unseen"]) == (asked.id, "sql.write", 1, True)


def test_one_is_shown_whole(interlock: Interlock, rules: Path) -> None:
    """Every member, on lines of their own, and nothing that a terminal would obey."""
    asked = ask(rules)
    shown = interlock("approvals", "show", asked.id, "--rules", str(rules)).out

    assert "UPDATE t" in shown
    assert "SET a = '[red]x[/red]' \\u{1b}[2J \\u{202e} =cmd" in shown
    assert "month [bold]end" in shown
    assert "null" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_a_yes_approves(interlock: Interlock, rules: Path) -> None:
    """Of whom the rule names, after it was shown."""
    asked = ask(rules)
    done = interlock(
        "approvals", "approve", asked.id, "--yes", "--as", "dba-one", "--groups", "dba", "--rules", str(rules)
    )

    assert done.out.strip() == f"{asked.id} is approved"
    assert "UPDATE t" in done.err


def test_a_grant_is_given_and_ended(interlock: Interlock, rules: Path) -> None:
    """It is listed in between."""
    asked = ask(rules)
    who = ("--as", "dba-one", "--groups", "dba", "--rules", str(rules))
    interlock("approvals", "approve", asked.id, "--yes", "--grant", "15m", "--reason", "month end", *who)
    grant = json.loads(interlock("approvals", "grants", "--json", "--rules", str(rules)).out)
    ended = interlock("approvals", "revoke", grant["id"], *who)

    assert (grant["holder"], grant["operations"], grant["because"]) == ("agent-7", ["sql.write"], "month end")
    assert "has ended" in ended.out
    assert interlock("approvals", "grants", "--json", "--rules", str(rules)).out == ""


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("approve", "ID", "--yes"), "say who you are"),
        (("approve", "ID", "--yes", "--as", "dba-one"), "not yours to decide"),
        (("approve", "ID", "--yes", "--as", "agent-7", "--groups", "dba"), "not yours to decide"),
        (("approve", "ID", "--as", "dba-one", "--groups", "dba"), "Aborted"),
        (("deny", "ID", "--yes", "--as", "dba-one", "--groups", "dba"), "a no needs a reason"),
        (("approve", "ID", "--yes", "--grant", "2h", "--as", "dba-one", "--groups", "dba"), "at most"),
        (("approve", "ID", "--yes", "--grant", "soon", "--as", "dba-one", "--groups", "dba"), "is no time"),
        (("approve", "apr-0000000000000000", "--yes"), "there is no approval"),
        (("approve",), "which one"),
        (("show", "x\x1b"), "there is no approval"),
    ],
)
def test_what_may_not_be_decided_is_not(interlock: Interlock, rules: Path, words: tuple[str, ...], says: str) -> None:
    """The reason is said, and it still waits."""
    asked = ask(rules)
    done = interlock("approvals", *(asked.id if word == "ID" else word for word in words), "--rules", str(rules))

    assert done.code == 1
    assert says in done.err
    assert "\x1b" not in done.err
    assert asked.id in interlock("approvals", "--rules", str(rules)).out


def test_a_decided_one_is_not_decided_again(interlock: Interlock, rules: Path) -> None:
    """The first word counts."""
    asked = ask(rules)
    who = ("--yes", "--as", "dba-one", "--groups", "dba", "--rules", str(rules))
    interlock("approvals", "deny", asked.id, "--reason", "no", *who)
    again = interlock("approvals", "approve", asked.id, *who)

    assert again.code == 1
    assert "is denied" in again.err


def test_a_store_that_is_not_there_is_said(interlock: Interlock, rules: Path) -> None:
    """With where the rules name it."""
    (rules / "world.yaml").write_text(RULES.replace("recordings: kept", "recordings: kept, store: 'sqlite:no/such/x'"))
    (rules.parent / "no").write_text("in the way")
    done = interlock("approvals", "--rules", str(rules))

    assert done.code == 1
    assert "store of approvals cannot be used" in done.err
    assert "Traceback" not in done.err
