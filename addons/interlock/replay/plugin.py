"""The pytest plugin: `recorded_upstream("samples/x")` gives code under test the answers of a recording, offline.

    def test_the_agent_reads_customers(recorded_upstream):
        recorded = recorded_upstream("recordings/samples/demo")
        answer = my_agent(base_url=recorded.url("claude"))
        assert "Erika" in answer
        recorded.assert_all_used()

Nothing else is imported before a test asks for it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from interlock.replay.upstream import RecordedUpstream

__all__ = ["pytest_addoption", "recorded_upstream"]

_OPTION = "interlock_recordings"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where recordings are looked for, besides the folder of the test and the root."""
    parser.addini(_OPTION, "the folder in which recorded_upstream() looks for recordings", default="recordings")


@pytest.fixture
def recorded_upstream(request: pytest.FixtureRequest) -> Iterator[Callable[..., RecordedUpstream]]:
    """Starts a server with a recording's answers: `recorded_upstream("samples/x", ignore=["$.system"])`.

    A name is a session's folder or a recordings folder, looked for beside the test, under `interlock_recordings` and
    under pytest's root. `ignore`, `repeat` and `pace` are those of `interlock.replay.RecordedUpstream`. Servers end
    with the test.
    """
    from interlock.replay.upstream import RecordedUpstream

    with contextlib.ExitStack() as stack:

        def start(
            *names: str | Path, ignore: Sequence[str] = (), repeat: bool = False, pace: bool = False
        ) -> RecordedUpstream:
            folders = [_found(request, Path(name)) for name in names]
            return stack.enter_context(RecordedUpstream(folders, ignore=ignore, repeat=repeat, pace=pace))

        yield start


def _found(request: pytest.FixtureRequest, name: Path) -> Path:
    """The folder that is meant. Raises pytest.UsageError."""
    root = request.config.rootpath
    places = [request.path.parent, root / str(request.config.getini(_OPTION)), root]
    for place in places:
        if (place / name).is_dir():
            return place / name
    where = ", ".join(str(place) for place in places)
    raise pytest.UsageError(f"there is no recording {str(name)!a} in {where}")
