"""How much one principal may ask: so many open questions, and none for a while after a no."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["Flood"]


@dataclass(frozen=True, slots=True)
class Flood:
    """`pending` open questions a principal; `cooldown` seconds without a new one after a person said no (0: none)."""

    pending: int = 5
    cooldown: float = 60.0

    def denied_since(self, now: float) -> float:
        """A no given at or after this time still cools."""
        return now - self.cooldown if self.cooldown > 0 else math.inf
