"""Vaults in an SQLite file that several gateways of one machine may share.

Everything in it is sealed by the sessions' keys; the file is its owner's alone all the same. Opened at its first use.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from interlock.ports import VaultRow
from interlock.store.private_file import make_private

__all__ = ["VaultFile"]

_PATIENCE = 2.0
_MAX_ROWS = 100_000
_TABLE = """
CREATE TABLE IF NOT EXISTS vault (
    session TEXT NOT NULL, token TEXT NOT NULL, origin TEXT NOT NULL, sealed BLOB NOT NULL,
    echoes INTEGER NOT NULL, written REAL NOT NULL, PRIMARY KEY (session, token)
) WITHOUT ROWID
"""
_BEGIN = ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL", "PRAGMA secure_delete = ON", _TABLE)
_KEEP = """
INSERT INTO vault VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (session, token) DO UPDATE SET echoes = max(echoes, excluded.echoes), written = excluded.written
"""
_ONE = "SELECT token, origin, sealed, echoes FROM vault WHERE session = ? AND token = ?"
_ALL = f"SELECT token, origin, sealed, echoes FROM vault WHERE session = ? LIMIT {_MAX_ROWS}"  # noqa: S608
_DROP = "DELETE FROM vault WHERE session = ?"
_OLD = "DELETE FROM vault WHERE session IN (SELECT session FROM vault GROUP BY session HAVING max(written) < ?)"


class VaultFile:
    """A VaultStore (interlock.ports). Safe between threads: one at a time is served."""

    def __init__(self, path: Path, now: Callable[[], float]) -> None:
        self._path = path
        self._now = now
        self._lock = threading.Lock()
        self._open: sqlite3.Connection | None = None

    def read(self, session: str) -> Sequence[VaultRow]:
        """See VaultStore."""
        with self._using() as database:
            return [_row(found) for found in database.execute(_ALL, (session,))]

    def write(self, session: str, rows: Sequence[VaultRow]) -> Sequence[VaultRow]:
        """See VaultStore."""
        now = self._now()
        told = [(session, row.token, row.origin, row.sealed, int(row.echoes), now) for row in rows]
        with self._using() as database:
            database.execute("BEGIN IMMEDIATE")
            database.executemany(_KEEP, told)
            found = [_row(database.execute(_ONE, (session, row.token)).fetchone()) for row in rows]
            database.execute("COMMIT")
            return found

    def forget(self, before: float) -> None:
        """See VaultStore."""
        with self._using() as database:
            database.execute(_OLD, (before,))

    def drop(self, session: str) -> int:
        """Forgets one session for good, and says how much that was. Raises OSError."""
        with self._using() as database:
            return database.execute(_DROP, (session,)).rowcount

    def close(self) -> None:
        """See VaultStore."""
        with self._lock:
            if self._open is not None:
                self._open.close()
                self._open = None

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        """The open file. Raises OSError; what was begun is undone, and the next use opens it anew."""
        with self._lock:
            try:
                self._open = self._open or self._opened()
                yield self._open
            except (sqlite3.Error, TypeError, ValueError) as error:
                if self._open is not None:
                    self._open.close()
                    self._open = None
                raise OSError(f"the vault cannot be used: {type(error).__name__}") from None

    def _opened(self) -> sqlite3.Connection:
        make_private(self._path)
        database = sqlite3.connect(self._path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            for statement in _BEGIN:
                database.execute(statement)
        except sqlite3.Error:
            database.close()
            raise
        return database


def _row(found: tuple[str, str, bytes, int]) -> VaultRow:
    token, origin, sealed, echoes = found
    return VaultRow(str(token), str(origin), bytes(sealed), bool(echoes))
