"""Signatures of Standard Webhooks 1.0 (standardwebhooks.com), for whoever tells somebody else something by POST.

`webhook-signature` is `v1,` and the base64 of HMAC-SHA-256 over `ID.TIMESTAMP.BODY` with the shared secret. A secret
that begins with `whsec_` is base64 after that, any other is taken as it is.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

__all__ = ["headers", "signature"]

_PREFIX = "whsec_"
_LEAST = 16


def headers(secret: str, id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers of a POST of JSON. Raises OSError for a secret that is none."""
    return {
        "content-type": "application/json",
        "user-agent": "interlock",
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, id, timestamp, body),
    }


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
