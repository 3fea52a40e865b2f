"""One world a worker; a gateway for each of the three runners, or the one a test asks for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.e2e.browser import launched
from tests.e2e.harness import Running, World, start

from interlock.demo.processes import RUNNERS

HERE = Path(__file__).parent

expect.set_options(timeout=60_000)  # a busy machine: only what hangs is to be found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder starts real processes."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for all pages of a module."""
    with launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """All upstreams."""
    with World(tmp_path_factory.mktemp("world")) as running:
        yield running


@pytest.fixture(scope="module", params=RUNNERS)
def any_gateway(
    request: pytest.FixtureRequest, world: World, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """A gateway, once with each runner: all three must take the same decisions."""
    with start(world, tmp_path_factory.mktemp(request.param), request.param) as running:
        yield running


@pytest.fixture(scope="module")
def one_gateway(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A gateway started by `interlock run`, for what does not depend on the runner."""
    with start(world, tmp_path_factory.mktemp("interlock"), "interlock") as running:
        yield running


@pytest.fixture
def gateway(any_gateway: Running, world: World) -> Running:
    """The gateway of this round, with nothing seen upstream yet."""
    world.forget()
    return any_gateway


@pytest.fixture
def single(one_gateway: Running, world: World) -> Running:
    """The one gateway, with nothing seen upstream yet."""
    world.forget()
    return one_gateway
