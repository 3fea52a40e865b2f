"""Two gateways by one set of rules, one console and one PostgreSQL, and browsers in which people sign in there.

Pictures of pages go to the folder that INTERLOCK_SCREENSHOTS names, where it does.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
from playwright.sync_api import Browser, Page

from interlock.demo.processes import Gateway, Ports, Process, listening, program
from interlock.demo.rules import write_rules
from interlock.demo.services import Services

__all__ = ["Pair", "SignIn", "pair", "signing_in"]

type SignIn = Callable[..., Page]


@dataclass
class Pair:
    """Everything that runs, each in a process of its own."""

    services: Services
    rules: Path
    recordings: Path
    gateways: tuple[Gateway, Gateway]
    console: str
    store: str
    env: dict[str, str]
    pictures: Path


@contextlib.contextmanager
def pair(folder: Path, server: str, schema: str, change: Callable[[str], str], **people: list[str]) -> Iterator[Pair]:
    """By the demo's rules, as `change` leaves them, and a schema of its own; `people` may sign in with these groups."""
    with Services() as services, contextlib.ExitStack() as stack:
        services.issuer.people.update({name.replace("_", "-"): groups for name, groups in people.items()})
        first, second = Ports(), Ports()
        rules, recordings = write_rules(folder / "rules", services, first, folder / "recordings"), folder / "recordings"
        file = rules / "demo.yaml"
        text = file.read_text(encoding="utf-8").replace("gateway:\n", "gateway:\n  store: env:STORE_URL\n", 1)
        file.write_text(change(text), encoding="utf-8")
        store = asyncio.run(_made(server, schema))
        env = {**services.environment, "STORE_URL": store}
        gateways = (
            stack.enter_context(Gateway(rules, first, confdir=folder / "one", env=env)),
            stack.enter_context(Gateway(rules, second, runner="mitmdump", confdir=folder / "two", env=env)),
        )
        command = [program("interlock"), "console", "--rules", str(rules)]
        listening(first.console, stack.enter_context(Process(command, env={**os.environ, **env})))
        pictures = Path(os.environ.get("INTERLOCK_SCREENSHOTS") or folder / "pictures")
        pictures.mkdir(exist_ok=True, parents=True)
        yield Pair(services, rules, recordings, gateways, f"http://127.0.0.1:{first.console}", store, env, pictures)


async def _made(server: str, schema: str) -> str:
    connection = await asyncpg.connect(server)
    await connection.execute(f"CREATE SCHEMA {schema}")
    await connection.close()
    return f"{server}{'&' if '?' in server else '?'}search_path={schema}"


@contextlib.contextmanager
def signing_in(browser: Browser, console: str) -> Iterator[SignIn]:
    """`opened(person, path)`: a browser of their own, on a page; what it complained about fails the test."""
    complaints: list[str] = []
    with contextlib.ExitStack() as stack:

        def opened(person: str, path: str = "/", **look: Any) -> Page:
            context = browser.new_context(**look)
            stack.callback(context.close)
            context.set_default_timeout(60_000)
            page = context.new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
            page.goto(f"{console}{path}")
            page.get_by_role("button", name=person, exact=True).click()
            page.wait_for_url(f"**{path}")
            return page

        yield opened
    assert complaints == []
