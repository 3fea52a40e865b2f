"""A console as people meet it: served on a port of its own, signed in to at an issuer, over a real store."""

from __future__ import annotations

import asyncio
import contextlib
import re
import threading
import time
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from interlock.console.app import create_app
from interlock.console.listening import listening
from interlock.console.room import Room
from interlock.console.serve import open_room
from interlock.demo.sign_in import CLIENT, SignInIssuer
from interlock.engine.rules import load_rules
from interlock.engine.stores import store_url
from interlock.model import Approval, Ask, Person
from interlock.store.opening import open_reviews, open_store

RULES = """\
version: 1
gateway: {{recordings: kept}}
identities:
  - {{name: corp, issuer: "{issuer}", audience: interlock, algorithms: [ES256], claims: {{groups: groups}}}}
connections:
  - name: warehouse
    protocol: http
    hosts: ["https://warehouse.example.com"]
    commands: [{{at: "POST /v1/query", path: $.query, language: sql, dialect: postgres}}]
policy:
  - id: writers-ask
    review: [sql.write]
    on: [warehouse]
    to: {{groups: [writer]}}
    by: {{groups: [dba], people: {people}}}
    grant: {{max: 30m}}
  - id: analysts-read
    permit: [sql.read, "http.get /v1/*"]
    on: [warehouse]
    to: {{groups: [analyst]}}
    attest: {{every: 90d, by: {{groups: [dba]}}, overdue: forbid}}
  - id: leads-read
    permit: [sql.read]
    on: [warehouse]
    to: {{groups: [intern]}}
    attest: {{every: 30d, by: {{groups: [lead]}}, overdue: review}}
console:
  listen: 127.0.0.1:{port}
  sign_in: {{from: corp, client_id: {client}}}
  roles: {{approver: {{groups: [dba, lead]}}, auditor: {{groups: [audit]}}, administrator: {{groups: [platform]}}}}
"""
PEOPLE = {
    "dba-one": ["dba"], "dba-two": ["dba"], "lead-one": ["lead"], "auditor-one": ["audit"], "admin-one": ["platform"],
    "dba-writer": ["dba", "writer"], "guest": [],
}  # fmt: skip
SHOWN = {
    "method": "POST",
    "path": "/v1/query",
    "statement": "UPDATE orders SET state = 'paid'\nWHERE id = 17",
    "tables": ["orders"],
}


@dataclass
class Served:
    """One console, its issuer, and the loop it lives in."""

    room: Room
    issuer: SignInIssuer
    loop: asyncio.AbstractEventLoop
    url: str
    folder: Path
    asked: int = field(default=0)
    browsers: list[httpx.Client] = field(default_factory=list)

    def run[T](self, work: Coroutine[Any, Any, T]) -> T:
        """The result of a coroutine, in the console's own loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    def ask(self, subject: str = "agent-7", operation: str = "sql.write", *, people: int = 1, **more: Any) -> Approval:
        """A new question, about another row each time."""
        self.asked += 1
        given = {"shown": {**SHOWN, "row": self.asked}, "expires_in": 900.0, **more}
        return self.run(
            self.room.desk.open(
                fingerprint=f"{self.asked:064x}",
                requester=Person("corp", self.issuer.url, subject, acting_for=given.pop("acting_for", "")),
                connection="warehouse",
                operation=operation,
                asks=[Ask("writers-ask", people, 1800.0)],
                rules_digest=given.pop("rules_digest", self.room.keeper.rules.digest),
                **given,
            )
        )

    def now(self, approval: Approval) -> Approval:
        """As it stands."""
        found = self.run(self.room.desk.get(approval.id))
        assert found is not None
        return found


class Browser:
    """A person's browser, without the pictures."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.client = httpx.Client(base_url=served.url, follow_redirects=False)
        served.browsers.append(self.client)

    def sign_in(self, person: str, *, again: bool = False) -> httpx.Response:
        """Through the issuer and back; the answer to the way back."""
        begun = self.client.get("/sign-in", params={"again": "1"} if again else {})
        page = httpx.get(begun.headers["location"]).text
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
        fields = {name: value.replace("&amp;", "&") for name, value in fields.items()}
        agreed = httpx.post(f"{self.served.issuer.url}/authorize", data={**fields, "person": person})
        return self.client.get(agreed.headers["location"])

    def get(self, path: str) -> httpx.Response:
        """A page."""
        return self.client.get(path)

    def send(self, path: str, page: httpx.Response | None = None, *, origin: str = "", **fields: str) -> httpx.Response:
        """A form of a page, with what is hidden in it."""
        page = page or self.get(path)
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
        headers = {"origin": origin or self.served.url}
        return self.client.post(path, data={**hidden, **fields}, headers=headers)


@contextlib.contextmanager
def console(folder: Path, *, people: int = 1, rules: str = RULES, url: str = "") -> Iterator[Served]:
    """A console in a thread of its own. `url` is the store's, a file in the folder otherwise."""
    with SignInIssuer(PEOPLE) as issuer:
        port = _free_port()
        (folder / "rules").mkdir()
        text = rules.format(issuer=issuer.url, port=port, client=CLIENT, people=people)
        (folder / "rules" / "rules.yaml").write_text(text, encoding="utf-8")
        started: dict[str, Any] = {}
        ready = threading.Event()
        thread = threading.Thread(target=_run, args=(folder, port, url, started, ready), daemon=True)
        thread.start()
        ready.wait(30)
        if "failed" in started:
            raise started["failed"]
        served = Served(started["room"], issuer, started["loop"], f"http://127.0.0.1:{port}", folder)
        try:
            yield served
        finally:
            for browser in served.browsers:
                browser.close()
            started["server"].should_exit = True
            thread.join(20)


def _run(folder: Path, port: int, url: str, started: dict[str, Any], ready: threading.Event) -> None:
    async def main() -> None:
        rules = load_rules(folder / "rules")
        (folder / "kept").mkdir(exist_ok=True)
        store = await open_store(store_url(rules), base=folder)
        reviews = await open_reviews(store_url(rules), base=folder)
        try:
            room = open_room(folder / "rules", rules, store, reviews)
            server = _Server(listening(create_app(room), "127.0.0.1", port), ready)
            started.update(room=room, server=server, loop=asyncio.get_running_loop())
            await server.serve()
        finally:
            await reviews.close()
            await store.close()

    try:
        asyncio.run(main())
    except BaseException as error:
        started["failed"] = error
    ready.set()


class _Server(uvicorn.Server):
    """Says when it listens, and leaves signals to the tests."""

    def __init__(self, config: uvicorn.Config, ready: threading.Event) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self._ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _free_port() -> int:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def until(holds: Any, seconds: float = 60.0) -> None:
    """Wait for something that comes by itself."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)
