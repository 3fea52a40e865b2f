"""Small HTTP/1.1 servers in threads: what the demo's issuer, SQL service and model API stand on.

A `Served` binds in its constructor, so its URL is known before it runs; `seen` keeps every request it got.
"""

from __future__ import annotations

import contextlib
import json
import ssl
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from interlock.model import JSON

__all__ = ["Reply", "Request", "Served"]

_MAX_BODY = 32 << 20


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it arrived: names in lower case, the body as sent."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(default=b"", repr=False)

    def header(self, name: str) -> str:
        """The first header called `name` (lower case), or an empty string."""
        return next((value for key, value in self.headers if key == name), "")

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    def json(self) -> Any:
        """The body as JSON; None when it is not."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer. With `pieces` the body goes out chunked, one write a piece."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    pieces: Iterator[bytes] | None = None

    @classmethod
    def of(cls, document: JSON, status: int = 200, **headers: str) -> Reply:
        """A JSON reply; underscores in header names become hyphens."""
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        return cls(status, json.dumps(document, ensure_ascii=False).encode(), headers=named)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is normal here, so nothing is printed."""


class Served(ABC):
    """One service on 127.0.0.1. Subclasses answer in `answer`; `with` starts and ends it."""

    def __init__(self, *, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.seen: list[Request] = []
        self._server = _Server(("127.0.0.1", port), _handler(self))
        self._scheme = "https" if tls else "http"
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def port(self) -> int:
        """The port it got."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Its origin, without a trailing slash."""
        return f"{self._scheme}://127.0.0.1:{self.port}"

    @abstractmethod
    def answer(self, request: Request) -> Reply:
        """What this service says; called from many threads at once."""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(service: Served) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version, sys_version = "demo", ""
        disable_nagle_algorithm = True

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing is printed: what arrived stands in `seen`."""

        def __getattr__(self, name: str) -> Any:
            if name.startswith("do_"):
                return self._exchange
            raise AttributeError(name)

        def _exchange(self) -> None:
            body = _read_body(self)
            headers = tuple((key.lower(), value) for key, value in self.headers.items())
            request = Request(self.command, self.path, headers, body)
            service.seen.append(request)
            with contextlib.suppress(ConnectionError, ssl.SSLError):
                _send(self, service.answer(request))

    return Handler


def _read_body(handler: BaseHTTPRequestHandler) -> bytes:
    if "chunked" not in handler.headers.get("transfer-encoding", "").lower():
        return handler.rfile.read(min(int(handler.headers.get("content-length") or 0), _MAX_BODY))
    body = bytearray()
    while size := int(handler.rfile.readline(64).partition(b";")[0], 16):
        body += handler.rfile.read(min(size, _MAX_BODY))
        handler.rfile.readline(64)
    while handler.rfile.readline(8192).strip():
        pass
    return bytes(body)


def _send(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    handler.send_response(reply.status)
    handler.send_header("content-type", reply.content_type)
    for name, value in reply.headers.items():
        handler.send_header(name, value)
    if reply.pieces is None:
        handler.send_header("content-length", str(len(reply.body)))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(reply.body)
        return
    handler.send_header("transfer-encoding", "chunked")
    handler.end_headers()
    try:
        for piece in reply.pieces:
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
    except InterruptedError:  # the script says that the stream is cut here
        handler.close_connection = True
        return
    handler.wfile.write(b"0\r\n\r\n")
