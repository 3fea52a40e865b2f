"""mitmweb's API as its page uses it: requests with the password, and the stream of updates."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import httpx
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

__all__ = ["PASSWORD", "Api", "Updates", "until"]

PASSWORD = "look-only-password"
_PATIENCE = 60.0
_EVERY = 0.02


def until[T](what: Callable[[], T]) -> T:
    """The first true value; fails after a while."""
    deadline = time.monotonic() + _PATIENCE
    while not (found := what()):
        if time.monotonic() > deadline:
            raise TimeoutError("it did not happen in time")
        time.sleep(_EVERY)
    return found


class Api(httpx.Client):
    """mitmweb's API at one port."""

    def __init__(self, port: int) -> None:
        super().__init__(
            base_url=f"http://127.0.0.1:{port}",
            headers={"authorization": f"Bearer {PASSWORD}", "x-xsrftoken": "T", "cookie": "_mitmproxy_xsrf=T"},
            trust_env=False,
            timeout=10,
        )
        self.port = port

    def flows(self) -> list[dict[str, Any]]:
        """Everything in the list but the gateway's own health."""
        found: list[dict[str, Any]] = self.get("/flows").json()
        return [flow for flow in found if not flow["request"]["path"].endswith("/health")]

    def last(self) -> dict[str, Any]:
        """The newest flow."""
        return self.flows()[-1]

    def option(self, **options: Any) -> httpx.Response:
        """Change options."""
        return self.put("/options", json=options)

    def options(self) -> dict[str, Any]:
        """All options by name."""
        return {name: entry["value"] for name, entry in self.get("/options").json().items()}

    def command(self, name: str, *arguments: str) -> dict[str, Any]:
        """Run a command."""
        found: dict[str, Any] = self.post(f"/commands/{name}", json={"arguments": list(arguments)}).json()
        return found

    def everything(self) -> bytes:
        """All that the API gives of all flows, and its log."""
        pieces = [self.get(path).content for path in ("/flows", "/flows/dump", "/events", "/options", "/state")]
        for flow in self.get("/flows").json():
            for message in ("request", "response"):
                if message in flow:
                    pieces.append(self.get(f"/flows/{flow['id']}/{message}/content.data").content)
                    pieces.append(self.get(f"/flows/{flow['id']}/{message}/content/Auto").content)
        return b"\n".join(pieces)


class Updates:
    """What the page is told while it is open."""

    def __init__(self, port: int) -> None:
        self.messages: list[str] = []
        self._open, self._stop = threading.Event(), threading.Event()
        request = HTTPRequest(f"ws://127.0.0.1:{port}/updates", headers={"Authorization": f"Bearer {PASSWORD}"})
        self._thread = threading.Thread(target=lambda: asyncio.run(self._read(request)), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._open.wait(_PATIENCE):
            raise TimeoutError("the stream of updates did not open")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join(_PATIENCE)

    async def _read(self, request: HTTPRequest) -> None:
        connection = await websocket_connect(request)
        self._open.set()
        while not self._stop.is_set():
            with contextlib.suppress(TimeoutError):
                message = await asyncio.wait_for(asyncio.shield(connection.read_message()), 0.2)
                self.messages.append(str(message))
        connection.close()
