"""POSTs tree heads to an address of yours, signed as Standard Webhooks 1.0 (standardwebhooks.com) says.

The body is the head as it stands in `heads.jsonl`, to be kept as it came. `webhook-id` is the head's own hash, so
what is sent again is recognised; `webhook-signature` is `v1,` and the base64 of HMAC-SHA-256 over
`ID.TIMESTAMP.BODY` with the shared secret.
"""

from __future__ import annotations

from interlock.encodings.webhooks import headers
from interlock.recording.anchor import Sink, Target
from interlock.recording.event import parse
from interlock.settings_origin import url_fault

__all__ = ["PART"]

_TIMEOUT = 10.0


def _send(line: bytes, target: Target, now: float) -> bytes:
    """Anything but a 2xx answer within ten seconds is an OSError; redirects are not followed, bodies not read."""
    import httpx

    url = target.url()
    if fault := url_fault(url):
        raise OSError(f"the webhook's address {fault}")
    event, _ = parse(line)
    signed = headers(target.secret(), event.hash if event is not None else "", int(now), line)
    try:
        with (
            httpx.Client(timeout=_TIMEOUT, trust_env=False) as client,
            client.stream("POST", url, content=line, headers=signed, follow_redirects=False) as response,
        ):
            status = response.status_code
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError) as error:
        raise OSError(f"the webhook cannot be reached: {type(error).__name__}") from None
    if not 200 <= status < 300:
        raise OSError(f"the webhook answered {status}")
    return b""


PART = Sink("webhook", _send, needs=("url", "secret"))
