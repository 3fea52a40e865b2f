"""Every evasion of tests/bypasses over a real wire: none reaches the upstream or the agent, and no twin is broken.

The rows, and what is asserted of them, are those of tests/bypasses. A gateway started as operators start it, with the
shipped rules, decides about them here, where a `Trial` decides there.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.bypasses.shipped import tried_by
from tests.bypasses.tables import Row, rows
from tests.e2e.bypass_world import names, started
from tests.e2e.recorder import Recorder
from tests.e2e.wire import Wire

RUNNERS = ("mitmdump", "interlock")
AT_ONCE = 8


@pytest.fixture(scope="module")
def upstreams() -> Iterator[Wire]:
    """One upstream for each connection."""
    with Recorder(names()) as upstreams:
        yield Wire(upstreams)


@pytest.fixture(scope="module", params=RUNNERS)
def wire(request: pytest.FixtureRequest, upstreams: Wire, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    """The wire through a gateway of each runner."""
    with started(upstreams, tmp_path_factory.mktemp(f"bypasses-{request.param}"), request.param):
        yield upstreams


def failed(row: Row) -> str:
    """What went wrong with a row; empty when nothing did."""
    try:
        row()
    except Exception as error:
        return f"{row.name}: {type(error).__name__} {str(error)[:600]} {str(dict(row.given))[:300]}"
    return ""


def shown(told: list[str]) -> None:
    """Fails with every row that went wrong, in a line each."""
    if wrong := [text for text in told if text]:
        pytest.fail("\n".join(wrong), pytrace=False)


def test_no_row_passes_and_no_twin_is_broken(wire: Wire) -> None:
    """Commands in bodies, forms, queries, calls of tools and replies: what is asserted of a row holds on the wire."""
    with tried_by(wire), ThreadPoolExecutor(AT_ONCE) as pool:
        told = list(pool.map(failed, rows()))

    assert len(told) > 1000
    shown(told)
