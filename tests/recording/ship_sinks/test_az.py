"""Shipping to Azure Blob Storage."""

from __future__ import annotations

import base64

import pytest

from interlock.recording.ship_sinks.az import PART
from interlock.recording.ship_target import Address


def test_an_account_and_its_key_open_a_container() -> None:
    """Nothing is sent by that."""
    key = base64.b64encode(b"0" * 32).decode()
    assert PART.open(Address("//container/prefix", {"account": "example"}, {"access_key": key})) is not None


def test_a_key_that_is_none_is_an_error_without_it() -> None:
    """The kind alone is told."""
    with pytest.raises(OSError, match="cannot be used") as caught:
        PART.open(Address("//container/prefix", {"account": "example"}, {"access_key": "hunter2"}))
    assert "hunter2" not in repr(caught.value)


def test_without_an_account_there_is_nowhere_to_go() -> None:
    """Told when it is opened."""
    with pytest.raises(OSError, match="cannot be used"):
        PART.open(Address("//container/prefix"))
