"""A folder of rules is copied without some of them, and with everything else as it was written."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.access.values import RULES

from interlock.access.written import PROPOSED, copy_with, written_rules
from interlock.engine.rules import load_rules
from interlock.errors import InterlockError
from interlock.source import read_yaml

PATCH = "version: 1\n\npolicy:\n  - {id: new, permit: [sql.read], on: [warehouse], to: {groups: [x]}}\n"
COMMENTED = RULES.replace("policy:\n", "policy:  # who may\n  # analysts\n").replace(
    "  - {id: payslips", "\n  # payslips are read\n  # by two lines\n  - {id: payslips"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "rules"
    (found / "packs").mkdir(parents=True)
    (found / "all.yaml").write_text(COMMENTED, encoding="utf-8")
    (found / "packs" / "keep.txt").write_text("kept", encoding="utf-8")
    return found


def test_entries_by_id(folder: Path) -> None:
    """As they stand in the files."""
    found = written_rules(folder)

    assert list(found) == ["analysts-read", "writers-ask", "payslips"]
    assert found["payslips"]["permit"] == ["http.get /payslips/*"]


def test_lines_are_taken_out(folder: Path, tmp_path: Path) -> None:
    """Comments and order of what stays are as they were; the rules are the ones that are meant."""
    copy_with(folder, tmp_path / "new", ["analysts-read"], PATCH)
    text = (tmp_path / "new" / "all.yaml").read_text(encoding="utf-8")

    assert "analysts-read" not in text
    assert "# payslips are read\n  # by two lines" in text
    assert (tmp_path / "new" / "packs" / "keep.txt").exists()
    assert {rule.id for rule in load_rules(tmp_path / "new").policy.rules} == {"new", "writers-ask", "payslips"}
    assert "analysts-read" in (folder / "all.yaml").read_text(encoding="utf-8")


def test_a_section_that_is_empty_goes(folder: Path, tmp_path: Path) -> None:
    """With its name: an empty one would be nothing that can be read."""
    copy_with(folder, tmp_path / "new", ["analysts-read", "writers-ask", "payslips"], PATCH)

    assert "policy" not in (read_yaml(tmp_path / "new" / "all.yaml").plain() or {})
    assert [rule.id for rule in load_rules(tmp_path / "new").policy.rules] == ["new"]


@pytest.mark.parametrize(
    "text",
    [
        "version: 1\npolicy: [{id: one, permit: [sql.read], on: warehouse, to: anyone},\n {id: two, forbid: sql.ddl}]",
        "version: 1\npolicy:\n  - id: two\n    forbid: [sql.ddl]\n  - id: one\n    permit: [sql.read]\n"
        "    on: [warehouse]\n    to: anyone",
    ],
)
def test_however_it_is_written(folder: Path, tmp_path: Path, text: str) -> None:
    """Where lines do not tell, the file is written anew; the rules are the same."""
    (folder / "more.yaml").write_text(text, encoding="utf-8")
    copy_with(folder, tmp_path / "new", ["one", "analysts-read"], PATCH)

    assert {rule.id for rule in load_rules(tmp_path / "new").policy.rules} == {"new", "two", "writers-ask", "payslips"}


def test_nothing_is_overwritten(folder: Path, tmp_path: Path) -> None:
    """A folder that is there stays as it is."""
    (tmp_path / "new").mkdir()
    with pytest.raises(InterlockError, match="exists already"):
        copy_with(folder, tmp_path / "new", [], PATCH)
    assert not (tmp_path / "new" / PROPOSED).exists()
