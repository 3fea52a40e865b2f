"""Has tree heads time-stamped (RFC 3161) by an authority of yours: proof that the recordings were so by that time.

The answer is checked when it comes and kept beside the heads in `heads.jsonl`, so it says when, not that nothing is
missing: whoever can cut the heads cuts the time-stamps with them, unless another anchor keeps the heads.
"""

from __future__ import annotations

from interlock.recording.anchor import Sink, Target
from interlock.recording.stamps import ask, read_authorities, time_of
from interlock.settings_origin import url_fault

__all__ = ["PART"]

_TIMEOUT = 20.0
_LARGEST = 64 << 10
_EVERY = 300.0


def _send(line: bytes, target: Target, now: float) -> bytes:
    """Anything but an answer that holds is an OSError; redirects are not followed."""
    import httpx

    url = target.url()
    if fault := url_fault(url):
        raise OSError(f"the time-stamper's address {fault}")
    if target.authorities is None:
        raise OSError("no authorities are named")
    authorities = read_authorities(target.authorities.read_bytes())
    asked = ask(line)
    headers = {"content-type": "application/timestamp-query", "user-agent": "interlock"}
    answer = bytearray()
    try:
        with (
            httpx.Client(timeout=_TIMEOUT, trust_env=False) as client,
            client.stream("POST", url, content=asked.der, headers=headers, follow_redirects=False) as response,
        ):
            status = response.status_code
            for chunk in response.iter_bytes():
                answer += chunk
                if len(answer) > _LARGEST:
                    raise OSError("the time-stamper's answer is too large")
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError) as error:
        raise OSError(f"the time-stamper cannot be reached: {type(error).__name__}") from None
    if status != 200:
        raise OSError(f"the time-stamper answered {status}")
    time_of(bytes(answer), line, authorities, asked)
    return bytes(answer)


PART = Sink("rfc3161", _send, needs=("url", "authorities"), takes=("every",), every=_EVERY)
