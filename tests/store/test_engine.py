"""A database that cannot be used says so in two seconds, and names nothing that is secret."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from tests.servers.postgres import Postgres

from interlock.errors import InterlockError
from interlock.model import Secret
from interlock.store.engine import PATIENCE, Conflict, connect_postgres, open_database

PASSWORD = "hunter2-canary"


async def _one(connection: AsyncConnection) -> object:
    return (await connection.execute(text("SELECT 1"))).scalar()


@pytest.mark.parametrize(
    "url",
    ["", "mysql://a/b", "sqlite:", "sqlite://host/file", "sqlite:a\x00b", "postgres:db", f"https://x:{PASSWORD}@h/"],
)
def test_other_urls_are_refused(url: str) -> None:
    """With what to write instead, and without what was written."""
    with pytest.raises(InterlockError) as refused:
        open_database(Secret(url))
    assert "sqlite:FILE" in refused.value.hint
    assert PASSWORD not in str(refused.value)


async def test_the_file_is_its_owners(tmp_path: Path) -> None:
    """Made with its folder, readable by nobody else, in WAL mode, on disk before it is acknowledged."""
    database = open_database(Secret("sqlite:deep/er/a.sqlite"), base=tmp_path)
    file = tmp_path / "deep/er/a.sqlite"

    async def settings(connection: AsyncConnection) -> list[object]:
        names = ("journal_mode", "synchronous")
        return [(await connection.execute(text(f"PRAGMA {name}"))).scalar() for name in names]

    assert await database.run(settings) == ["wal", 2]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in file.parent.iterdir())
    assert str(file) not in repr(database)
    await database.close()


def test_links_are_not_followed(tmp_path: Path) -> None:
    """A link that somebody put there is no store."""
    (tmp_path / "a.sqlite").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match=r"a\.sqlite"):
        open_database(Secret("sqlite:a.sqlite"), base=tmp_path)
    assert not (tmp_path / "elsewhere").exists()


async def test_absolute_files(tmp_path: Path) -> None:
    """With one slash or with three."""
    for number, url in enumerate((f"sqlite:{tmp_path}/0", f"sqlite://{tmp_path}/1")):
        await open_database(Secret(url), base=Path("/nowhere")).close()
        assert (tmp_path / str(number)).exists()


async def test_a_locked_file_is_an_error_in_time(tmp_path: Path) -> None:
    """Somebody who keeps writing makes it unusable for two seconds, and all who wait hear of it at once."""
    database = open_database(Secret("sqlite:a.sqlite"), base=tmp_path)
    assert await database.run(_one) == 1
    with closing(sqlite3.connect(tmp_path / "a.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        found = await asyncio.gather(*(database.run(_one, write=True) for _ in range(50)), return_exceptions=True)
        assert time.monotonic() - began < PATIENCE + 30.0
        assert {type(one) for one in found} == {OSError}
        other.execute("COMMIT")
    assert await database.run(_one, write=True) == 1
    await database.close()


async def test_a_broken_file_is_an_error(tmp_path: Path) -> None:
    """What is no database is not used, nor overwritten."""
    (tmp_path / "a.sqlite").write_bytes(b"no database at all" * 100)
    database = open_database(Secret("sqlite:a.sqlite"), base=tmp_path)
    with pytest.raises(OSError, match="cannot be used: DatabaseError"):
        await database.run(_one)
    assert (tmp_path / "a.sqlite").read_bytes().startswith(b"no database")
    await database.close()


async def test_two_of_one_kind_conflict(tmp_path: Path) -> None:
    """A unique value that stands already is told apart from a store that fails."""
    database = open_database(Secret("sqlite:a.sqlite"), base=tmp_path)

    async def twice(connection: AsyncConnection) -> None:
        await connection.execute(text("CREATE TABLE t (a INTEGER PRIMARY KEY)"))
        await connection.execute(text("INSERT INTO t VALUES (1)"))
        await connection.execute(text("INSERT INTO t VALUES (1)"))

    with pytest.raises(Conflict):
        await database.run(twice, write=True)

    async def tables(connection: AsyncConnection) -> object:
        return (await connection.execute(text("SELECT count(*) FROM sqlite_master"))).scalar()

    assert await database.run(tables) == 0
    await database.close()


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://erika:{PASSWORD}@127.0.0.1:1/db",
        f"postgresql://erika:{PASSWORD}@no-such-host.invalid/db",
        f"postgresql://erika:{PASSWORD}@127.0.0.1:1/db?sslmode=nonsense",
        f"postgresql://erika:{PASSWORD}@127.0.0.1:port/db",
        f"postgres://erika:{PASSWORD}@/db?host=/no/such/folder",
    ],
)
async def test_passwords_stay_secret(url: str, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever is wrong with a database, its URL stands in no error, no repr and no log."""
    database = open_database(Secret(url))
    began = time.monotonic()
    with pytest.raises(OSError, match="cannot be used") as failed:
        await database.run(_one)
    with pytest.raises(OSError, match="cannot be reached") as unreached:
        await connect_postgres(Secret(url))
    await database.close()

    assert time.monotonic() - began < 2 * PATIENCE + 30.0
    told = f"{failed.value!r}{failed.value.__cause__!r}{unreached.value!r}{database!r}{vars(database)!r}{caplog.text}"
    assert PASSWORD not in told


async def test_a_silent_server_is_given_up(unused_tcp_port: int) -> None:
    """One that takes connections and says nothing costs two seconds."""
    kept = []
    server = await asyncio.start_server(lambda *streams: kept.append(streams), "127.0.0.1", unused_tcp_port)
    database = open_database(Secret(f"postgresql://a:b@127.0.0.1:{unused_tcp_port}/db?sslmode=disable"))
    began = time.monotonic()
    with pytest.raises(OSError, match="cannot be used"):
        await database.run(_one)
    assert PATIENCE - 0.5 < time.monotonic() - began < PATIENCE + 30.0
    await database.close()
    server.close()
    for _, writer in kept:
        writer.close()


async def test_a_locked_table_is_an_error_in_time(postgres_url: Secret) -> None:
    """Somebody who locks PostgreSQL's tables makes it unusable, for two seconds a try; nothing stays behind."""
    database, other = open_database(postgres_url), await connect_postgres(postgres_url)
    await other.execute("CREATE TABLE t (a INTEGER)")
    await other.execute("BEGIN; LOCK TABLE t")

    async def insert(connection: AsyncConnection) -> None:
        await connection.execute(text("INSERT INTO t VALUES (1)"))

    began = time.monotonic()
    with pytest.raises(OSError, match="cannot be used"):
        await database.run(insert, write=True)
    assert PATIENCE - 0.5 < time.monotonic() - began < PATIENCE + 30.0
    assert await database.run(_one) == 1
    await other.execute("COMMIT")
    await database.run(insert, write=True)
    assert await other.fetchval("SELECT count(*) FROM t") == 1
    await other.close()
    await database.close()


async def test_a_killed_server_comes_back() -> None:
    """While it is dead every use fails at once; when it is back, the first use succeeds."""
    server = Postgres()
    try:
        await asyncio.to_thread(server.start)
        database = open_database(Secret(server.url))
        assert await database.run(_one) == 1
        await asyncio.to_thread(server.kill)
        for _ in range(3):
            began = time.monotonic()
            with pytest.raises(OSError, match="cannot be used"):
                await database.run(_one, write=True)
            assert time.monotonic() - began < PATIENCE + 30.0
        await asyncio.to_thread(server.start)
        assert await database.run(_one, write=True) == 1
        await database.close()
    finally:
        await asyncio.to_thread(server.stop)


def test_nothing_is_left_open(tmp_path: Path) -> None:
    """A process whose loop ends without closing the store ends all the same."""
    import subprocess
    import sys

    program = (
        "import asyncio, sys\nfrom pathlib import Path\nfrom interlock.model import Secret\n"
        "from interlock.store.opening import open_store\nasync def main():\n"
        " store = await open_store(Secret('sqlite:a.sqlite'), base=Path(sys.argv[1]))\n"
        " print(await store.approvals())\nasyncio.run(main())\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path], env=environment, capture_output=True, timeout=30, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, b"[]")
