"""`interlock retain`: what is over goes, and why the rest stays is said."""

from __future__ import annotations

import json

from tests.cli.conftest import Interlock
from tests.cli.keeping import ERIKA, MAX, record, write_rules

from interlock.cli import _keeping

_RULES = "{retain: [{id: default, for: 30d}], holds: [{id: case-17, to: {subjects: ['max*']}, why: a complaint}]}"


def test_a_dry_run_says_what_would_go_and_why(interlock: Interlock, tmp_path) -> None:
    """And touches nothing."""
    rules = write_rules(tmp_path, _RULES)
    old, held = record(rules, ERIKA, MAX)
    (young,) = record(rules, ERIKA, days=1)
    done = interlock("retain", "--dry-run", "--json", "--rules", rules)
    found = [json.loads(line) for line in done.out.splitlines()]
    assert [(entry["session"], entry["fate"], entry["rule"]) for entry in found] == [
        (old, "goes", "default"), (held, "held", "case-17"), (young, "kept", ""),
    ]  # fmt: skip
    assert found[1]["why"] == "held: a complaint"
    assert (tmp_path / "recordings" / old).exists()


def test_what_is_over_goes_and_the_rest_verifies(interlock: Interlock, tmp_path) -> None:
    """With a tombstone that names the rule; a session that is gone on purpose is no finding."""
    rules = write_rules(tmp_path, _RULES)
    old, held = record(rules, ERIKA, MAX)
    done = interlock("retain", "--yes", "--rules", rules)
    assert done.code == 0, done.err
    assert ((tmp_path / "recordings" / old).exists(), (tmp_path / "recordings" / held).exists()) == (False, True)
    verified = interlock("verify", tmp_path / "recordings")
    assert verified.code == 0, verified.out
    leaves = next((tmp_path / "recordings/.tree").glob("*/leaves.jsonl")).read_text()
    assert (old in leaves, '"rule":"default"' in leaves) == (True, True)


def test_a_hold_that_comes_while_it_asks_holds(interlock: Interlock, tmp_path, monkeypatch) -> None:
    """Somebody thinks about the question for an hour: what is deleted is judged by the rules as they are then."""
    rules = write_rules(tmp_path, "{retain: [{id: default, for: 30d}]}")
    hers, his = record(rules, ERIKA, MAX)
    monkeypatch.setattr(_keeping, "confirm", lambda question, yes: write_rules(tmp_path, _RULES))
    assert interlock("retain", "--rules", rules).code == 0
    assert [(tmp_path / "recordings" / name).exists() for name in (hers, his)] == [False, True]


def test_rules_that_keep_everything_say_so(interlock: Interlock, tmp_path) -> None:
    """With what to write instead."""
    rules = write_rules(tmp_path, "{}")
    record(rules, ERIKA)
    done = interlock("retain", "--yes", "--rules", rules)
    assert (done.code, "keep everything" in done.err) == (0, True)
