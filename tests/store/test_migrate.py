"""Any number of processes may start on an empty store; what a newer version left is not touched."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

import interlock.store.migrate as under_test
from interlock.errors import InterlockError
from interlock.model import Change, Secret
from interlock.store import documents
from interlock.store.engine import Database, open_database
from interlock.store.migrate import HEAD, migrate
from interlock.store.opening import open_store
from interlock.store.tables import METADATA, VERSION

FOLDER = Path(under_test.__file__).parent / "migrations"


async def _set_version(database: Database, version: str) -> None:
    async def work(connection: AsyncConnection) -> None:
        await connection.execute(text(f"UPDATE {VERSION} SET version_num = :version"), {"version": version})

    await database.run(work, write=True)


def test_the_head_is_the_newest_migration() -> None:
    """There is one line of migrations, and the code names its end."""
    scripts = ScriptDirectory(str(FOLDER), version_locations=[str(FOLDER)])
    assert scripts.get_heads() == [HEAD]
    assert [script.revision for script in scripts.walk_revisions()][-1] == "0001"


async def test_migrations_make_the_tables(store_url: Secret) -> None:
    """From nothing to exactly the tables that the code uses; again, and nothing happens."""
    database = open_database(store_url)
    await migrate(database)
    await migrate(database)

    def differences(connection: Connection) -> list[object]:
        options = {"compare_type": True, "include_name": lambda name, kind, _: kind != "table" or name != VERSION}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, METADATA))

    async def work(connection: AsyncConnection) -> list[object]:
        return await connection.run_sync(differences)

    assert await database.run(work) == []
    await database.close()


async def test_many_start_at_once(store_url: Secret) -> None:
    """One of them makes the tables, the others wait for it."""
    stores = await asyncio.gather(*(open_store(store_url) for _ in range(8)))
    assert [await store.approvals() for store in stores] == [[]] * 8
    await asyncio.gather(*(store.close() for store in stores))


async def test_processes_start_at_once(store_url: Secret) -> None:
    """The same between processes."""
    program = (
        "import asyncio, sys\nfrom interlock.model import Secret\nfrom interlock.store.opening import open_store\n"
        "async def main():\n store = await open_store(Secret(sys.argv[1]))\n print(await store.approvals())\n"
        " await store.close()\nprint('ready', flush=True)\nsys.stdin.readline()\nasyncio.run(main())\n"
    )
    command = [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{program}", store_url.reveal()]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    started = [subprocess.Popen(command, **pipes) for _ in range(2)]  # noqa: ASYNC220
    for one in started:
        assert await asyncio.to_thread(one.stdout.readline) == b"ready\n"
    for one in started:
        one.stdin.write(b"go\n")
        one.stdin.flush()
    done = await asyncio.gather(*(asyncio.to_thread(one.communicate, timeout=60) for one in started))
    assert [output for output, _ in done] == [b"[]\n", b"[]\n"]


async def test_a_newer_store_is_refused(store_url: Secret) -> None:
    """With what to do about it, and without touching it."""
    database = open_database(store_url)
    await migrate(database)
    await _set_version(database, "9999")
    with pytest.raises(InterlockError, match="newer version") as refused:
        await open_store(store_url)
    assert "newest version" in refused.value.hint
    with pytest.raises(InterlockError, match="9999"):
        await migrate(database)
    await database.close()


async def test_a_migration_that_fails_leaves_nothing(store_url: Secret, monkeypatch: pytest.MonkeyPatch) -> None:
    """All or none: half a schema is no schema."""
    database = open_database(store_url)
    real = under_test._upgrade

    def failing(connection: Connection) -> None:
        real(connection)
        raise OSError("the process ends here")

    monkeypatch.setattr(under_test, "_upgrade", failing)
    with pytest.raises(OSError, match="cannot be used"):
        await migrate(database)
    monkeypatch.undo()
    assert await database.run(under_test._version) is None
    await migrate(database)
    assert await database.run(under_test._version) == HEAD
    await database.close()


async def test_a_history_from_before_is_kept(store_url: Secret, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines of the third migration's time read as before, and nobody is to write them into the evidence."""
    database, line = open_database(store_url), Change("apr-1", "expired", 1.0)
    monkeypatch.setattr(ScriptDirectory, "_upgrade_revs", _only_up_to("0003"))
    monkeypatch.setattr(under_test, "HEAD", "0003")
    await migrate(database)
    monkeypatch.undo()

    async def work(connection: AsyncConnection) -> None:
        row = {"subject": line.subject, "at": line.at, "document": documents.line(line)}
        await connection.execute(
            text("INSERT INTO interlock_history (subject, at, document) VALUES (:subject, :at, :document)"), row
        )

    await database.run(work, write=True)
    await database.close()
    store = await open_store(store_url)
    assert await store.history("apr-1") == [line]
    assert await store.journal().take("one", 9e9, 50) == ()
    await store.close()


def _only_up_to(revision: str) -> object:
    whole = ScriptDirectory._upgrade_revs
    return lambda scripts, _, current: whole(scripts, revision, current)


async def test_a_file_that_somebody_else_holds_for_long_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two parts of a gateway start on one empty file: the slow one does not have the other say that there is none."""
    holder = sqlite3.connect(tmp_path / "store.sqlite", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    failed, run = list[bool](), Database.run

    async def watched(self: Database, *args: Any, **options: Any) -> Any:
        try:
            return await run(self, *args, **options)
        except OSError:
            if not failed:
                holder.close()
            failed.append(True)
            raise

    monkeypatch.setattr(Database, "run", watched)
    database = open_database(Secret(f"sqlite:{tmp_path / 'store.sqlite'}"))
    await migrate(database)
    assert failed
    assert await database.run(under_test._version) == HEAD
    await database.close()
