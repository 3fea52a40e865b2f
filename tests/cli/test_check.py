"""`interlock check`: errors with their place, cases, risks, and what an edit would change."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.cli.conftest import Interlock


def edit(rules: Path, old: str, new: str) -> None:
    """Change the rules as an operator would."""
    text = (rules / "rules.yaml").read_text()
    assert old in text
    (rules / "rules.yaml").write_text(text.replace(old, new))


def test_good_rules_pass_and_what_is_risky_is_said(interlock: Interlock, rules: Path) -> None:
    """Status 0; the demo issuer and the missing blocklist are named."""
    done = interlock("check", rules)
    assert done.code == 0, done.out
    assert "4 cases" in done.out
    assert "all as expected" in done.out
    assert "(demo-issuer)" in done.out
    assert "rules/rules.yaml:3:5: " in done.out


def test_every_error_has_a_place_and_what_to_write(interlock: Interlock, rules: Path) -> None:
    """All of them at once, with the word that was meant."""
    edit(rules, "permit: [sql.read]", "permitt: [sql.read]")
    edit(rules, "protocol: anthropic", "protocol: antropic")
    done = interlock("check", rules)
    assert done.code == 1
    lines = done.out.splitlines()
    line = (rules / "rules.yaml").read_text().splitlines().index("    permitt: [sql.read]") + 1
    assert any(text.startswith(f"rules/rules.yaml:{line}:5: ") and "permitt" in text for text in lines)
    assert "    did you mean 'permit'?" in lines
    assert any("antropic" in text for text in lines)
    assert "the rules cannot be used" in done.out


def test_a_failing_case_fails_the_check(interlock: Interlock, rules: Path) -> None:
    """With its place and what came out."""
    edit(rules, "    expect: forbid\n  - as: {groups: [engineer]}", "    expect: permit\n  - as: {groups: [engineer]}")
    done = interlock("check", rules)
    assert done.code == 1
    assert "expected permit, but it is forbid" in done.out
    assert "1 failed" in done.out


def test_machines_get_one_document(interlock: Interlock, rules: Path) -> None:
    """For good rules and for broken ones."""
    found = json.loads(interlock("check", rules, "--json").out)
    assert found["ok"] is True
    assert found["cases"] == {"run": 4, "failed": []}
    assert len(found["digest"]) == 64
    assert {risk["kind"] for risk in found["risks"]} == {
        "demo-issuer", "no-blocklist", "own-signing-key", "unanchored",
    }  # fmt: skip
    edit(rules, "permit: [sql.read]", "permit: [sql.reed]")
    broken = json.loads(interlock("check", rules, "--json").out)
    assert broken["ok"] is False
    assert broken["errors"][0]["line"] > 1
    assert broken["digest"] is None


def test_what_an_edit_changes_is_listed(interlock: Interlock, rules: Path, tmp_path: Path) -> None:
    """The cases of both sets; what passes now stands out."""
    edit(rules, "dele/**/te from", "delete from")
    old = tmp_path / "old"
    shutil.copytree(rules, old)
    edit(rules, "permit: [sql.read]", "permit: [sql.read, sql.write]")
    text = (rules / "rules.yaml").read_text()
    (rules / "rules.yaml").write_text(text.partition("cases:")[0])
    done = interlock("check", rules, "--diff", old)
    assert done.code == 0, done.out
    assert "now passes: forbid (no-rule) -> permit (permitted, analysts-read)" in done.out
    assert "1 case would come out differently" in done.out
    changes = json.loads(interlock("check", rules, "--diff", old, "--json").out)["changes"]
    assert [change["looser"] for change in changes] == [True]


@pytest.mark.parametrize("where", ["rules", "older"])
def test_a_folder_without_rules_is_an_error(interlock: Interlock, rules: Path, tmp_path: Path, where: str) -> None:
    """Status 1, whichever of the two it is."""
    arguments = [tmp_path / "none"] if where == "rules" else [rules, "--diff", tmp_path / "none"]
    done = interlock("check", *arguments)
    assert done.code == 1
    assert "is not a folder" in done.out


def test_hostile_text_in_rules_does_not_steer_the_terminal(interlock: Interlock, rules: Path) -> None:
    """Rules come from others, too (a pull request): markup and control characters stay text."""
    edit(rules, "permit: [sql.read]", '"[bold]x\\e[2J": 1')
    done = interlock("check", rules)
    assert done.code == 1
    assert "\x1b" not in done.out
    assert "[bold]x" in done.out


def test_schema_is_printed_for_editors(interlock: Interlock, tmp_path: Path) -> None:
    """One JSON document, without any rules there: what `rules/schema.json` holds."""
    done = interlock("check", tmp_path / "none", "--schema")
    assert done.code == 0
    assert json.loads(done.out)["title"] == "Interlock rules"
