"""The machine's clocks, for whoever starts something; everything below takes a Clock (`interlock.ports`)."""

from __future__ import annotations

import time

__all__ = ["SystemClock"]


class SystemClock:
    """What the operating system says."""

    def now(self) -> float:
        """Seconds since the epoch (UTC)."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds on a clock that never goes back."""
        return time.monotonic()
