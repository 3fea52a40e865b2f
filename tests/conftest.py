"""What tests measure is printed when all have run, whichever process measured it; and the databases that they use."""

from __future__ import annotations

import asyncio
import gc
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from hypothesis import settings
from tests.servers.postgres import Postgres

from interlock.model import Secret

_FIGURES = pytest.StashKey[dict[str, dict[str, str]]]()
_SENT = "figures"

settings.register_profile("same", derandomize=True)  # where a change is judged, by what it does and not by chance

type Record = Callable[[str, Mapping[str, object]], None]


def pytest_configure(config: pytest.Config) -> None:
    """Nothing is measured yet."""
    config.stash[_FIGURES] = {}


def pytest_collection_finish() -> None:
    """Tens of thousands of tests are not garbage: the collector need not walk them again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def record_figures(request: pytest.FixtureRequest) -> Record:
    """Keeps figures under a name for the end of the run: `record_figures("shell", {"caught": "99.5 %"})`."""
    figures = request.config.stash[_FIGURES]

    def record(name: str, found: Mapping[str, object]) -> None:
        figures[name] = {key: str(value) for key, value in found.items()}

    return record


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker hands its figures to the process that reports."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[_SENT] = session.config.stash[_FIGURES]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker is done: its figures are taken over."""
    node.config.stash[_FIGURES].update(getattr(node, "workeroutput", {}).get(_SENT, {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """All figures, one name a line."""
    figures = config.stash[_FIGURES]
    if figures:
        terminalreporter.section("figures")
    for name in sorted(figures):
        terminalreporter.line(f"{name}: " + ", ".join(f"{key} {value}" for key, value in figures[name].items()))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL: INTERLOCK_TEST_POSTGRES where that is set, otherwise one of our own."""
    given = os.environ.get("INTERLOCK_TEST_POSTGRES", "")
    if given:
        yield given
        return
    server = Postgres()
    try:
        server.start()
        yield server.url
    finally:
        server.stop()


@pytest.fixture
def postgres_url(postgres_server: str) -> Secret:
    """A place of its own in the PostgreSQL, empty."""
    name = f"t{secrets.token_hex(6)}"

    async def make() -> None:
        connection = await asyncpg.connect(postgres_server)
        await connection.execute(f"CREATE SCHEMA {name}")
        await connection.close()

    asyncio.run(make())
    return Secret(f"{postgres_server}{'&' if '?' in postgres_server else '?'}search_path={name}")


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Secret:
    """An empty store's URL: each test that takes it runs on both databases."""
    if request.param == "sqlite":
        return Secret(f"sqlite:{tmp_path / 'approvals.sqlite'}")
    found: Secret = request.getfixturevalue("postgres_url")
    return found
