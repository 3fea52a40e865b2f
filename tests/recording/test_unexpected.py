"""What does not belong among recordings is named, and nobody waits for it or is led elsewhere by it."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.recording.day import Day, record_day

from interlock.recording import verify
from interlock.recording.runs import session_folders
from interlock.recording.unexpected import unexpected


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    found = record_day(tmp_path_factory.mktemp("day"), running=True)
    yield found
    found.restore()


@pytest.fixture
def copy(day: Day, tmp_path: Path) -> Path:
    return shutil.copytree(day.folder, tmp_path / "recordings")


def _listen(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        here = os.open(path.parent, os.O_RDONLY)
        try:
            listening.bind(f"/proc/self/fd/{here}/{path.name}")  # paths of sockets are short
        finally:
            os.close(here)


_SPECIAL: dict[str, Callable[[Path], None]] = {
    "a link": lambda path: path.symlink_to("/etc/hostname"),
    "a pipe": os.mkfifo,
    "a socket": _listen,
}


@pytest.mark.parametrize("place", [".", "SESSION", ".tree", ".tree/one", ".runs", ".rules/DIGEST", ".keys", ".open"])
@pytest.mark.parametrize("kind", _SPECIAL)
def test_whatever_is_no_plain_file_is_grave(day: Day, copy: Path, place: str, kind: str) -> None:
    """Wherever it lies; it is neither opened nor followed, so nobody waits."""
    session, rules = session_folders(copy)[0], next((copy / ".rules").iterdir()).name
    folder = copy / place.replace("SESSION", session).replace("DIGEST", rules)
    folder.mkdir(exist_ok=True)
    _SPECIAL[kind](folder / "extra")
    found = verify(copy, keys=[day.key], heads=[day.heads], workers=1)
    name = (folder / "extra").relative_to(copy).as_posix()
    (finding,) = [finding for finding in found.all_findings if finding.what == "unexpected"]
    assert (finding.file, finding.grave, kind in finding.message) == (name, True, True)
    assert not found.ok


@pytest.mark.parametrize("place", [".", "SESSION", ".tree/one", ".keys"])
def test_a_plain_file_too_many_is_named(day: Day, copy: Path, place: str) -> None:
    """It changes no evidence: what is recorded is intact."""
    folder = copy / place.replace("SESSION", session_folders(copy)[0])
    folder.mkdir(exist_ok=True)
    (folder / "notes.txt").write_text("somebody's")
    (folder / "more").mkdir()
    found = verify(copy, keys=[day.key], heads=[day.heads], workers=1)
    named = {finding.file for finding in found.all_findings if finding.what == "unexpected"}
    assert (folder / "notes.txt").relative_to(copy).as_posix() in named
    assert found.ok


@pytest.mark.parametrize("file", ["evidence.jsonl", "flows.mitm", "salt", "key"])
def test_a_sessions_file_may_be_nothing_else(copy: Path, file: str) -> None:
    """Also of an open session, of which nobody has said yet what its flows are; and of one alone."""
    session = session_folders(copy)[-1]
    for make in (os.mkfifo, os.mkdir):
        path = copy / session / file
        path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)
        make(path)
        for folder in (copy, copy / session):
            found = {finding.file for finding in verify(folder, workers=1).all_findings if finding.grave}
            assert f"{session}/{file}" in found


@pytest.mark.parametrize("name", ["SESSION", ".tree", ".tree/one", ".rules", ".runs"])
def test_a_folder_that_is_a_link_elsewhere_is_not_followed(day: Day, copy: Path, name: str) -> None:
    """What lies there is not what lies here, were it the same."""
    path = copy / name.replace("SESSION", session_folders(copy)[0])
    path.rename(copy.parent / "elsewhere")
    path.symlink_to(copy.parent / "elsewhere")
    found = verify(copy, keys=[day.key], heads=[day.heads], workers=1)
    grave = {(finding.file, finding.what) for finding in found.all_findings if finding.grave}
    assert (path.relative_to(copy).as_posix(), "unexpected") in grave
    if name == "SESSION":
        assert (path.name, "dropped") in grave


def test_many_are_counted(copy: Path) -> None:
    """The list has an end."""
    for number in range(1005):
        (copy / f"{number}.txt").touch()
    found = unexpected(copy, [])
    assert (len(found), found[-1].message) == (1001, "5 more files that do not belong here")


def test_a_recorded_day_holds_nothing_unexpected(day: Day) -> None:
    """While its gateways run, with their locks."""
    assert unexpected(day.folder, []) == ()
