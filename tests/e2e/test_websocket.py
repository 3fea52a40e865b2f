"""A WebSocket's messages are masked on their way to the agent, as JSON where they are JSON, by a real mitmdump."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.e2e.harness import TEMPLATE, Running, World, start

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT, _BINARY, _CLOSE, _FINAL = 1, 2, 8, 0x80
_WAIT = 60

MAIL, CARD, PLAN = "erika.mustermann@example.com", "4111 1111 1111 1111", "gold-plan-of-erika"
ESCAPED = '{"from": "erika.mustermann\\u0040example.com", "n": 1.50}'
NAMED = json.dumps({"customer": {"plan": PLAN, "seats": 3}, "plan": "team"}, separators=(" , ", " :  "))
LONG = json.dumps({"note": "x" * 70_000 + f" {CARD}", "ok": True})
PROSE = f"write to {MAIL}, please"
CLEAN = '{"a" :  [1, 2.50, "\\u00e9"]}'
TOLD = (ESCAPED, NAMED, LONG, PROSE, CLEAN)


def _frame(opcode: int, payload: bytes, *, final: bool = True, mask: bool = False) -> bytes:
    """One frame (RFC 6455, section 5.2)."""
    size, head = len(payload), bytes([opcode | (_FINAL if final else 0)])
    flag = 0x80 if mask else 0
    if size < 126:
        head += bytes([flag | size])
    elif size < 1 << 16:
        head += bytes([flag | 126]) + struct.pack("!H", size)
    else:
        head += bytes([flag | 127]) + struct.pack("!Q", size)
    return head + (b"\0\0\0\0" if mask else b"") + payload


def _exactly(stream: socket.SocketIO, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = stream.read(size - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def _messages(stream: socket.SocketIO) -> Iterator[tuple[int, bytes]]:
    """Whole messages up to the closing frame; servers mask nothing."""
    kind, held = 0, b""
    while True:
        first, second = _exactly(stream, 2)
        size = second & 0x7F
        if size == 126:
            (size,) = struct.unpack("!H", _exactly(stream, 2))
        elif size == 127:
            (size,) = struct.unpack("!Q", _exactly(stream, 8))
        payload, opcode = _exactly(stream, size), first & 0x0F
        if opcode == _CLOSE:
            return
        if opcode > _CLOSE:
            continue
        kind, held = opcode or kind, held + payload
        if first & _FINAL:
            yield kind, held
            kind, held = 0, b""


def _head(stream: socket.SocketIO) -> list[str]:
    data = b""
    while not data.endswith(b"\r\n\r\n"):
        data += _exactly(stream, 1)
    return data.decode("latin-1").split("\r\n")


class Sockets:
    """An upstream that answers an upgrade, says what it has to say and closes."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """No further connection."""
        self._server.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._server.accept()
                with connection, suppress(OSError, EOFError):
                    self._talk(connection)

    @staticmethod
    def _talk(connection: socket.socket) -> None:
        connection.settimeout(_WAIT)
        stream = connection.makefile("rb", buffering=0)
        key = next(line[18:].strip() for line in _head(stream) if line.lower().startswith("sec-websocket-key:"))
        accept = base64.b64encode(hashlib.sha1(key.encode() + _GUID).digest())
        connection.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        for text in TOLD:
            data = text.encode()
            middle = data.find(b"@") + 1 or len(data) // 2
            connection.sendall(_frame(_TEXT, data[:middle], final=False) + _frame(0, data[middle:]))
        connection.sendall(_frame(_BINARY, CARD.encode()) + _frame(_CLOSE, b"\x03\xe8"))
        while connection.recv(4096):
            pass


@pytest.fixture(scope="module")
def sockets() -> Iterator[Sockets]:
    """The upstream."""
    with closing(Sockets()) as running:
        yield running


@pytest.fixture(scope="module")
def gateway(world: World, sockets: Sockets, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A gateway with a connection of WebSockets, run by mitmdump."""
    folder = tmp_path_factory.mktemp("sockets")
    yield from _started(world, sockets, folder, "mitmdump")


def _started(world: World, sockets: Sockets, folder: Path, runner: str) -> Iterator[Running]:
    text = TEMPLATE.read_text(encoding="utf-8")
    connection = (
        f'  - {{name: sockets, protocol: http, hosts: ["http://127.0.0.1:{sockets.port}"], addresses: [127.0.0.0/8], '
        "websocket: true}\n"
    )
    rule = "\n  - id: plans\n    path: $$.customer.plan\n    with: redact\n    on: [sockets]\n"
    template = folder / "rules.yaml.template"
    template.write_text(
        text.replace("connections:\n", "connections:\n" + connection, 1)
        .replace("on: [plain, tls, h2, streams]", "on: [plain, tls, h2, streams, sockets]", 1)
        .replace("\nmasking:", "\nmasking:" + rule.rstrip("\n"), 1),
        encoding="utf-8",
    )
    with start(world, folder / "run", runner, template=template) as running:
        yield running


def _told(gateway: Running) -> list[tuple[int, bytes]]:
    """All messages that an agent gets."""
    where = urlsplit(gateway.at("sockets"))
    assert where.hostname
    assert where.port
    with socket.create_connection((where.hostname, where.port), timeout=_WAIT) as connection:
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {where.path}/documents/live HTTP/1.1", f"Host: {where.netloc}", "Upgrade: websocket",
                 "Connection: Upgrade", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}",
                 f"Authorization: Bearer {gateway.world.token('analyst')}"]  # fmt: skip
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        stream = connection.makefile("rb", buffering=0)
        head = _head(stream)
        assert head[0].startswith("HTTP/1.1 101 "), head
        found = list(_messages(stream))
        connection.sendall(_frame(_CLOSE, b"\x03\xe8", mask=True))
    return found


def test_messages_are_masked_as_what_they_are(gateway: Running) -> None:
    """In escapes, by JSONPath, in several frames and in long ones, in prose; what is clean keeps its bytes."""
    found = _told(gateway)
    texts = [data.decode() for kind, data in found if kind == _TEXT]

    assert not [value for value in (MAIL, "erika.mustermann\\u0040", CARD, PLAN) for text in texts if value in text]
    assert texts[0] == '{"from": "[redacted:pii]", "n": 1.50}'.replace("pii", "email")
    assert texts[1] == NAMED.replace(PLAN, "[redacted:plans]")
    assert texts[2] == LONG.replace(CARD, "[redacted:credit-card]")
    assert texts[3] == PROSE.replace(MAIL, "[redacted:email]")
    assert texts[4] == CLEAN
    assert not [data for _, data in found if CARD.encode() in data]
