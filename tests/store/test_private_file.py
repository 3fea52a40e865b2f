"""SQLite's file is its owner's alone, and what is there is never opened: that would end SQLite's locks."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from interlock.model import Secret
from interlock.store.engine import open_database
from interlock.store.private_file import make_private

ANOTHER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
print(connection.execute("SELECT count(*) FROM said").fetchone()[0])
connection.close()
"""


def test_it_is_its_owners_alone(tmp_path: Path) -> None:
    """Whatever the process's mask is; and what stands there stays."""
    file = tmp_path / "deep" / "a.sqlite"
    before = os.umask(0)
    try:
        make_private(file)
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    file.write_bytes(b"something")
    make_private(file)
    assert file.read_bytes() == b"something"


@pytest.mark.parametrize(
    ("plant", "says"),
    [
        (lambda file: file.symlink_to(file.with_name("elsewhere")), "symbolic links"),
        (lambda file: file.mkdir(), "Invalid argument"),
        (os.mkfifo, "Invalid argument"),
    ],
)
def test_only_plain_files_are_databases(tmp_path: Path, plant: Callable[[Path], object], says: str) -> None:
    """A link, a folder or a pipe that somebody put there is none, and nothing is made behind a link."""
    file = tmp_path / "a.sqlite"
    plant(file)
    with pytest.raises(OSError, match=says):
        make_private(file)
    assert not (tmp_path / "elsewhere").exists()


def _seen_by_another(file: Path) -> int:
    command = [sys.executable, "-c", ANOTHER, str(file)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def test_another_process_sees_what_is_written_later(tmp_path: Path) -> None:
    """Once more made sure of by this process, then opened and closed by another: what this one writes is there."""
    file = tmp_path / "a.sqlite"
    make_private(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE said (word TEXT)")
        for count in (1, 2):
            make_private(file)
            connection.execute("INSERT INTO said VALUES ('yes')")
            assert _seen_by_another(file) == count


async def test_a_store_that_is_opened_twice_by_a_gateway_stays_one(tmp_path: Path) -> None:
    """Approvals, access reviews and anchored heads share a file; the terminal opens and closes it meanwhile."""
    file = tmp_path / "a.sqlite"
    first = open_database(Secret(f"sqlite:{file}"))

    async def begin(connection: AsyncConnection) -> None:
        await connection.execute(text("CREATE TABLE said (word TEXT)"))

    async def say(connection: AsyncConnection) -> None:
        await connection.execute(text("INSERT INTO said VALUES ('yes')"))

    await first.run(begin, write=True)
    second = open_database(Secret(f"sqlite:{file}"))
    for count, database in enumerate((first, second, first), 1):
        await database.run(say, write=True)
        assert _seen_by_another(file) == count
    await second.close()
    await first.close()
