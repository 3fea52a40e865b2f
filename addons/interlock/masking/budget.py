"""How long the search of one text may take. Patterns are linear and judges look at little: what takes longer is broken.

It is asked between candidates and between texts, so one judgement more than allowed may run; whatever it found, the
body does not pass.
"""

from __future__ import annotations

from typing import Final

from interlock.errors import BodyRejected
from interlock.model.effort import effort
from interlock.reasons import Reason

__all__ = ["OFTEN", "PER_BYTE", "TIME", "allow", "begin", "check", "failed"]

TIME: Final = 1.0
"""Seconds for any text. They are the thread's own: neither a busy machine nor garbage makes anything take too long."""
PER_BYTE: Final = 2e-6
"""Seconds more for each of its bytes: more than ten times what a dense text needs."""

OFTEN: Final = 8
"""After so many candidates the time is looked at."""

begin = effort
_per_byte = PER_BYTE


def allow(per_byte: float) -> None:
    """From now on a byte may take so long: a detector is in use that needs it."""
    global _per_byte  # noqa: PLW0603 - one process, one budget
    _per_byte = max(_per_byte, per_byte)


def check(began: float, size: int) -> None:
    """Raises BodyRejected (DETECTOR_FAILED) where the search of `size` bytes, begun then, has taken too long."""
    if begin() - began > TIME + size * _per_byte:
        raise BodyRejected(Reason.DETECTOR_FAILED, "searching the body for sensitive values took too long")


def failed() -> BodyRejected:
    """What a detector's own error becomes. It tells nothing of it: the error could hold the text."""
    return BodyRejected(Reason.DETECTOR_FAILED)
