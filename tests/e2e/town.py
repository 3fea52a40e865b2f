"""A town whose gateway, console and PostgreSQL can be stopped at a known place, killed, and started again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import asyncpg
import httpx
from tests.console.serving import Browser, until
from tests.servers.postgres import Postgres

from interlock.approval.desk import Desk
from interlock.clocks import SystemClock
from interlock.demo.processes import Gateway, Ports, Process, listening, program
from interlock.demo.serving import Reply, Request, Served
from interlock.demo.sign_in import SignInIssuer
from interlock.model import Approval, ApprovalState, Person, Secret
from interlock.store.opening import open_store

__all__ = ["Gate", "Town", "open_town"]

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


STOPS = """
CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE place int := TG_ARGV[0]::int;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(place + CASE
    WHEN NEW.state = 'used' AND NEW.outcome = 'known' THEN 4 WHEN NEW.state = 'used' THEN 3
    WHEN NEW.state = 'approved' THEN 2 ELSE 1 END);
  RETURN NULL;
END $$;
CREATE TRIGGER stop_within AFTER INSERT OR UPDATE ON interlock_approvals FOR EACH ROW EXECUTE FUNCTION stop(10);
CREATE CONSTRAINT TRIGGER stop_at_commit AFTER INSERT OR UPDATE ON interlock_approvals DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION stop(20);
"""
"""Whoever makes an approval pending, approved, used or finished waits where a test says so: within the transaction, or
at its commit, which is then made but not heard of.
"""
_PLACES = {"pending": 1, "approved": 2, "used": 3, "finished": 4}


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


class Gate:
    """Where whoever changes an approval has to wait, for as long as this is closed."""

    def __init__(self, url: str, state: str, *, at_commit: bool) -> None:
        self._loop = asyncio.new_event_loop()
        self._place = _PLACES[state] + (20 if at_commit else 10)
        self._connection: Any = self._run(asyncpg.connect(url))
        self._run(self._connection.execute("SELECT pg_advisory_lock($1)", self._place))

    def reached(self) -> None:
        """Returns when somebody waits there."""
        query = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND NOT granted"
        until(lambda: self._run(self._connection.fetchval(query, self._place)), 20)

    def open(self) -> None:
        """Who waits goes on; the database may be gone."""
        with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            self._run(self._connection.execute("SELECT pg_advisory_unlock($1)", self._place))

    def passed(self) -> None:
        """Returns when nobody is on the way through any more."""
        query = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND pid <> pg_backend_pid()"
        until(lambda: not self._run(self._connection.fetchval(query, self._place)), 20)

    def close(self) -> None:
        """Nothing follows."""
        self._connection.terminate()
        self._run(asyncio.sleep(0))  # only then its socket is closed
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._loop.run_until_complete(work)


class Aside:
    """An event loop in a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """What it gives."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def stop(self) -> None:
        """Nothing follows."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


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
    console: Process
    aside: Aside
    beside: Desk
    browsers: list[httpx.Client] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def send(
        self, path: str, body: str, method: str = "POST", timeout: float = 60.0, who: str = "agent-7"
    ) -> httpx.Response | None:
        """What the agent gets; None when its gateway is gone."""
        token = self.issuer.token(who, ["writer"])
        url = f"http://127.0.0.1:{self.ports.reverse}/connections/docs{path}"
        headers = {"authorization": f"Bearer {token}", "content-type": "text/plain"}
        with contextlib.suppress(httpx.TransportError):
            return httpx.request(method, url, content=body, headers=headers, timeout=timeout, trust_env=False)
        return None

    @contextlib.contextmanager
    def sending(self, path: str, body: str, who: str = "agent-7") -> Iterator[list[httpx.Response | None]]:
        """The same, meanwhile."""
        answers: list[httpx.Response | None] = []
        thread = threading.Thread(target=lambda: answers.append(self.send(path, body, who=who)), daemon=True)
        thread.start()
        yield answers
        thread.join(60)

    def desk(self, work: Callable[[Desk], Any]) -> Any:
        """Somebody else's desk, over the same store."""
        return self.aside.run(work(self.beside))

    def found(self, *states: ApprovalState, who: str = "") -> list[Approval]:
        """What is in the store."""
        listed = self.desk(lambda desk: desk.queue(states or [*ApprovalState]))
        return [one for one in listed if who in ("", one.requester.subject)]

    def one(self, *states: ApprovalState, who: str = "") -> Approval:
        """The newest of these, when there is one."""
        until(lambda: self.found(*states, who=who), 20)
        return self.found(*states, who=who)[0]

    def now(self, id: str) -> Approval:
        """As it stands."""
        found: Approval = self.desk(lambda desk: desk.get(id))
        return found

    def approve(self, approval: Approval) -> None:
        """A reviewer's yes."""
        reviewer = Person("demo", self.issuer.url, "reviewer-1", groups=("reviewer",))
        self.desk(lambda desk: desk.vote(approval.id, reviewer, approves=True, rules=("asks",)))

    def reviewer(self) -> Browser:
        """Somebody's browser, signed in to the console."""
        url = f"http://127.0.0.1:{self.ports.console}"
        browser = Browser(SimpleNamespace(url=url, issuer=self.issuer, browsers=self.browsers))  # type: ignore[arg-type]
        browser.sign_in("reviewer-1")
        return browser

    def pid(self, victim: str) -> int:
        """Of the gateway or the console."""
        return (self.gateway.process if victim == "gateway" else self.console).pid

    def kill(self, victim: str = "gateway") -> None:
        """At once."""
        if victim == "postgres":
            self.postgres.kill()
            return
        os.kill(self.pid(victim), signal.SIGKILL)
        (self.gateway.process if victim == "gateway" else self.console).wait(10)

    def start(self, victim: str = "gateway") -> None:
        """Another in its place."""
        if victim == "postgres":
            self.postgres.start()
        elif victim == "gateway":
            self.gateway = Gateway(self.rules, self.ports, confdir=self.confdir, env=self.env)
            self.gateway.__enter__()
        else:
            self.console = opened_console(self.rules, self.ports, self.env)

    def ran(self, body: str) -> int:
        """How often it reached the upstream."""
        return sum(1 for line in self.upstream.came if line.endswith(f" {body}"))


def opened_console(rules: Path, ports: Ports, env: dict[str, str]) -> Process:
    """A console that listens."""
    console = Process([program("interlock"), "console", "--rules", str(rules)], env={**os.environ, **env})
    listening(ports.console, console)
    return console


@contextlib.contextmanager
def open_town(folder: Path) -> Iterator[Town]:
    """One of each."""
    server, ports = Postgres(), Ports()
    with contextlib.ExitStack() as stack:
        stack.callback(server.stop)
        server.start()
        upstream = stack.enter_context(Slow())
        issuer = stack.enter_context(SignInIssuer({"reviewer-1": ["reviewer"]}))
        rules = folder / "rules"
        rules.mkdir()
        text = RULES.format(
            forward=ports.forward, reverse=ports.reverse, console=ports.console, issuer=issuer.url,
            upstream=upstream.url,
        )  # fmt: skip
        (rules / "rules.yaml").write_text(text, encoding="utf-8")
        env = {"APPROVALS": server.url}
        console = opened_console(rules, ports, env)
        gateway = Gateway(rules, ports, confdir=folder / "conf", env=env)
        aside = Aside()
        stack.callback(aside.stop)
        store = aside.run(open_store(Secret(server.url)))
        stack.callback(lambda: aside.run(store.close()))
        beside = Desk(store, SystemClock(), gateway="test")
        town = Town(
            server, upstream, issuer, rules, ports, env, folder / "conf", gateway, console, aside, beside
        )  # fmt: skip
        stack.callback(lambda: town.console.stop())
        town.start()
        stack.callback(lambda: town.gateway.process.stop())
        stack.callback(upstream.go_on.set)
        asyncio.run(_executed(server.url, STOPS))
        yield town
        for browser in town.browsers:
            browser.close()


async def _executed(url: str, text: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(text)
    await connection.close()
