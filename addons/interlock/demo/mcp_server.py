"""An MCP server over Streamable HTTP, made with the official package: both eras of the wire, two tools.

`execute_sql` only writes down what it was asked, so that a test can tell whether a call got through.
"""

from __future__ import annotations

import socket
import threading
import time
from types import TracebackType
from typing import Any, Self

import uvicorn
from mcp.server import MCPServer
from mcp.server.transport_security import TransportSecuritySettings

from interlock.demo.people import COLUMNS, CUSTOMERS

__all__ = ["McpService"]

_START = 20.0


class McpService:
    """`with McpService() as service: service.url` is the origin; the endpoint is `/mcp`."""

    def __init__(self, *, json_response: bool = False, port: int = 0) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.seen: list[dict[str, str]] = []
        self._socket = socket.create_server(("127.0.0.1", port))
        app = self._build().streamable_http_app(
            json_response=json_response,
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )
        self._app = app
        config = uvicorn.Config(
            self._noting, interface="asgi3", log_level="error", lifespan="on", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), daemon=True)

    @property
    def url(self) -> str:
        """Its origin, without a trailing slash."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    async def _noting(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            self.seen.append({name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]})
        await self._app(scope, receive, send)

    def _build(self) -> MCPServer[Any]:
        server: MCPServer[Any] = MCPServer("db", instructions="A pretend customer database.", log_level="ERROR")

        @server.tool()
        def execute_sql(query: str, database: str = "prod") -> str:
            """Run any SQL statement on a database."""
            self.calls.append(("execute_sql", {"query": query, "database": database}))
            return f"OK on {database}: {query}"

        @server.tool()
        def list_customers() -> list[dict[str, str]]:
            """List the customers with their contact data."""
            self.calls.append(("list_customers", {}))
            return [dict(zip(COLUMNS, map(str, row), strict=True)) for row in CUSTOMERS]

        return server

    def __enter__(self) -> Self:
        self._thread.start()
        deadline = time.monotonic() + _START
        while not self._server.started:
            if time.monotonic() > deadline or not self._thread.is_alive():
                raise RuntimeError("the MCP server did not start")
            time.sleep(0.01)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(5)
        if self._thread.is_alive():
            self._server.force_exit = True
            self._thread.join(5)
        self._socket.close()
