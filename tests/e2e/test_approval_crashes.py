"""Gateway, console and PostgreSQL die in the middle of approvals: nothing runs unapproved, nothing runs twice."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.console.serving import until
from tests.servers.postgres import Postgres

from interlock.approval.desk import Desk
from interlock.console.serve import Clocks
from interlock.demo.processes import Gateway, Ports, Process, listening, program
from interlock.demo.serving import Reply, Request, Served
from interlock.demo.sign_in import SignInIssuer
from interlock.model import Approval, ApprovalState, Person, Secret
from interlock.store.opening import open_store

RULES = """\
version: 1
gateway: {{forward: "127.0.0.1:{forward}", reverse: "127.0.0.1:{reverse}", recordings: kept, store: "env:APPROVALS"}}
identities:
  - {{name: demo, issuer: "{issuer}", audience: interlock, algorithms: [ES256], claims: {{groups: groups}}}}
connections:
  - {{name: docs, protocol: http, hosts: ["{upstream}"], addresses: [127.0.0.0/8]}}
policy:
  - id: asks
    review: ["http.post /ask/**"]
    on: [docs]
    to: {{groups: [writer]}}
    by: {{groups: [reviewer]}}
    hold: 30s
  - {{id: reads, permit: ["http.get /open/**"], on: [docs], to: {{groups: [writer]}}}}
console:
  listen: 127.0.0.1:{console}
  sign_in: {{from: demo, client_id: interlock-console}}
  roles: {{approver: {{groups: [reviewer]}}}}
"""


class Slow(Served):
    """An upstream that counts, and answers below /ask/slow when it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.came: list[str] = []
        self.arrived, self.go_on = threading.Event(), threading.Event()

    def answer(self, request: Request) -> Reply:
        self.came.append(f"{request.method} {request.path} {request.body.decode()}")
        if request.path.startswith("/ask/slow"):
            self.arrived.set()
            self.go_on.wait(60)
        return Reply.of({"done": True})


@dataclass
class Town:
    """What the tests kill."""

    postgres: Postgres
    upstream: Slow
    issuer: SignInIssuer
    rules: Path
    ports: Ports
    env: dict[str, str]
    confdir: Path
    gateway: Gateway
    sent: int = field(default=0)

    def send(self, path: str, body: str, method: str = "POST", timeout: float = 60.0) -> httpx.Response | None:
        """What the agent gets; None when its gateway is gone."""
        token = self.issuer.token("agent-7", ["writer"])
        url = f"http://127.0.0.1:{self.ports.reverse}/connections/docs{path}"
        headers = {"authorization": f"Bearer {token}", "content-type": "text/plain"}
        with contextlib.suppress(httpx.TransportError):
            return httpx.request(method, url, content=body, headers=headers, timeout=timeout, trust_env=False)
        return None

    @contextlib.contextmanager
    def sending(self, path: str, body: str) -> Iterator[list[httpx.Response | None]]:
        """The same, meanwhile."""
        answers: list[httpx.Response | None] = []
        thread = threading.Thread(target=lambda: answers.append(self.send(path, body)), daemon=True)
        thread.start()
        yield answers
        thread.join(60)

    def desk(self, work: Callable[[Desk], Any]) -> Any:
        """Somebody else's desk, over the same store."""

        async def opened() -> Any:
            store = await open_store(Secret(self.env["APPROVALS"]))
            try:
                return await work(Desk(store, Clocks(), gateway="test"))
            finally:
                await store.close()

        return asyncio.run(opened())

    def found(self, *states: ApprovalState) -> list[Approval]:
        """What is in the store."""
        return list(self.desk(lambda desk: desk.queue(states or [*ApprovalState])))

    def one(self, *states: ApprovalState) -> Approval:
        """The newest of these, when there is one."""
        until(lambda: self.found(*states), 20)
        return self.found(*states)[0]

    def approve(self, approval: Approval) -> None:
        """A reviewer's yes."""
        reviewer = Person("demo", self.issuer.url, "reviewer-1", groups=("reviewer",))
        self.desk(lambda desk: desk.vote(approval.id, reviewer, approves=True, rules=("asks",)))

    def kill(self) -> None:
        """The gateway, at once."""
        os.kill(self.gateway.process.pid, signal.SIGKILL)
        self.gateway.process.wait(10)

    def start(self) -> None:
        """Another gateway in its place."""
        self.gateway = Gateway(self.rules, self.ports, confdir=self.confdir, env=self.env)
        self.gateway.__enter__()

    def ran(self, body: str) -> int:
        """How often it reached the upstream."""
        return sum(1 for line in self.upstream.came if line.endswith(f" {body}"))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One of each."""
    folder = tmp_path_factory.mktemp("town")
    server, ports = Postgres(), Ports()
    with contextlib.ExitStack() as stack:
        stack.callback(server.stop)
        server.start()
        upstream = stack.enter_context(Slow())
        issuer = stack.enter_context(SignInIssuer({"reviewer-1": ["reviewer"]}))
        rules = folder / "rules"
        rules.mkdir()
        text = RULES.format(
            forward=ports.forward,
            reverse=ports.reverse,
            console=ports.console,
            issuer=issuer.url,
            upstream=upstream.url,
        )
        (rules / "rules.yaml").write_text(text, encoding="utf-8")
        env = {"APPROVALS": server.url}
        gateway = Gateway(rules, ports, confdir=folder / "conf", env=env)
        found = Town(server, upstream, issuer, rules, ports, env, folder / "conf", gateway)
        found.start()
        stack.callback(lambda: found.gateway.process.stop())
        stack.callback(upstream.go_on.set)
        yield found


def test_a_gateway_that_dies_while_it_holds(town: Town) -> None:
    """What waits is still there, can be approved, and runs once at the next gateway."""
    with town.sending("/ask/a", "first") as answers:
        asked = town.one(ApprovalState.PENDING)
        town.kill()
    assert answers == [None]
    town.approve(asked)
    assert town.ran("first") == 0
    town.start()

    answer = town.send("/ask/a", "first")
    assert answer is not None
    assert answer.status_code == 200
    assert town.ran("first") == 1
    until(lambda: town.found()[0].outcome == "answered 200")


def test_a_gateway_that_dies_between_claim_and_answer(town: Town) -> None:
    """Nobody knows what became of it: it says so, and is never run again by that approval."""
    town.upstream.arrived.clear()
    with town.sending("/ask/slow", "second") as answers:
        asked = town.one(ApprovalState.PENDING)
        town.approve(asked)
        assert town.upstream.arrived.wait(20)
        town.kill()
    town.upstream.go_on.set()
    assert answers == [None]
    town.start()

    with town.sending("/ask/slow", "second"):
        again = town.one(ApprovalState.PENDING)
        assert again.id != asked.id
        assert town.ran("second") == 1
        town.desk(lambda desk: desk.withdraw(again.id, "the test is over"))
    until(lambda: town.desk(lambda desk: desk.get(asked.id)).outcome == "unknown", 90)
    assert town.desk(lambda desk: desk.get(asked.id)).state is ApprovalState.USED
    assert town.ran("second") == 1


def test_a_console_that_dies(town: Town) -> None:
    """What was decided stays decided, what waits waits, and nobody is signed in at the next one."""
    command = [program("interlock"), "console", "--rules", str(town.rules)]
    env = {**os.environ, **town.env}
    with town.sending("/ask/c", "third") as answers:
        asked = town.one(ApprovalState.PENDING)
        with Process(command, env=env) as console:
            listening(town.ports.console, console)
            os.kill(console.pid, signal.SIGKILL)
            console.wait(10)
        assert town.desk(lambda desk: desk.get(asked.id)).state is ApprovalState.PENDING
        with Process(command, env=env) as console:
            listening(town.ports.console, console)
            answered = httpx.get(f"http://127.0.0.1:{town.ports.console}/approvals/{asked.id}", trust_env=False)
            assert answered.status_code == 303
            assert town.ran("third") == 0
            town.approve(asked)
    assert answers[0] is not None
    assert answers[0].status_code == 200
    assert town.ran("third") == 1


def test_a_store_that_dies_while_something_waits(town: Town) -> None:
    """It is not let through; what needs nobody goes on; when the store is back, so is the question."""
    with town.sending("/ask/d", "fourth") as answers:
        asked = town.one(ApprovalState.PENDING)
        town.postgres.kill()
        until(lambda: (said := town.send("/ask/d2", "fifth")) is not None and "approval-unavailable" in said.text, 20)
        free = town.send("/open/x", "", "GET")
        assert free is not None
        assert free.status_code == 200
        assert (town.ran("fourth"), town.ran("fifth")) == (0, 0)
        town.postgres.start()
        town.approve(asked)
    assert town.ran("fifth") == 0
    if answers[0] is None or answers[0].status_code != 200:  # it was answered while the store was away
        assert town.ran("fourth") == 0
        until(lambda: (said := town.send("/ask/d", "fourth")) is not None and said.status_code == 200, 20)
    assert town.ran("fourth") == 1


def test_a_store_that_dies_with_its_gateway(town: Town) -> None:
    """An acknowledged yes is still there after both are back."""
    with town.sending("/ask/e", "sixth"):
        asked = town.one(ApprovalState.PENDING)
        town.kill()
    town.approve(asked)
    town.postgres.kill()
    town.postgres.start()
    town.start()

    answer = town.send("/ask/e", "sixth")
    assert answer is not None
    assert (answer.status_code, town.ran("sixth")) == (200, 1)
