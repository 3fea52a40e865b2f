"""Shipping to Google Cloud Storage."""

from __future__ import annotations

import pytest

from interlock.recording.ship_sinks.gs import PART
from interlock.recording.ship_target import Address


def test_an_account_that_is_none_is_an_error_without_it() -> None:
    """The kind alone is told."""
    with pytest.raises(OSError, match="cannot be used") as caught:
        PART.open(Address("//bucket/prefix", secrets={"account": "hunter2"}))
    assert "hunter2" not in repr(caught.value)


def test_a_bucket_is_enough_on_a_machine_of_its_own() -> None:
    """Nothing is asked for before something is to be sent."""
    assert PART.open(Address("//bucket/prefix")) is not None
