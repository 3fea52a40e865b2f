"""POSTs JSON to an address of yours, signed as Standard Webhooks 1.0 (standardwebhooks.com) says.

Headers: `webhook-id` (the same for the same event, however often it is sent), `webhook-timestamp` (seconds) and
`webhook-signature`: `v1,` and the base64 of HMAC-SHA-256 over `ID.TIMESTAMP.BODY` with the shared secret. A receiver
recomputes it over the bytes that it got, compares in constant time, refuses timestamps further off than five minutes,
and keeps the ids it has seen. A secret that begins with `whsec_` is base64 after that, any other is taken as it is.
"""

from __future__ import annotations

import asyncio
import json

from interlock.approval.notifier import Message, Notifier
from interlock.encodings.webhooks import headers
from interlock.patience import patience
from interlock.settings_origin import url_fault

__all__ = ["PART"]

_TIMEOUT = 10.0


async def _send(message: Message, url: str, secret: str) -> None:
    """Anything but a 2xx answer within ten seconds is an OSError; redirects are not followed, bodies not read."""
    import httpx

    if fault := url_fault(url):
        raise OSError(f"the webhook's address {fault}")
    body = json.dumps(dict(message.body), ensure_ascii=False, separators=(",", ":")).encode()
    signed = headers(secret, message.key, int(message.now), body)
    try:
        async with (
            asyncio.timeout(_TIMEOUT),
            httpx.AsyncClient(timeout=patience(_TIMEOUT), trust_env=False) as client,
            client.stream("POST", url, content=body, headers=signed, follow_redirects=False) as response,
        ):
            status = response.status_code
    except TimeoutError:
        raise OSError(f"the webhook did not answer within {_TIMEOUT:g} seconds") from None
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError) as error:
        raise OSError(f"the webhook cannot be reached: {type(error).__name__}") from None
    if not 200 <= status < 300:
        raise OSError(f"the webhook answered {status}")


PART = Notifier("webhook", _send, signs=True, literal=True)
