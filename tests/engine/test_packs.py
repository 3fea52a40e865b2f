"""Packs keep what their rules promise: those that ship, and one that an operator wrote."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.engine.conftest import Load

from interlock.engine.packs import load_packs, names, run_packs, shipped_rules, switched_on
from interlock.errors import RulesInvalid
from interlock.policy import Pack, PackRule

RULES = Path(__file__).parents[2] / "rules"
PACKS = load_packs(RULES)
EACH = [pytest.param(pack, rule, id=rule.id) for pack in PACKS for rule in pack.rules]
SHIPPED = {
    "sql-destructive", "sql-readonly", "shell-destructive", "shell-exfiltration", "git-history", "kubernetes", "cloud",
    "interlock-own",
    "mcp-safety", "provider-tools", "secrets-paths",
}  # fmt: skip

PACK = """\
pack: mine
version: 1
says: Mine.
language: sql
rules:
  - id: mine-drop
    says: It drops.
    remedy: Do not.
    match: {kinds: [drop]}
    unless: {tables: ["tmp_*"]}
    caught: [%s]
    passes: [%s]
"""
CARRIED = """\
pack: asks
version: 1
says: Asks.
protocol: anthropic
rules:
  - id: asks-large
    says: It asks for much.
    remedy: Ask for less.
    operations: [model.message]
    where: {max_tokens: {more_than: 100}}
    caught:
      - send: {at: "POST /v1/messages", body: {model: m, max_tokens: %d, messages: []}}
      - operation: {name: model.message, resource: m, arguments: {max_tokens: 101}}
    passes:
      - send: {at: "POST /v1/messages", body: {model: m, max_tokens: 100, messages: []}}
      - send: {at: "POST %s", body: {model: m}}
      - propose: {tool: Bash, input: {command: ls}}
"""


def test_the_packs_that_ship() -> None:
    """Every pack that is promised is there."""
    assert {pack.name for pack in PACKS} >= SHIPPED


@pytest.mark.parametrize(("pack", "rule"), EACH)
def test_what_a_rule_catches_is_caught(pack: Pack, rule: PackRule) -> None:
    """Every case under `caught:` is named by its own rule."""
    assert rule.caught
    assert [sample for sample in rule.caught if not names(pack, rule, sample)] == []


@pytest.mark.parametrize(("pack", "rule"), EACH)
def test_look_alikes_pass(pack: Pack, rule: PackRule) -> None:
    """No case under `passes:` is named by its rule."""
    assert rule.passes
    assert [sample for sample in rule.passes if names(pack, rule, sample)] == []


def test_a_rule_is_in_one_pack() -> None:
    """Packs can be switched on together: no two rules have one id."""
    ids = [rule.id for pack in PACKS for rule in pack.rules]
    assert len(ids) == len(set(ids))


def test_packs_keep_what_their_rules_promise(load: Load) -> None:
    """Each rule alone: what it catches and what it lets pass."""
    results = run_packs(load(packs={"mine.yaml": PACK % ("DROP TABLE x", '"SELECT 1", "DROP TABLE tmp_x"')}))
    assert (results.run, results.failures) == (3, ())


def test_a_pack_about_a_protocol_keeps_them_too(load: Load) -> None:
    """Requests, proposed calls and bare operations are judged as the gateway judges them."""
    results = run_packs(load(packs={"asks.yaml": CARRIED % (200, "/v1/other")}))
    assert (results.run, results.failures) == (5, ())


def test_a_pack_that_does_not_is_named(load: Load) -> None:
    """Both ways of being wrong, a case that cannot be judged, and a pack that cannot be read."""
    packs = {
        "mine.yaml": PACK % ('"SELECT 1"', "DROP TABLE x"),
        "asks.yaml": CARRIED % (100, "/v1/messages"),
        "bad.yaml": "pack: bad\n",
    }
    messages = [f"{failure.place.file} {failure.message}" for failure in run_packs(load(packs=packs)).failures]
    assert "packs/mine.yaml mine-drop does not catch 'SELECT 1'" in messages
    assert "packs/mine.yaml mine-drop catches 'DROP TABLE x', which it says passes" in messages
    assert any(message.startswith("packs/asks.yaml asks-large does not catch /v1/messages {") for message in messages)
    assert any("cannot be judged: the body is not a message to a model" in message for message in messages)
    assert any(message.startswith("packs/bad.yaml a pack needs") for message in messages)


def test_packs_that_cannot_be_read_are_told_together(tmp_path: Path) -> None:
    """Every error of every pack at once."""
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "a.yaml").write_text("pack: a\n")
    (tmp_path / "packs" / "b.yaml").write_text("[")
    with pytest.raises(RulesInvalid) as error:
        load_packs(tmp_path)
    assert {entry.place.file for entry in error.value.errors} == {"packs/a.yaml", "packs/b.yaml"}


def test_the_shipped_rules_are_found() -> None:
    """They lie beside the library, wherever that is; what they switch on is read from them."""
    assert shipped_rules() == RULES
    on = switched_on(RULES)
    assert set(on) == SHIPPED - {"sql-readonly", "mcp-safety", "provider-tools"}
    assert set(on.values()) == {frozenset()}


def test_what_is_switched_on_is_read_from_any_folder(tmp_path: Path) -> None:
    """What only reports is not on; rules left out are told."""
    text = "blocklist:\n- {use: packs/a, except: {rules: [x, y]}}\n- {use: packs/b, mode: report}\n- {id: c}\n"
    (tmp_path / "one.yaml").write_text(text)
    (tmp_path / "two.yaml").write_text("blocklist: [{use: packs/d, except: {rules: z}}]")
    assert switched_on(tmp_path) == {"a": {"x", "y"}, "d": {"z"}}
