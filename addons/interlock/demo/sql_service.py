"""SQL over HTTP on SQLite in memory: `POST /v1/query {"query": "..."}` answers `{"columns", "rows"}`.

It wants the service's own bearer credential, which only the gateway holds. `ran` is what truly reached it.
"""

from __future__ import annotations

import hmac
import sqlite3
import threading
from types import TracebackType

from interlock.demo.people import COLUMNS, CUSTOMERS
from interlock.demo.serving import Reply, Request, Served
from interlock.model import JSON

__all__ = ["SqlService"]

_MAX_ROWS = 1000


class SqlService(Served):
    """A warehouse that does whatever it is told by whoever holds `credential`."""

    def __init__(self, credential: str, *, port: int = 0) -> None:
        super().__init__(port=port)
        self.ran: list[str] = []
        self._credential = f"Bearer {credential}"
        self._lock = threading.Lock()
        self._database = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._database.execute(f"CREATE TABLE customers ({', '.join(COLUMNS)})")
        marks = ", ".join("?" * len(COLUMNS))
        self._database.executemany(f"INSERT INTO customers VALUES ({marks})", CUSTOMERS)  # noqa: S608 (marks only)

    @property
    def rows(self) -> int:
        """How many customers there are; 0 once the table is gone."""
        with self._lock:
            try:
                return int(self._database.execute("SELECT count(*) FROM customers").fetchone()[0])
            except sqlite3.Error:
                return 0

    def answer(self, request: Request) -> Reply:
        """Run the query for the right credential; 401, 404, 400 otherwise."""
        if not hmac.compare_digest(request.header("authorization").encode(), self._credential.encode()):
            return Reply.of({"error": "wrong or missing credential"}, 401, www_authenticate="Bearer")
        if (request.method, request.path) != ("POST", "/v1/query"):
            return Reply.of({"error": "no such resource"}, 404)
        document = request.json()
        query = document.get("query") if isinstance(document, dict) else None
        if not isinstance(query, str):
            return Reply.of({"error": 'send {"query": "..."}'}, 400)
        return self._run(query)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        with self._lock:
            self._database.close()

    def _run(self, query: str) -> Reply:
        with self._lock:
            self.ran.append(query)
            try:
                cursor = self._database.execute(query)
                rows: list[JSON] = [list(row) for row in cursor.fetchmany(_MAX_ROWS)]
            except sqlite3.Error as error:
                return Reply.of({"error": str(error)}, 400)
        columns: list[JSON] = [column[0] for column in cursor.description or ()]
        return Reply.of({"columns": columns, "rows": rows, "changed": max(cursor.rowcount, 0)})
