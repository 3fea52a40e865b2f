"""Who may say yes or no: whom the asking rules name, by the rules under which it was asked, and never the asker."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.console.serving import RULES

from interlock.console.spoken import may_speak, named_by
from interlock.engine.rules import Rules, load_rules
from interlock.model import Approval, ApprovalKind, Ask, Person, Principal

ISSUER = "https://idp.example.com"


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    """One rule that asks the group dba."""
    (tmp_path / "rules").mkdir()
    text = RULES.format(issuer=ISSUER, port=1, client="console", people=1)
    (tmp_path / "rules" / "rules.yaml").write_text(text, encoding="utf-8")
    return load_rules(tmp_path / "rules")


def approval(rules: Rules, **more: object) -> Approval:
    """What an agent asks."""
    usual = {
        "id": "apr-1", "kind": ApprovalKind.OPERATION, "fingerprint": "f", "connection": "warehouse",
        "requester": Person("corp", ISSUER, "agent-7"), "operation": "sql.write", "rules_digest": rules.digest,
        "created": 0.0, "expires": 9.0, "asks": (Ask("writers-ask"),),
    }  # fmt: skip
    return Approval(**{**usual, **more})  # type: ignore[arg-type]


def who(subject: str, *groups: str, **more: str) -> Principal:
    """Somebody at the console."""
    return Principal("corp", ISSUER, subject, groups=frozenset(groups), **more)  # type: ignore[arg-type]


def test_whom_a_rule_names_may_speak_for_it(rules: Rules) -> None:
    """And for no other."""
    asked = approval(rules, asks=(Ask("writers-ask"), Ask("no-such-rule")))

    assert may_speak(rules, who("dba-one", "dba"), asked, 1.0) == ("writers-ask",)
    assert may_speak(rules, who("lead-one", "lead"), asked, 1.0) == ()


@pytest.mark.parametrize(
    ("requester", "voter"),
    [
        (Person("corp", ISSUER, "dba-one"), who("dba-one", "dba")),
        (Person("corp", ISSUER, "agent", acting_for="dba-one"), who("dba-one", "dba")),
        (Person("corp", "https://other.example.com", "DBA-ONE"), who("dba-one", "dba")),
        (Person("corp", ISSUER, "dba-one"), who("agent", "dba", acting_for="dba-one")),
    ],
)
def test_nobody_speaks_for_themself(rules: Rules, requester: Person, voter: Principal) -> None:
    """Whoever's token says so, and in whatever case."""
    assert may_speak(rules, voter, approval(rules, requester=requester), 1.0) == ()
    assert named_by(rules, voter, approval(rules, requester=requester), 1.0) == ("writers-ask",)


def test_other_rules_are_other_questions(rules: Rules) -> None:
    """One edit is enough."""
    assert may_speak(rules, who("dba-one", "dba"), approval(rules, rules_digest="other"), 1.0) == ()


def test_a_test_that_fails_names_nobody(rules: Rules) -> None:
    """Invariant 1."""

    def fails(context: object) -> bool:
        raise RuntimeError

    rule = rules.policy.named["writers-ask"]
    assert rule.by is not None
    broken = replace(rules, policy=replace(rules.policy, rules=(replace(rule, by=replace(rule.by, test=fails)),)))

    assert may_speak(broken, who("dba-one", "dba"), approval(rules), 1.0) == ()
