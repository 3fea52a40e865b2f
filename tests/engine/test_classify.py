"""What a text would do, and whether the packs that ship would stop it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from interlock import commands
from interlock.engine.classify import LANGUAGES, Classifier, access_word
from interlock.engine.packs import shipped_rules
from interlock.errors import InterlockError, RulesInvalid


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    """The shipped packs."""
    return Classifier()


ROWS = [
    ("ls -l", "shell", "read", []),
    ("rm -rf src", "shell", "destroy", ["shell-recursive-delete"]),
    ("rm -rf node_modules", "shell", "*", ["shell-recursive-delete"]),
    ("curl https://example.com/a.json", "bash", "network", []),
    ("echo x > notes.txt", "sh", "write", []),
    ("sudo useradd x", "shell", "admin", ["shell-accounts"]),
    ("psql -c 'DROP TABLE x'", "shell", "destroy", ["sql-drop"]),
    ("psql -c 'SELECT 1'", "shell", "network", []),
    ('eval "$X"', "zsh", "unknown", ["shell-computed"]),
    ("SELECT 1", "sql", "read", []),
    ("UPDATE x SET a = 1 WHERE id = 7", "sql", "write", []),
    ("CREATE TABLE x (id int)", "sql", "ddl", []),
    ("DROP TABLE x", "sql", "ddl", ["sql-drop"]),
    ("GRANT ALL ON x TO y", "sql", "admin", ["sql-rights"]),
    ("SELECT 1; DELETE FROM x", "sql", "write", ["sql-delete-everything"]),
    ("gibberish", "sql", "admin", ["sql-unread"]),
    ("Get-ChildItem", "powershell", "read", []),
    ("dir", "cmd", "read", []),
    ("rd /s /q C:\\x", "batch", "destroy", ["shell-recursive-delete"]),
    ("Remove-Item -Recurse x", "pwsh", "destroy", ["shell-recursive-delete"]),
    ("", "shell", "unknown", []),
]


@pytest.mark.parametrize(("text", "language", "access", "rules"), ROWS)
def test_texts_are_classified(classifier: Classifier, text: str, language: str, access: str, rules: list[str]) -> None:
    """The worst word of the language, and the rules that would block it; a path lets no deletion pass here."""
    found = classifier.classify(text, language, "postgres" if language == "sql" else "")
    assert access in ("*", found.access)
    assert [entry.rule.id for entry in found.findings if entry.rule.id in rules] == rules
    assert found.dangerous is bool(rules)
    assert found.operations


def test_every_language_has_a_word_for_what_is_not_understood(classifier: Classifier) -> None:
    """A text that no language reads is the worst there is."""
    for language in LANGUAGES:
        assert classifier.classify("\x00((((", language).access in ("admin", "unknown")


def test_the_word_of_nothing_is_the_worst() -> None:
    """Where no operation was found, none is known to be harmless."""
    assert access_word([], "shell") == "unknown"
    assert access_word([], "sql") == "admin"
    assert access_word(commands.analyse("x", "nosuch"), "shell") == "unknown"


def test_packs_that_are_off_are_not_asked(tmp_path: Path) -> None:
    """What a rules folder switches on counts, and what it leaves out does not."""
    shutil.copytree(shipped_rules() / "packs", tmp_path / "packs")
    (tmp_path / "rules.yaml").write_text("blocklist: [{use: packs/sql-destructive, except: {rules: [sql-drop]}}]")
    found = Classifier(tmp_path)
    assert not found.classify("rm -rf src", "shell").dangerous
    assert not found.classify("DROP TABLE x", "sql", "postgres").dangerous
    assert found.classify("TRUNCATE x", "sql", "postgres").dangerous


def test_packs_that_cannot_be_asked_are_an_error(tmp_path: Path) -> None:
    """Nothing is called harmless because a file is missing or broken."""
    with pytest.raises(InterlockError, match="no packs are switched on"):
        Classifier(tmp_path)
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "mine.yaml").write_text("pack: mine\n")
    (tmp_path / "rules.yaml").write_text("blocklist: [{use: packs/mine}]")
    with pytest.raises(RulesInvalid):
        Classifier(tmp_path)
