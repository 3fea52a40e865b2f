"""`blocklist:` is read strictly."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlock.errors import RulesInvalid
from interlock.model import Operation
from interlock.policy import Blocklist, read_blocklist
from interlock.schema import Reader
from interlock.source import read_yaml_text

RULES = Path(__file__).parents[2] / "rules"


def blocklist(text: str) -> Blocklist:
    reader = Reader()
    known = ("warehouse", "payroll")
    found = read_blocklist(read_yaml_text(text, "blocklist.yaml"), reader, RULES, connections=known)
    reader.finish()
    return found


BROKEN = [
    ("- use: packs/sql-destruktive", "known: packs/"),
    ("- use: ../secrets", "known: packs/"),
    ("- {use: packs/sql-destructive}\n- {use: packs/sql-destructive}", "is used already"),
    ("- {use: packs/sql-destructive, except: {}}", "says nothing"),
    ("- {use: packs/sql-destructive, except: {rules: [sql-dorp]}}", "did you mean 'sql-drop'"),
    ("- {use: packs/shell-destructive, except: {paths: [a/b]}}", "folder's name"),
    ("- {use: packs/shell-destructive, except: {paths: ['*']}}", "folder's name"),
    ("- {id: a}", "either match or text"),
    ("- {id: a, text: x, match: {command: rm}}", "either match or text"),
    ("- {id: a, match: {command: rm}}", "needs a language"),
    ("- {id: a, language: shel, match: {command: rm}}", "did you mean 'shell'"),
    ("- {id: a, language: shell, text: x}", "belongs to match"),
    ("- {id: a, language: shell, match: {command: rm}, in: [http]}", "belongs to text"),
    ("- {id: a, text: '('}", "malformed"),
    ("- {id: a, text: 'x*'}", "empty text"),
    ("- {id: a, text: x, in: [htpt]}", "did you mean 'http'"),
    ("- {id: a, text: x, on: [warehuose]}", "did you mean 'warehouse'"),
    ("- {id: a, text: x}\n- {id: a, text: y}", "taken"),
    ("- {id: a, text: x, mode: off}", "cannot be 'off'"),
    ("- {id: A B, text: x}", "kebab-case"),
    ("- {text: x}", "needs 'id'"),
    ("- {id: a, txet: x}", "did you mean 'text'"),
]


@pytest.mark.parametrize(("text", "says"), BROKEN)
def test_broken_blocklists_are_refused(text: str, says: str) -> None:
    """Each mistake is an error with what to write instead."""
    with pytest.raises(RulesInvalid) as caught:
        blocklist(text)

    assert says in str(caught.value)


def test_a_broken_pack_is_told(tmp_path: Path) -> None:
    """What is wrong inside a pack is shown with the pack's own place."""
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "mine.yaml").write_text("pack: mine\na: [")
    reader = Reader()
    read_blocklist(read_yaml_text("- use: packs/mine", "b.yaml"), reader, tmp_path)

    assert [error.place.file for error in reader.errors] == ["packs/mine.yaml"]


def test_entries_land_in_their_index() -> None:
    """Commands by language, texts apart, all in order of id."""
    found = blocklist(
        "- {id: z, text: x, on: '*'}\n- {id: a, language: shell, match: {command: rm}}\n- use: packs/sql-destructive"
    )

    assert [rule.id for rule in found.index.of(Operation("shell", "rm", arguments={"command": "rm"}))] == ["a"]
    assert [rule.id for rule in found.texts] == ["z"]
    assert found.texts[0].on == frozenset()
    assert "sql-drop" in [rule.id for rule in found.index.of(Operation("sql", "ddl"))]


def test_connections_may_be_unknown_yet() -> None:
    """Without a list of connections, `on:` is taken as it is."""
    reader = Reader()
    read_blocklist(read_yaml_text("- {id: a, text: x, on: [anywhere]}", "b.yaml"), reader, RULES)

    assert reader.errors == []


def test_languages_that_are_shell_operations_match_those() -> None:
    """PowerShell and the Windows prompt are read as shell: an entry for them is asked about shell operations."""
    found = blocklist_in("- {id: a, language: powershell, match: {command: remove-item}}")
    operation = Operation("shell", "destroy", arguments={"command": "remove-item"})
    assert [entry.id for entry in found.index.of(operation) if entry.names(operation)] == ["a"]


def blocklist_in(text: str) -> Blocklist:
    """A blocklist where every language is known."""
    reader = Reader()
    found = read_blocklist(
        read_yaml_text(text, "blocklist.yaml"), reader, RULES, languages=("shell", "sql", "powershell", "cmd")
    )
    reader.finish()
    return found
