"""A clock that was put forward deletes nothing for a day."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlock.engine.steady import WAITED, Steady

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


def _night(clock: Clock, folder: Path, hours: float, *, away: float = 60.0, put: float = 0.0) -> bool:
    """A gateway that nobody uses runs for so long, and looks every hour; then it is away. Whether it believed."""
    steady = Steady(clock, NOON - 400 * DAY, folder / WAITED)
    believed = steady.believed()
    for _ in range(int(hours)):
        clock.go(3600)
        believed = steady.believed()
    clock.wall, clock.counted = clock.wall + away + put, 50.0  # another process; the machine itself may be a new one
    return believed


@pytest.mark.parametrize(("away", "put", "second"), [
    (60.0, 0.0, True), (12 * 3600.0, 0.0, True), (60.0, -1800.0, True),
    (60.0, 400 * DAY, False), (2 * DAY, 0.0, False), (60.0, -7200.0, False),
])  # fmt: skip
def test_a_gateway_that_is_started_anew_each_night_gets_through_its_day(
    clock: Clock, tmp_path: Path, away: float, put: float, second: bool
) -> None:
    """What was counted counts at the next start, unless the clock stands elsewhere then: it begins the day anew."""
    assert not _night(clock, tmp_path, 23, away=away, put=put)
    assert _night(clock, tmp_path, 1) is second
    if second:
        assert _night(clock, tmp_path, 0)
        clock.wall += 300 * DAY
        assert not _night(clock, tmp_path, 0)


@pytest.mark.parametrize("said", [
    b"", b"{", b"[]", b"7", b'{"at": "x", "waited": 1}', b'{"waited": 86400}', b"[" * 150,
    b'{"at": 1e999, "waited": 1}',
    b'{"at": 1767268800, "waited": NaN}', b'{"at": 1767268800, "waited": 9e9}', b'{"at": NaN, "waited": 86400}',
])  # fmt: skip
def test_a_day_of_waiting_that_cannot_be_read_is_waited_again(clock: Clock, tmp_path: Path, said: bytes) -> None:
    """Nothing that stands there deletes anything, nor holds up the start."""
    (tmp_path / WAITED).parent.mkdir()
    (tmp_path / WAITED).write_bytes(said)
    steady = Steady(clock, NOON - 31 * DAY, tmp_path / WAITED)
    assert not steady.believed()
    clock.go(DAY)
    assert steady.believed()


def test_a_day_of_waiting_that_cannot_be_kept_is_waited_again(clock: Clock, tmp_path: Path) -> None:
    """It ends all the same where the gateway goes on."""
    (tmp_path / WAITED).parent.write_bytes(b"in the way")
    assert not _night(clock, tmp_path, 23)
    assert not _night(clock, tmp_path, 23)
    assert _night(clock, tmp_path, 24)
