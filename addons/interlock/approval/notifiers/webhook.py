"""POSTs JSON to an address of yours, signed as Standard Webhooks 1.0 (standardwebhooks.com) says.

Headers: `webhook-id` (the same for the same event, however often it is sent), `webhook-timestamp` (seconds) and
`webhook-signature`: `v1,` and the base64 of HMAC-SHA-256 over `ID.TIMESTAMP.BODY` with the shared secret. A receiver
recomputes it over the bytes that it got, compares in constant time, refuses timestamps further off than five minutes,
and keeps the ids it has seen. A secret that begins with `whsec_` is base64 after that, any other is taken as it is.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import json

from interlock.approval.notifier import Message, Notifier, url_fault

__all__ = ["PART", "signature"]

_TIMEOUT = 10.0
_PREFIX = "whsec_"
_LEAST = 16


def signature(secret: str, id: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature`. Raises OSError for a secret that is none."""
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True) if secret.startswith(_PREFIX) else b""
    except (binascii.Error, ValueError):
        raise OSError("the webhook's secret is not base64 after whsec_") from None
    key = key or secret.encode()
    if len(key) < _LEAST:
        raise OSError(f"the webhook's secret is shorter than {_LEAST} bytes")
    code = hmac.new(key, b"%s.%d.%s" % (id.encode(), timestamp, body), hashlib.sha256).digest()
    return "v1," + base64.b64encode(code).decode()


async def _send(message: Message, url: str, secret: str) -> None:
    """Anything but a 2xx answer within ten seconds is an OSError; redirects are not followed, bodies not read."""
    import httpx

    if fault := url_fault(url):
        raise OSError(f"the webhook's address {fault}")
    body = json.dumps(dict(message.body), ensure_ascii=False, separators=(",", ":")).encode()
    timestamp = int(message.now)
    headers = {
        "content-type": "application/json",
        "user-agent": "interlock",
        "webhook-id": message.key,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, message.key, timestamp, body),
    }
    try:
        async with (
            asyncio.timeout(_TIMEOUT),
            httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False) as client,
            client.stream("POST", url, content=body, headers=headers, follow_redirects=False) as response,
        ):
            status = response.status_code
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError) as error:
        raise OSError(f"the webhook cannot be reached: {type(error).__name__}") from None
    if not 200 <= status < 300:
        raise OSError(f"the webhook answered {status}")


PART = Notifier("webhook", _send, signs=True, literal=True)
