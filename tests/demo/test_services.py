"""All services start together, hold their own secrets, and end together."""

from __future__ import annotations

import httpx
import pytest

from interlock.demo.services import Services


def test_they_live_as_long_as_the_with() -> None:
    """While it runs each answers; afterwards none listens."""
    with Services() as services:
        urls = [services.issuer.url, services.warehouse.url, services.model.url, services.mcp.url]
        assert all(httpx.get(f"{url}/nothing").status_code in (401, 404) for url in urls)

    for url in urls:
        with pytest.raises(httpx.TransportError):
            httpx.get(url, timeout=2)


def test_secrets_are_made_anew_each_time() -> None:
    """What the gateway's environment holds is what must never be seen."""
    with Services() as first, Services() as second:
        assert set(first.environment.values()) == set(first.secrets)
        assert set(first.secrets).isdisjoint(second.secrets)
