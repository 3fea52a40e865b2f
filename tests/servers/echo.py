"""An HTTP/1.1 upstream that keeps what arrived and answers what the test wrote."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

from interlock.demo.serving import Reply, Request, Served


class Upstream(Served):
    """Answers `reply` to everything; `reply` may be changed between requests."""

    reply = Reply(body=b'{"ok": true}')

    def answer(self, request: Request) -> Reply:
        """What the test wrote."""
        return self.reply


class HeldStreams(Served):
    """Event streams that end only when six of them are open at once."""

    def __init__(self, **server: Any) -> None:
        super().__init__(**server)
        self.together = threading.Barrier(6)

    def answer(self, request: Request) -> Reply:
        """A stream whose first event comes at once, and whose last one only when six streams are open."""
        return Reply(content_type="text/event-stream", pieces=self._pieces())

    def _pieces(self) -> Iterator[bytes]:
        yield b": open\n\n"
        self.together.wait(20)
        yield b"event: message\ndata: {}\n\n"
