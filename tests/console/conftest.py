"""One console for each test module; each person gets a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.console.serving import Browser, Served, console


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A console that one person's yes satisfies."""
    with console(tmp_path_factory.mktemp("console")) as started:
        yield started


@pytest.fixture
def browser(served: Served) -> Browser:
    """Nobody is signed in yet."""
    return Browser(served)
