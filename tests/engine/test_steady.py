"""A clock that was put forward deletes nothing for a day."""

from __future__ import annotations

import pytest

from interlock.engine.steady import Steady

DAY = 86400.0
NOON = 1_767_268_800.0


class Clock:
    """The wall's clock can be put anywhere; the machine's own counting only goes on."""

    def __init__(self) -> None:
        self.wall, self.counted = NOON, 50.0

    def go(self, seconds: float, *, put: float = 0.0) -> None:
        """So long passes; then somebody puts the wall's clock."""
        self.wall, self.counted = self.wall + seconds + put, self.counted + seconds

    def now(self) -> float:
        return self.wall

    def monotonic(self) -> float:
        return self.counted


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_time_that_passes_is_believed(clock: Clock) -> None:
    """Also over years, and where the clock is put right by a little now and then, or back."""
    steady = Steady(clock, NOON - DAY)
    for put in (0.0, 900.0, -900.0, -400 * DAY):
        clock.go(300 * DAY, put=put)
        assert steady.believed()


def test_a_clock_put_forward_is_not_believed_for_a_day(clock: Clock) -> None:
    """A day of the machine's own counting; another jump meanwhile makes it another day."""
    steady = Steady(clock)
    clock.go(10, put=400 * DAY)
    assert not steady.believed()
    clock.go(DAY - 1)
    assert not steady.believed()
    clock.go(0, put=2 * 3600)
    assert not steady.believed()
    clock.go(DAY - 1)
    assert not steady.believed()
    clock.go(1)
    assert steady.believed()


def test_a_start_long_after_the_newest_recording_waits(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    """The clock may be wrong, or nothing happened for a month: a day later it deletes."""
    steady = Steady(clock, NOON - 31 * DAY)
    assert [steady.believed(), steady.believed()] == [False, False]
    assert caplog.text.count("deletes no recordings for a day") == 1
    clock.go(DAY)
    assert steady.believed()
    assert Steady(clock, clock.wall - 29 * DAY).believed()
    assert Steady(clock, clock.wall + 99 * DAY).believed()
