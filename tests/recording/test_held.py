"""Which sessions a gateway has open, and what a dead one left."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from interlock.recording.held import Held, left_behind, prepare
from interlock.recording.ulid import Ulids

_HOLD = """
import sys, time
from pathlib import Path
from interlock.recording.held import Held
held = Held(Path(sys.argv[1]))
for name in sys.argv[2:]:
    held.begin(name)
held.end(sys.argv[2])
print("ready", flush=True)
time.sleep(60)
"""


@pytest.fixture
def names(clock) -> list[str]:
    ulids = Ulids(clock)
    return [ulids.new() for _ in range(3)]


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    prepare(tmp_path)
    return tmp_path


def _left(folder: Path) -> list[list[str]]:
    return [left.names for left in left_behind(folder)]


def test_a_living_gateways_sessions_are_nobody_elses_and_a_dead_ones_are(prepared: Path, names: list[str]) -> None:
    """The lock ends with the process, whatever ended it."""
    addons = Path(__file__).parents[2] / "addons"
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(prepared), *names],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(addons)},
    )
    assert process.stdout.readline() == "ready\n"
    assert _left(prepared) == []
    process.kill()
    process.communicate(timeout=30)
    assert _left(prepared) == [names[1:]]


def test_what_one_looks_at_no_other_gets(prepared: Path, names: list[str]) -> None:
    """Two gateways that start at once do not both close a session."""
    held = Held(prepared)
    held.begin(names[0])
    held.close()
    for left in left_behind(prepared):
        assert left.names == names[:1]
        assert _left(prepared) == []
        left.done()
    assert _left(prepared) == []


def test_a_gateway_that_closed_everything_leaves_nothing(prepared: Path, names: list[str]) -> None:
    """There is nothing to be looked at."""
    held = Held(prepared)
    held.begin(names[0])
    held.end(names[0])
    held.end(names[1])
    held.close()
    assert list((prepared / ".open").iterdir()) == []


def test_the_list_is_written_anew_before_it_grows_without_end(prepared: Path, names: list[str]) -> None:
    """Ten thousand sessions, one of them still open: the file stays small, and the lock with it."""
    held = Held(prepared)
    held.begin(names[0])
    for _ in range(5000):
        held.begin(names[1])
        held.end(names[1])
    (file,) = (prepared / ".open").iterdir()
    assert file == held.path
    assert file.stat().st_size < 250_000
    assert _left(prepared) == []
    held.close()
    assert _left(prepared) == [names[:1]]


def test_a_folder_that_somebody_removed_is_made_again(tmp_path: Path, names: list[str]) -> None:
    """Nobody is refused for want of a list."""
    held = Held(tmp_path)
    held.begin(names[0])
    held.close()
    assert _left(tmp_path) == [names[:1]]


def test_a_torn_line_and_strangers_files_say_nothing(prepared: Path, names: list[str]) -> None:
    """Only whole names of sessions count."""
    text = f"+{names[0]}\n+{names[1][:7]}\n-../../etc\n+{names[2]}\n"
    (prepared / ".open" / "aa").write_text(text)
    (prepared / ".open" / "link").symlink_to("/etc/passwd")
    (prepared / ".open" / "folder").mkdir()
    assert _left(prepared) == [[names[0], names[2]]]


def test_sessions_from_before_there_was_a_list_are_looked_at_once(tmp_path: Path, names: list[str]) -> None:
    """An older version left them."""
    for name in names:
        (tmp_path / name).mkdir()
    prepare(tmp_path)
    prepare(tmp_path)
    assert _left(tmp_path) == [names]
