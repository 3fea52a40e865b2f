"""What kind of answer an upstream gives: events, frames, text, or nothing at all."""

from __future__ import annotations

from mitmproxy import http

from interlock.mitm.header_fields import named

__all__ = ["has_body", "is_event_stream", "is_framed", "is_text"]

_FRAMES = "application/vnd.amazon.eventstream"


def is_event_stream(response: http.Response) -> bool:
    """Whether the upstream says that it streams events."""
    kind = named(response.headers.fields).get("content-type", "")
    return kind.partition(";")[0].strip().lower() == "text/event-stream"


def is_framed(response: http.Response) -> bool:
    """Whether the upstream says that it streams AWS frames; only an adapter that expects them can read them."""
    kind = named(response.headers.fields).get("content-type", "")
    return kind.partition(";")[0].strip().lower() == _FRAMES


def is_text(kind: str) -> bool:
    """Whether a media type is text that can be masked as such; none given counts as text, and must decode as UTF-8."""
    return (
        kind
        in ("", "application/x-www-form-urlencoded", "application/csv", "application/xml", "application/javascript")
        or kind.startswith("text/")
        or kind.endswith(("+xml", "+text"))
    )


def has_body(flow: http.HTTPFlow) -> bool:
    """Whether the answer to this request has a body at all (RFC 9110, section 6.4.1)."""
    status = flow.response.status_code if flow.response is not None else 0
    return flow.request.method != "HEAD" and status not in (204, 304) and status >= 200
