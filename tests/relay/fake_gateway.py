"""A gateway's forward proxy reduced to what a relay needs: CONNECT, absolute-form requests, `/whoami`."""

from __future__ import annotations

import base64
import contextlib
import json
import socket
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass
class Seen:
    """One request as it arrived."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""

    @property
    def credentials(self) -> tuple[str, str]:
        """Run id and token."""
        scheme, _, rest = self.headers["proxy-authorization"].partition(" ")
        assert scheme == "Basic"
        user, _, password = base64.b64decode(rest).decode().partition(":")
        return user, password


@dataclass
class FakeGateway:
    """`with FakeGateway() as gateway:`; `accepted` narrows which tokens it takes (empty: any)."""

    accepted: set[str] = field(default_factory=set)
    seen: list[Seen] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """As `--gateway` takes it."""
        return f"http://127.0.0.1:{self.port}"

    def takes(self, seen: Seen) -> bool:
        """Whether its token is accepted."""
        return not self.accepted or seen.credentials[1] in self.accepted


def _handler(gateway: FakeGateway) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            return

        def _note(self) -> Seen:
            if self.headers.get("transfer-encoding") == "chunked":
                body = b""
                while size := int(self.rfile.readline(), 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
            else:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            seen = Seen(self.command, self.path, headers, body)
            gateway.seen.append(seen)
            return seen

        def _json(self, status: int, document: dict[str, Any]) -> None:
            raw = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def do_GET(self) -> None:
            seen = self._note()
            if not gateway.takes(seen):
                self._json(407, {"title": "refused", "detail": "the token has expired\x1b[31m"})
            elif self.path == "http://interlock.internal/whoami":
                self._json(200, {"identity": "corp", "subject": "erika", "groups": ["engineer"], "run": "x"})
            else:
                self._json(200, {"target": self.path, "body": seen.body.decode()})

        def do_POST(self) -> None:
            self.do_GET()

        def do_CONNECT(self) -> None:
            seen = self._note()
            if not gateway.takes(seen):
                self._json(407, {"detail": "the token has expired"})
                return
            host, _, port = self.path.rpartition(":")
            with socket.create_connection((host, int(port)), timeout=60) as upstream:
                self.send_response(200, "Connection established")
                self.end_headers()
                _splice(self.connection, upstream)
            self.close_connection = True

    return Handler


def _splice(one: socket.socket, other: socket.socket) -> None:
    def copy(source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    back = threading.Thread(target=copy, args=(other, one), daemon=True)
    back.start()
    copy(one, other)
    back.join(5)
