"""Heads kept in the store."""

from __future__ import annotations

import pytest

from interlock.recording.anchor import Target
from interlock.recording.anchors.store import PART


def test_a_head_goes_to_the_store_that_the_gateway_has() -> None:
    """What that cannot do is tried again; without one nothing is kept."""
    kept: list[bytes] = []

    class Keeper:
        def keep(self, line: bytes) -> None:
            kept.append(line)

    assert PART.send(b"head", Target(keeper=Keeper()), 0.0) == b""
    assert kept == [b"head"]
    with pytest.raises(OSError, match="no store"):
        PART.send(b"head", Target(), 0.0)
