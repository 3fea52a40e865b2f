"""The machine's clocks, for whoever starts something; everything below takes a Clock (`interlock.ports`)."""

from __future__ import annotations

import time

__all__ = ["SystemClock"]


class SystemClock:
    """What the operating system says."""

    now = staticmethod(time.time)
    """Seconds since the epoch (UTC)."""

    monotonic = staticmethod(time.monotonic)
    """Seconds on a clock that never goes back."""
