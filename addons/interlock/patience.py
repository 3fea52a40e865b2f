"""How long the gateway waits for what it asks on its own account: issuers, webhooks, estimates."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

__all__ = ["patience"]


def patience(seconds: float) -> httpx.Timeout:
    """For a client whose whole exchange is cancelled after so many seconds: connecting has half of them.

    A connection that is cancelled amid its TLS handshake stays open until the other side closes it (httpcore); one
    that is given up by its own timeout is closed.
    """
    import httpx

    return httpx.Timeout(seconds, connect=seconds / 2)
