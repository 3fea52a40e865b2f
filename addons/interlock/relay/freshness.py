"""A token that is always fresh: asked for again before it ends, and at once when the gateway turned it down.

The token's `exp` is read without verifying anything: it only says when to ask again. Who may do what is the
gateway's to judge.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import time
from collections.abc import Callable
from typing import Protocol

from interlock.errors import InterlockError
from interlock.model import Secret

__all__ = ["FreshToken", "TokenSource", "expiry"]

_OPAQUE_LASTS = 60.0
_AT_LEAST = 30.0
_SHARE = 0.2
_RETRY = 2.0
_MAX_TOKEN = 64 * 1024


class TokenSource(Protocol):
    """Where tokens come from."""

    async def fetch(self) -> Secret:
        """A token as it is now. Raises InterlockError, with words that hold nothing of the token."""
        ...


def expiry(token: Secret) -> float | None:
    """When a JWT says it ends (seconds since the epoch); None for one that does not say. Never raises."""
    parts = token.reveal().split(".")
    if len(parts) != 3 or len(parts[1]) > _MAX_TOKEN:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return None
    found = claims.get("exp") if isinstance(claims, dict) else None
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None


class FreshToken:
    """One token, kept until shortly before it ends. Safe for many tasks of one event loop."""

    def __init__(self, source: TokenSource, *, now: Callable[[], float] = time.time) -> None:
        self._source = source
        self._now = now
        self._lock = asyncio.Lock()
        self._token: Secret | None = None
        self._renew_at = 0.0
        self._ends = 0.0
        self._failed_at = -_RETRY

    async def get(self) -> tuple[Secret, float | None]:
        """The token and when it ends. Raises InterlockError when there is none that still counts."""
        if self._token is None or self._now() >= self._renew_at:
            async with self._lock:
                if self._token is None or self._now() >= self._renew_at:
                    await self._renew()
        if self._token is None:
            raise InterlockError("there is no token")
        return self._token, self._ends or None

    def rejected(self, token: Secret) -> None:
        """The gateway turned this token down: ask for another before the next use."""
        if self._token is not None and self._token == token:
            self._renew_at = 0.0

    async def _renew(self) -> None:
        now = self._now()
        usable = self._token is not None and now < self._ends
        if usable and now - self._failed_at < _RETRY:
            return
        try:
            token = await self._source.fetch()
        except InterlockError:
            self._failed_at = now
            if usable:
                return
            raise
        ends = expiry(token)
        if ends is not None and ends <= now:
            raise InterlockError(
                "the token has expired already", hint="look at where it comes from, and at this machine's clock"
            )
        self._token, self._ends = token, ends or 0.0
        lasts = _OPAQUE_LASTS if ends is None else ends - now
        self._renew_at = now + (lasts if ends is None else max(lasts - max(_AT_LEAST, lasts * _SHARE), lasts / 2))
