"""`between:`, `days:` and `zone:` in `when:`."""

from __future__ import annotations

from datetime import datetime

import pytest

from interlock.errors import RulesInvalid

OFFICE = "{between: '08:00-18:00', days: [mon-fri], zone: Europe/Berlin}"
NIGHT = "{between: '22:00-06:00', days: [fri], zone: UTC}"
ROWS = [
    (OFFICE, "2026-11-23T08:00:00+01:00", True),
    (OFFICE, "2026-11-23T07:59:59+01:00", False),
    (OFFICE, "2026-11-23T17:59:59+01:00", True),
    (OFFICE, "2026-11-23T18:00:00+01:00", False),
    (OFFICE, "2026-11-23T07:30:00+00:00", True),
    (OFFICE, "2026-07-06T06:30:00+00:00", True),
    (OFFICE, "2026-07-06T05:30:00+00:00", False),
    (OFFICE, "2026-11-21T12:00:00+01:00", False),
    (NIGHT, "2026-11-20T22:00:00+00:00", True),
    (NIGHT, "2026-11-21T05:59:00+00:00", True),
    (NIGHT, "2026-11-21T06:00:00+00:00", False),
    (NIGHT, "2026-11-20T05:00:00+00:00", False),
    (NIGHT, "2026-11-21T23:00:00+00:00", False),
    ("{days: [sat-mon], zone: UTC}", "2026-11-22T12:00:00+00:00", True),
    ("{days: [sat-mon], zone: UTC}", "2026-11-24T12:00:00+00:00", False),
    ("{days: wed, zone: UTC}", "2026-11-25T00:00:00+00:00", True),
    ("{between: '00:00-24:00', zone: UTC}", "2026-11-25T23:59:59+00:00", True),
    ("{between: '18:00-24:00', zone: UTC}", "2026-11-25T00:00:00+00:00", False),
]


@pytest.mark.parametrize(("text", "time", "expected"), ROWS)
def test_windows_of_time(text: str, time: str, expected: bool, condition, moment) -> None:
    """The wall clock of the zone counts, summer time included; a night belongs to the day it begins on."""
    assert condition("when", text)(moment(now=datetime.fromisoformat(time).timestamp())) is expected


@pytest.mark.parametrize(
    "text",
    [
        "{between: '08:00-18:00'}",
        "{zone: UTC}",
        "{between: '8-18', zone: UTC}",
        "{between: '08:00-08:00', zone: UTC}",
        "{between: '08:60-18:00', zone: UTC}",
        "{between: '24:00-08:00', zone: UTC}",
        "{between: '08:00-24:01', zone: UTC}",
        "{between: '٠٨:٠٠-١٨:٠٠', zone: UTC}",
        "{between: '08:00-18:00', zone: Europe/Atlantis}",
        "{between: '08:00-18:00', zone: ../../etc/passwd}",
        "{between: '08:00-18:00', zone: ''}",
        "{days: [monday], zone: UTC}",
        "{days: [mon-], zone: UTC}",
        "{days: [], zone: UTC}",
    ],
)
def test_broken_windows_are_refused(text: str, condition) -> None:
    """A window must be one that a clock can be in, and say in which zone."""
    with pytest.raises(RulesInvalid):
        condition("when", text)
