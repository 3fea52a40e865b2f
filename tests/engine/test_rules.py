"""A rules folder is read whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.engine.conftest import BASE, Load

from interlock.engine.rules import load_rules
from interlock.errors import RulesInvalid


def test_every_file_is_merged(load: Load) -> None:
    """Sections of several files are one; the digest is over all of them."""
    one = load()
    two = load("policy: [{id: more, forbid: [sql.ddl]}]\n", name="two")
    assert [rule.id for rule in two.policy.rules] == ["analysts-read", "coding-tools", "engineers-talk", "more"]
    assert one.digest != two.digest
    assert one.connection("warehouse") is one.connections[0]
    assert one.connection("nowhere") is None


def test_a_pack_that_changes_changes_the_digest(load: Load) -> None:
    """Also one that is not in use: the digest names the folder as it was."""
    assert load(packs={"a.yaml": "x"}, name="a").digest != load(packs={"a.yaml": "y"}, name="b").digest


@pytest.mark.parametrize(
    ("base", "more", "says"),
    [
        (BASE.replace("version: 1\n", ""), "", "does not say its version"),
        (BASE.replace("version: 1", "version: 2"), "", "does not say its version"),
        (BASE, "polcy: []\n", "'polcy'"),
        (BASE, "policy: [{id: analysts-read, forbid: [sql.ddl]}]\n", "is taken"),
        (BASE, "gateway: {route: path}\ngateway: {route: host}\n", "stands twice"),
        (BASE + "gateway: {route: path}\n", "gateway: {route: host}\n", "stands twice"),
        (BASE, "masking: [{id: pii, detect: [email], with: redact, on: [nowhere]}]\n", "'nowhere'"),
        (BASE, "policy: [{id: x, permit: [sql.read], on: [nowhere], to: anyone}]\n", "'nowhere'"),
        (BASE.replace("protocol: anthropic", "protocol: telnet"), "", "'telnet'"),
        (BASE, "blocklist: [{use: packs/none}]\n", "packs/none"),
        (BASE, "- a list\n", "not YAML"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(load: Load, base: str, more: str, says: str) -> None:
    """File, line and column, in whichever file it is."""
    with pytest.raises(RulesInvalid) as caught:
        load(more, base=base)
    assert says in str(caught.value)
    assert all(error.place.line >= 1 and error.place.file for error in caught.value.errors)


def test_all_errors_are_said_at_once(load: Load) -> None:
    """A broken file does not hide what is wrong in another."""
    with pytest.raises(RulesInvalid) as caught:
        load("policy: [{id: x, permitt: [sql.read]}]\n", base=BASE.replace("permit: [sql.read]", "permit: [sql.reed]"))
    files = {Path(error.place.file).name for error in caught.value.errors}
    assert files == {"base.yaml", "more.yaml"}


def test_no_rules_are_an_error(tmp_path: Path) -> None:
    """Neither an empty folder nor a missing one permits or means anything."""
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(RulesInvalid):
            load_rules(folder)
