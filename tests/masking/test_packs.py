"""Packs of masking rules: what they promise, how they are used, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlock.errors import RulesInvalid
from interlock.masking import MaskRule, broken, load_mask_packs, read_masking
from interlock.schema import Reader
from interlock.source import read_yaml_text

RULES = Path(__file__).resolve().parents[2] / "rules"
PACKS = load_mask_packs(RULES)
PACK = """
pack: own
version: 1
says: Ours.
masking:
  - {id: own-mail, says: Mail., detect: email, masked: ["«a@example.com»"], passes: ["a at example"]}
  - {id: own-pin, says: PIN., fields: [pin], masked: ['{"pin": "«1234»"}'], passes: ["pin"]}
"""


def used(text: str, folder: Path | None = RULES) -> tuple[MaskRule, ...]:
    reader = Reader()
    rules = read_masking(read_yaml_text(text, "rules/masking.yaml"), reader, folder)
    reader.finish()
    return rules


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A rules folder with one pack."""
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "own.yaml").write_text(PACK)
    return tmp_path


def test_the_shipped_packs_are_there():
    """Five, each with rules that are named after it."""
    assert [pack.name for pack in PACKS] == ["health", "payment", "pii-eu", "pii-us", "secrets"]
    assert all(packed.rule.id.startswith(f"{pack.name}-") for pack in PACKS for packed in pack.rules)


@pytest.mark.parametrize("packed", [one for pack in PACKS for one in pack.rules], ids=lambda one: one.rule.id)
def test_every_rule_keeps_its_promises(packed):
    """It masks what is marked in its texts and documents, and changes nothing in those that pass."""
    assert packed.masked
    assert packed.passes
    assert not broken(packed)


def test_a_pack_is_used_as_a_whole(folder):
    """What the entry says holds for all rules; single ones are left out."""
    mail, pin = used("- {use: packs/own, with: hash, min_confidence: high, on: [crm], where: [responses]}", folder)
    assert (mail.id, mail.detect, mail.action, mail.min_confidence) == (
        "own-mail",
        ("email", "email-quoted"),
        "hash",
        "high",
    )
    assert (pin.fields, pin.on, pin.where) == ({"pin"}, {"crm"}, {"responses"})
    (mail,) = used("- {use: packs/own, except: [own-pin], apply: when-named}", folder)
    assert (mail.action, mail.apply) == ("redact", "when-named")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {use: packs/pii-eur}", "did you mean 'packs/pii-eu'?"),
        ("- {use: ../packs/pii-eu}", "does not exist"),
        ("- {use: packs/sql-destructive}", "is no pack of masking rules"),
        ("- {use: packs/pii-eu, except: [pii-eu-mail]}", "rule 'pii-eu-mail' does not exist"),
        ("- {use: packs/pii-eu, with: redcat}", "did you mean 'redact'?"),
        ("- {use: packs/pii-eu, where: [request]}", "place 'request' does not exist"),
        ("- {use: packs/pii-eu, path: $.x}", "path"),
        ("- {use: packs/pii-eu}\n- {use: packs/pii-eu}", "stands twice"),
    ],
    ids=range(8),
)
def test_refuses_what_would_mask_something_else(text, message):
    """Every mistake is an error with a place; none is a pack that masks nothing."""
    with pytest.raises(RulesInvalid) as caught:
        used(text)
    assert message in str(caught.value)


def test_without_a_folder_there_are_no_packs():
    """Rules that do not lie in a folder cannot use one."""
    with pytest.raises(RulesInvalid):
        used("- {use: packs/pii-eu}", None)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("version: 1", "version: 2", "version"),
        ("pack: own", "pack: other", "name the file"),
        ("says: Mail., ", "", "says"),
        ("email", "emial", "did you mean 'email'?"),
        ("id: own-mail, ", "", "id"),
    ],
)
def test_a_pack_is_checked(folder, old, new, message):
    """What is wrong in a pack is wrong in the rules that use it."""
    (folder / "packs" / "own.yaml").write_text(PACK.replace(old, new))
    with pytest.raises(RulesInvalid) as caught:
        used("- {use: packs/own}", folder)
    assert message in str(caught.value)


def test_broken_promises_are_told(folder):
    """A text that is not masked as it says, and one that is although it passes."""
    changed = PACK.replace("a at example", "a@example.com").replace("«1234»", "1234")
    (folder / "packs" / "own.yaml").write_text(changed)
    (pack,) = load_mask_packs(folder)
    assert [text for packed in pack.rules for text in broken(packed)] == [
        "own-mail masks 'a@example.com', which it says passes",
        'own-pin does not mask what is marked in \'{"pin": "1234"}\'',
    ]
