"""Upstreams on many ports in one: they keep what arrived by its number, and say what was scripted for it."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from collections import defaultdict
from collections.abc import Iterable
from typing import Self

from interlock.demo.serving import Reply, Request

__all__ = ["Recorder"]

type Script = Reply | bytes
_EMPTY = Reply(body=b"{}")


class Recorder:
    """Listens once for each name. `replies` may hold a Reply, or bytes that go out as they are before the end."""

    def __init__(self, names: Iterable[str]) -> None:
        self.replies: dict[str, Script] = {}
        self.arrived: dict[str, list[Request]] = defaultdict(list)
        self._listening = {name: socket.create_server(("127.0.0.1", 0), backlog=64) for name in names}
        self.urls = {name: f"http://127.0.0.1:{each.getsockname()[1]}" for name, each in self._listening.items()}
        self._wake, self._woken = socket.socketpair()
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._wake.close()
        self._thread.join()
        self._woken.close()
        for listening in self._listening.values():
            listening.close()

    def _accept(self) -> None:
        with selectors.DefaultSelector() as selector:
            for listening in (*self._listening.values(), self._woken):
                selector.register(listening, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    if key.fileobj is self._woken:
                        return
                    connection, _ = key.fileobj.accept()  # type: ignore[union-attr]
                    threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError, EOFError), connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            reader = connection.makefile("rb")
            while (request := _read(reader)) is not None:
                number = request.header("x-row")
                self.arrived[number].append(request)
                reply = self.replies.get(number, _EMPTY)
                if isinstance(reply, bytes):
                    connection.sendall(reply)
                    return
                _send(connection, reply)


def _read(reader: socket.SocketIO) -> Request | None:
    first = reader.readline(65536)
    if not first:
        return None
    method, target, _ = first.decode("latin-1").split(" ", 2)
    headers = []
    while line := reader.readline(65536).rstrip(b"\r\n"):
        name, _, value = line.decode("latin-1").partition(":")
        headers.append((name.strip().lower(), value.strip()))
    request = Request(method, target, tuple(headers))
    if request.header("transfer-encoding"):
        body = _chunks(reader)
    else:
        body = reader.read(int(request.header("content-length") or 0))
    return Request(method, target, tuple(headers), body)


def _chunks(reader: socket.SocketIO) -> bytes:
    body = b""
    while size := int(reader.readline(64).partition(b";")[0], 16):
        body += reader.read(size)
        reader.readline(8)
    while reader.readline(8192).strip():
        pass
    return body


def _send(connection: socket.socket, reply: Reply) -> None:
    lines = [f"HTTP/1.1 {reply.status} So", *(f"{name}: {value}" for name, value in reply.headers.items())]
    if reply.content_type:
        lines.append(f"Content-Type: {reply.content_type}")
    lines.append("Transfer-Encoding: chunked" if reply.pieces else f"Content-Length: {len(reply.body)}")
    connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + (b"" if reply.pieces else reply.body))
    if reply.pieces:
        for piece in reply.pieces:
            connection.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
        connection.sendall(b"0\r\n\r\n")
