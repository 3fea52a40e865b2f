"""The default Fetch: discovery documents and key sets over HTTPS, small, soon or not at all.

Certificates are verified, redirects are not followed, and no environment variable chooses a proxy: the gateway must
never fetch its own keys through itself. No content coding is accepted, so that the bound holds for what arrives.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from interlock.identity.sources import MAX_DOCUMENT
from interlock.patience import patience

if TYPE_CHECKING:
    import ssl

    import httpx

__all__ = ["HttpFetch"]

TIMEOUT = 5.0
_HEADERS = {"accept": "application/json", "accept-encoding": "identity"}


class HttpFetch:
    """Gets one document a call. `context` says which authorities to trust where the usual ones are not enough."""

    def __init__(self, context: ssl.SSLContext | None = None, *, timeout: float = TIMEOUT) -> None:
        self._context = context
        self._timeout = timeout

    async def __call__(self, url: str) -> bytes:
        """The bytes of a 200 answer. Raises OSError for anything else: unreachable, slow, too large, redirected."""
        import httpx

        try:
            context = await self._trust()
            async with (
                asyncio.timeout(self._timeout),
                httpx.AsyncClient(verify=context, timeout=patience(self._timeout), trust_env=False) as client,
                client.stream("GET", url, headers=_HEADERS, follow_redirects=False) as response,
            ):
                return await _body(response)
        except TimeoutError:
            raise OSError(f"the issuer did not answer within {self._timeout:g} seconds") from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError) as error:
            raise OSError(f"the issuer cannot be reached: {type(error).__name__}") from None

    async def _trust(self) -> ssl.SSLContext:
        """Made once and beside the loop: reading all authorities takes tens of milliseconds."""
        if self._context is None:
            import httpx

            self._context = await asyncio.to_thread(httpx.create_ssl_context, trust_env=False)
        return self._context


async def _body(response: httpx.Response) -> bytes:
    if response.status_code != 200:
        raise OSError(f"the issuer answered {response.status_code}")
    if response.headers.get("content-encoding", "identity") != "identity":
        raise OSError("the issuer's document is compressed")
    raw = bytearray()
    async for chunk in response.aiter_raw():
        raw += chunk
        if len(raw) > MAX_DOCUMENT:
            raise OSError("the issuer's document is too large")
    return bytes(raw)
