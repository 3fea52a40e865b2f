"""Shipping to the approvals' store."""

from __future__ import annotations

import pytest

from interlock.recording.ship_sinks.store import PART
from interlock.recording.ship_target import Address


def test_the_store_is_the_one_of_the_rules() -> None:
    """What it opens is handed in; the address says nothing more."""
    place = object()

    class Vault:
        def objects(self) -> object:
            return place

    assert PART.open(Address("", vault=Vault())) is place


def test_without_a_store_there_is_none() -> None:
    """An error to be tried again, as any other place that is not there."""
    with pytest.raises(OSError, match="no store"):
        PART.open(Address(""))
