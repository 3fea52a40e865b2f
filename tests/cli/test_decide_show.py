"""How an answer looks to people and to machines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.test_decide import request

from interlock.cli._decide import Answer, Decider
from interlock.cli._decide_show import show_json, show_tree
from interlock.engine.rules import load_rules
from interlock.engine.trial import Verdict
from interlock.model import Decision, Effect, Report


def test_people_see_a_tree_that_cannot_steer_their_terminal(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every operation at its depth; hostile text is written out."""
    decider = Decider(load_rules(rules))
    show_tree(decider.answer(json.dumps(request("SELECT 1", id="\x1b[2J[bold]\u202e")).encode(), 1))
    show_tree(decider.answer(b"{", 2))
    out = capsys.readouterr().out
    assert "http.post" in out
    assert "sql.read" in out
    assert "permit" in out
    assert "line 2" in out
    assert "[bold]" in out
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_obligations_and_reports_are_shown_to_machines(capsys: pytest.CaptureFixture[str]) -> None:
    """What would be masked, and what a rule that only reports would have said."""
    report = Report("quiet", Effect.FORBID, "forbidden")
    show_json(
        Answer(1, 1, Verdict(Decision(Effect.PERMIT, "permitted", "r", masks=frozenset({"b", "a"}), reports=(report,))))
    )
    found = json.loads(capsys.readouterr().out)
    assert found["masks"] == ["a", "b"]
    assert found["reports"] == [{"rule": "quiet", "decision": "forbid", "reason": "forbidden"}]


LINE = {
    "as": {"realm": {"groups": ["engineer"]}},
    "on": "agent",
    "body": {"name": "Bash", "input": {"command": "ls; psql -c 'DELETE FROM x'"}},
}


def test_every_operation_is_shown_with_what_decides_about_it(
    rules: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rule, the flags and the place of each, at its depth, and what to do instead; for machines as members."""
    monkeypatch.setenv("COLUMNS", "250")
    answer = Decider(load_rules(rules)).answer(json.dumps(LINE).encode(), 1)
    show_tree(answer)
    shown = capsys.readouterr().out
    for words in (
        "forbid (no-rule)", "tool.use:Bash [write] permit (permitted, coding-tools)", "no-where",
        "at /content/0/input/command, character 13", "Nothing permits",
    ):  # fmt: skip
        assert words in shown
    show_json(answer)
    found = json.loads(capsys.readouterr().out)
    tool = found["operations"][0]
    assert (tool["decision"], tool["rule"], tool["on"]) == ("permit", "coding-tools", "agent")
    listing, client = tool["operations"]
    assert (listing["name"], listing["decision"], listing["rule"]) == ("shell.read", "permit", "coding-tools")
    inner = client["operations"][0]
    assert (inner["name"], inner["decision"], inner["reason"]) == ("sql.write", "forbid", "no-rule")
    assert "no-where" in inner["arguments"]["flags"]
    assert found["remedy"].startswith("Nothing permits")
