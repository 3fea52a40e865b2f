"""Answers from a recording: an addon that gives what was recorded, and never asks anybody else.

Both ways in lead here: as a proxy (the recorded origins, by CONNECT or not), and as a base URL, `/connections/NAME/…`
for one connection or the path alone. What is not in the recording gets a problem (RFC 9457) that says what came nearest
and where it differs. Streamed answers come from a server of this process's own, in the pieces they were recorded in;
every other connection to a server is refused.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mitmproxy import ctx, http
from mitmproxy.addonmanager import Loader
from mitmproxy.proxy import server_hooks

from interlock.errors import InterlockError
from interlock.mitm.answering import Answering
from interlock.model import JSON
from interlock.replay.answer_then import headers_then, with_id
from interlock.replay.book import Asked, Book, Miss
from interlock.replay.entry import Entry

__all__ = ["OWN", "Replaying", "miss_document"]

OWN = "/-/interlock/replay"
_CONNECTIONS = "/connections/"
_PROBLEM = (
    ("content-type", "application/problem+json"),
    ("x-should-retry", "false"),  # the clients of model APIs would otherwise try again
)


class Replaying:
    """Told what to do by `INTERLOCK_REPLAY`, a JSON object: `recordings`, `ignore`, `repeat`, `pace`, `ready`."""

    name = "interlock-replaying"

    def __init__(self) -> None:
        self._book: Book | None = None
        self._answering = Answering()
        self._settings: dict[str, Any] = {}

    def load(self, loader: Loader) -> None:
        """Reads the recording; what is wrong with it is said in the ready file, and ends the process."""
        self._settings = json.loads(os.environ["INTERLOCK_REPLAY"])
        try:
            folders = [Path(text) for text in self._settings["recordings"]]
            self._book = Book(folders, ignore=self._settings["ignore"], repeat=self._settings["repeat"])
        except (InterlockError, OSError) as error:
            self._ready({"error": str(error)})
            sys.exit(1)

    async def running(self) -> None:
        """Everybody listens: says where. Ends when whoever started it has gone."""
        await self._answering.start(paced=self._settings["pace"])
        asyncio.get_running_loop().add_reader(sys.stdin.fileno(), self._left)
        names = {entry.connection for entry in self._book.entries} if self._book is not None else set()
        ports: dict[str, JSON] = {"connections": [*sorted(names - {""})]}
        for server in ctx.master.addons.get("proxyserver").servers:
            ports[server.mode.type_name] = next(addr[1] for addr in server.listen_addrs if "." in addr[0])
        self._ready(ports)

    def _left(self) -> None:
        if not os.read(sys.stdin.fileno(), 4096):
            asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
            ctx.master.shutdown()

    def _ready(self, document: dict[str, JSON]) -> None:
        path = Path(self._settings["ready"])
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(document), encoding="utf-8")
        fresh.replace(path)

    def request(self, flow: http.HTTPFlow) -> None:
        """The recorded answer, or a problem; whatever happens, nothing goes on."""
        flow.response = http.Response.make(501, b"", {"content-type": "application/problem+json"})
        book = self._book
        if book is None:
            return
        asked = _asked(flow)
        if asked.target == OWN:
            flow.response = _json(200, state(book), (("content-type", "application/json"),))
            return
        found = book.answer(asked)
        if isinstance(found, Miss):
            flow.response = _json(501, miss_document(found), _PROBLEM)
            return
        body = with_id(found, asked.body)
        if self._answering.streams(found):
            flow.response = None
            self._answering.route(flow, found, body)
            return
        flow.response = http.Response.make(
            found.flow.status, body, [(name.encode(), value.encode("latin-1")) for name, value in headers_then(found)]
        )

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """What comes from the process's own server goes on as it comes."""
        if flow.response is not None:
            flow.response.stream = True

    def server_connect(self, data: server_hooks.ServerConnectionHookData) -> None:
        """Nobody is dialled but this very process."""
        if data.server.address != self._answering.address:
            data.server.error = "a recording answers; nothing is dialled"


def miss_document(miss: Miss) -> dict[str, JSON]:
    """A problem document: what is not there, and what came nearest. Nothing of any body."""
    why = "has given all its answers to this request" if miss.given else "does not hold this request"
    document: dict[str, JSON] = {
        "type": "about:blank",
        "title": "not in the recording",
        "status": 501,
        "detail": f"The recording {why}: {miss.method} {miss.path}",
    }
    if miss.nearest is not None and not miss.given:
        near = miss.nearest
        document["nearest"] = {
            "reference": near.reference, "request": f"{near.method} {near.path}", "differs": [*near.places],
            "more": near.more, "given": near.given,
        }  # fmt: skip
    return document


def state(book: Book) -> dict[str, JSON]:
    """What was given, what was not, and what was asked for in vain."""
    return {
        "answers": len(book.entries),
        "given": book.given,
        "unused": [_shown(entry) for entry in book.unused],
        "missed": [miss_document(miss) for miss in book.misses],
    }


def _shown(entry: Entry) -> JSON:
    path = entry.flow.path.partition("?")[0]
    return {"reference": entry.reference, "connection": entry.connection, "request": f"{entry.flow.method} {path}"}


def _asked(flow: http.HTTPFlow) -> Asked:
    request = flow.request
    body, kind = request.get_content(strict=False) or b"", request.headers.get("content-type", "")
    if flow.client_conn.proxy_mode.type_name != "reverse":
        return Asked(request.method, request.path, body, kind, (request.scheme, request.host, request.port))
    connection, target = "", request.path
    if target.startswith(_CONNECTIONS):
        connection, _, target = target.removeprefix(_CONNECTIONS).partition("/")
        target = "/" + target
    return Asked(request.method, target, body, kind, None, connection)


def _json(status: int, document: JSON, headers: Sequence[tuple[str, str]]) -> http.Response:
    return http.Response.make(
        status, json.dumps(document).encode(), [(name.encode(), value.encode()) for name, value in headers]
    )
