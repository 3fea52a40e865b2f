"""The protocols that connections may name are the adapters that exist."""

from __future__ import annotations

from interlock.engine.adapters import adapters
from interlock.settings_connection import PROTOCOLS


def test_every_protocol_of_the_settings_has_its_adapter() -> None:
    """And the other way round; found once, by name."""
    assert set(adapters()) == set(PROTOCOLS)
    assert all(name == adapter.name for name, adapter in adapters().items())
    assert adapters() is adapters()
