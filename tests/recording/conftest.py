"""A clock that stands still until told, a principal, and recordings in a fresh folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from interlock.model import Principal
from interlock.recording import Limits, Recordings


class StillClock:
    """Both clocks move only by `advance`."""

    def __init__(self) -> None:
        self.seconds = 1_767_225_600.25  # 2026-01-01T00:00:00.250Z

    def now(self) -> float:
        return self.seconds

    def monotonic(self) -> float:
        return self.seconds

    def advance(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def erika() -> Principal:
    return Principal("demo", "https://issuer.example", "erika.mustermann")


@pytest.fixture
def max_() -> Principal:
    return Principal("demo", "https://issuer.example", "max.mustermann")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "recordings"


@pytest.fixture
def record(folder: Path, clock: StillClock) -> Iterator[Callable[..., Recordings]]:
    """Makes recordings in the test's folder, as often as asked: a second one is a restart."""
    made: list[Recordings] = []

    def make(limits: Limits | None = None, **more: object) -> Recordings:
        made.append(Recordings(folder, clock, rules_digest="ab" * 32, limits=limits, **more))
        return made[-1]

    yield make
    for recordings in made:
        recordings.close()


@pytest.fixture
def recordings(record: Callable[..., Recordings]) -> Recordings:
    return record()
