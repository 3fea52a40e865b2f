"""Settings have one door."""

from __future__ import annotations

from interlock import settings


def test_everything_promised_is_there() -> None:
    """Whoever needs a setting imports it from `interlock.settings`."""
    assert all(hasattr(settings, name) for name in settings.__all__)
    assert settings.Gateway().limits == settings.Limits()
