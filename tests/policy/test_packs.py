"""Packs are read strictly; that the shipped ones keep their promises is asked where they are run."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlock.errors import RulesInvalid
from interlock.policy import Pack, PackRule, find_pack, read_pack
from interlock.schema import Reader

RULES = Path(__file__).parents[2] / "rules"


def load(file: Path) -> Pack:
    reader = Reader()
    pack = read_pack(file, reader)
    reader.finish()
    return pack


PACKS = [load(file) for file in sorted((RULES / "packs").glob("*.yaml")) if "\nmasking:" not in file.read_text()]
EACH = [pytest.param(pack, rule, id=rule.id) for pack in PACKS for rule in pack.rules]


@pytest.mark.parametrize(("pack", "rule"), EACH)
def test_rules_speak_in_sentences(pack: Pack, rule: PackRule) -> None:
    """What a rule says and what to do instead are read by a model: whole sentences."""
    for sentence in (rule.says, rule.remedy):
        assert sentence[0].isupper()
        assert sentence.endswith(".")


def test_packs_are_found_by_name_only_in_their_folder() -> None:
    """A name cannot lead out of `packs/`."""
    assert find_pack("packs/sql-destructive", RULES) == RULES / "packs" / "sql-destructive.yaml"
    elsewhere = ("sql-destructive", "packs/../claude", "packs/SQL", "../rules/packs/sql-destructive", "packs/absent")
    for name in (*elsewhere, "packs/sql-destructive\n"):
        assert find_pack(name, RULES) is None


HEAD = "pack: mine\nversion: 1\nsays: X.\nlanguage: sql\n"
CARRIED = "pack: mine\nversion: 1\nsays: X.\nprotocol: mcp\n"
ASKS = "{{id: a, says: A., remedy: B., operations: {}, caught: [{}], passes: [{{operation: {{name: mcp.x}}}}]}}"
SAMPLE = "{operation: {name: mcp.sample}}"
RULE = "{{id: a, says: A., remedy: B., match: {}, caught: [a], passes: [b]}}"
BROKEN = [
    ("pack: other\nversion: 1\nsays: X.\nlanguage: sql\nrules: []", "name the file"),
    ("pack: mine\nversion: 2\nlanguage: sql\nrules: []", "from 1 to 1"),
    (HEAD + "rules: [{id: a}]", "needs 'says'"),
    (HEAD + f"rules: [{RULE.format('{}')}]", "match everything"),
    (HEAD + f"rules: [{RULE.format('{kind: [drop]}')}]", "did you mean 'kinds'"),
    (HEAD + "protocol: mcp\nrules: []", "either a language or a protocol"),
    (HEAD + f"rules: [{RULE.format('{kinds: [drop]}, unless: {}')}]", "unless says nothing"),
    (HEAD + f"rules: [{ASKS.format('[mcp.sample]', SAMPLE)}]", "has no member 'operations'"),
    (CARRIED + f"rules: [{ASKS.format('[mpc.sample]', SAMPLE)}]", "did you mean 'mcp'"),
    (CARRIED + f"rules: [{ASKS.format('[]', SAMPLE)}]", "would match nothing"),
    (CARRIED + f"rules: [{ASKS.format(repr(['*.x']), SAMPLE)}]", "would block every protocol"),
    (CARRIED + f"rules: [{ASKS.format('[mcp.sample]', '')}]", "would promise nothing"),
    (CARRIED + f"rules: [{ASKS.format('[mcp.sample]', '{}')}]", "a case is one of send, propose, operation"),
    (CARRIED + f"rules: [{ASKS.format('[mcp.sample]', '{operation: {name: mcp}}')}]", "an operation has a name"),
]


@pytest.mark.parametrize(("text", "says"), BROKEN)
def test_broken_packs_are_refused(text: str, says: str, tmp_path: Path) -> None:
    """A pack is checked as strictly as rules are."""
    (tmp_path / "mine.yaml").write_text(text)
    with pytest.raises(RulesInvalid) as caught:
        load(tmp_path / "mine.yaml")

    assert says in str(caught.value)


def test_a_rule_stands_once_in_its_pack(tmp_path: Path) -> None:
    """Two rules of one id would shadow each other."""
    rule = RULE.format("{kinds: [drop]}")
    (tmp_path / "mine.yaml").write_text(HEAD + f"rules: [{rule}, {rule}]")
    with pytest.raises(RulesInvalid, match="stands twice"):
        load(tmp_path / "mine.yaml")
