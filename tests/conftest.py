"""What tests measure is printed when all have run, whichever process measured it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

_FIGURES = pytest.StashKey[dict[str, dict[str, str]]]()
_SENT = "figures"

type Record = Callable[[str, Mapping[str, object]], None]


def pytest_configure(config: pytest.Config) -> None:
    """Nothing is measured yet."""
    config.stash[_FIGURES] = {}


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
