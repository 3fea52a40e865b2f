"""Heads sent to a webhook, signed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from interlock.encodings.webhooks import signature
from interlock.recording.anchor import Target
from interlock.recording.anchors.webhook import PART
from interlock.recording.event import GENESIS, seal

_SECRET = "a secret of sixteen"
_LINE, _HASH = seal("head", {"n": 1}, 1, GENESIS, "2026-01-01T00:00:00.000Z")


class Receiver:
    """Keeps what is posted, and answers with `status`."""

    def __init__(self) -> None:
        self.status = 204
        self.got: list[tuple[dict[str, str], bytes]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(receiver.status)
                self.send_header("location", "http://127.0.0.1:9/elsewhere")
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/heads"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()
    yield found
    found.server.shutdown()
    found.server.server_close()


def test_a_head_comes_as_it_stands_and_signed(receiver: Receiver) -> None:
    """The receiver keeps the body as a line; its id is the head's hash, so what is sent twice is recognised."""
    PART.send(_LINE[:-1], Target(url=lambda: receiver.url, secret=lambda: _SECRET), 1000.5)
    ((headers, body),) = receiver.got
    assert body == _LINE[:-1]
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == (_HASH, "1000")
    assert headers["webhook-signature"] == signature(_SECRET, _HASH, 1000, body)


@pytest.mark.parametrize(("status", "says"), [(500, "answered 500"), (302, "answered 302"), (404, "answered 404")])
def test_anything_but_a_yes_is_tried_again(receiver: Receiver, status: int, says: str) -> None:
    """A redirect is not followed."""
    receiver.status = status
    with pytest.raises(OSError, match=says):
        PART.send(_LINE[:-1], Target(url=lambda: receiver.url, secret=lambda: _SECRET), 0.0)
    assert len(receiver.got) == 1


def test_what_cannot_work_is_said_without_the_secret(receiver: Receiver) -> None:
    """A short secret, an address in clear, nobody there."""
    for url, secret, says in (
        (receiver.url, "tiny", "shorter than 16"),
        ("http://example.com/", _SECRET, "must be https"),
        ("http://127.0.0.1:9/", _SECRET, "cannot be reached"),
    ):
        with pytest.raises(OSError, match=says) as raised:
            PART.send(_LINE[:-1], Target(url=lambda url=url: url, secret=lambda secret=secret: secret), 0.0)
        assert secret not in str(raised.value)
