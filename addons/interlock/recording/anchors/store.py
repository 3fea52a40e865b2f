"""Keeps tree heads in the store of approvals: the last one of each day, by tree.

Worth what the store is: an SQLite file among the recordings is written by whoever writes those, PostgreSQL elsewhere
is not.
"""

from __future__ import annotations

from interlock.recording.anchor import Sink, Target

__all__ = ["PART"]


def _send(line: bytes, target: Target, now: float) -> bytes:
    if target.keeper is None:
        raise OSError("there is no store")
    target.keeper.keep(line)
    return b""


PART = Sink("store", _send)
