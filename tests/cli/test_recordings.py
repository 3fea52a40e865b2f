"""Which recordings a command reads, without anybody naming them; and what it says when it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Interlock
from tests.recording.nasty import nasty_session

from interlock.cli._recordings import reading, recordings_folder
from interlock.errors import InterlockError

ROWS = [
    ({"gateway.yaml": "gateway: {recordings: /var/lib/interlock}"}, "/var/lib/interlock"),
    ({"a.yaml": "policy: []", "b.yml": "gateway: {recordings: deep/er}"}, "deep/er"),
    ({"a.yaml": "gateway: {forward: 127.0.0.1:1}"}, "recordings"),
    ({"a.yaml": "gateway: {recordings: ["}, "recordings"),
    ({"a.yaml": "gateway: {recordings: 7}"}, "recordings"),
    ({}, "recordings"),
]


@pytest.mark.parametrize(("files", "folder"), ROWS)
def test_the_rules_say_where_recordings_are(tmp_path: Path, files: dict[str, str], folder: str) -> None:
    """Relative to the rules' parent, as for the gateway; broken rules keep nobody from looking."""
    (tmp_path / "rules").mkdir()
    for name, text in files.items():
        (tmp_path / "rules" / name).write_text(text, encoding="utf-8")
    assert recordings_folder(None, tmp_path / "rules") == tmp_path / folder
    assert recordings_folder(Path("mine"), tmp_path / "rules") == Path("mine")


def test_without_rules_they_are_here(tmp_path: Path) -> None:
    """An auditor has no rules."""
    assert recordings_folder(None, tmp_path / "rules") == Path("recordings")


@pytest.mark.parametrize(
    "arguments",
    [("sessions", "--json"), ("export", "run-1"), ("access", "report", "--json")],
    ids="-".join,
)
def test_commands_find_them_by_the_rules(
    interlock: Interlock, rules: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    """Nobody has to repeat what the rules say."""
    nasty_session(tmp_path / "kept")
    (rules / "where.yaml").write_text("version: 1\ngateway: {recordings: kept}\n", encoding="utf-8")
    done = interlock(*arguments)
    assert (done.code, bool(done.out)) == (0, True), done.err


def test_what_cannot_be_read_is_said_and_a_reader_that_left_is_not() -> None:
    """`interlock sessions | head` is no fault of the folder."""
    with pytest.raises(InterlockError, match="kept cannot be read: Permission denied") as said, reading("kept"):
        raise PermissionError(13, "Permission denied")
    assert "--recordings" in said.value.hint
    with pytest.raises(BrokenPipeError), reading("kept"):
        raise BrokenPipeError(32, "Broken pipe")
