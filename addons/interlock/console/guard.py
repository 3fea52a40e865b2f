"""What every answer of the console carries, and every request must: headers, one host, no tokens, a bounded pace."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from interlock.ports import Clock

__all__ = ["HEADERS", "Guard", "Pace"]

HEADERS = {
    "content-security-policy": "; ".join((
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'",
        "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
    )),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # with no-referrer, browsers send forms with `Origin: null`
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}  # fmt: skip
"""Nothing may be framed, run inline, or sent elsewhere; nothing is kept by a browser."""

_MAX_BODY = 64 * 1024
_FORM = "application/x-www-form-urlencoded"
"""What its pages send. Parts of a multipart form would be files, in any charset that a sender names."""
_CALLERS = 10_000


class Pace:
    """A token bucket for each caller: `burst` at once, `rate` a second in the long run."""

    def __init__(self, clock: Clock, *, burst: float, rate: float) -> None:
        self._clock, self._burst, self._rate = clock, burst, rate
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, caller: str) -> bool:
        """Whether one more is within the pace."""
        now = self._clock.monotonic()
        left, at = self._left.pop(caller, (self._burst, now))
        left = min(self._burst, left + (now - at) * self._rate)
        self._left[caller] = (left - 1 if left >= 1 else left, now)
        while len(self._left) > _CALLERS:
            self._left.popitem(last=False)
        return left >= 1


class Guard:
    """Stands before every page. What does not fit is refused before anything reads it.

    `visitor` names who is signed in, "" where nobody is: people behind one proxy have one address, and each their own
    pace once they have signed in.
    """

    def __init__(self, app: ASGIApp, *, url: str, clock: Clock, visitor: Callable[[Request], str]) -> None:
        parts = urlsplit(url)
        self._app = app
        self._origin, self._host = url, parts.netloc
        secure = {"strict-transport-security": "max-age=31536000"} if parts.scheme == "https" else {}
        self._headers = {**HEADERS, **secure}
        self._visitor = visitor
        self._pace = Pace(clock, burst=120, rate=20)
        self._changes = Pace(clock, burst=20, rate=0.5)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or let through; either way with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        refusal = self._refusal(Request(scope))
        await (refusal or self._app)(scope, receive, with_headers)

    def _refusal(self, request: Request) -> Response | None:
        headers = request.headers
        if headers.get("host", "") != self._host:
            return PlainTextResponse(f"This console is at {self._origin}.\n", 421)
        if "authorization" in headers or "proxy-authorization" in headers:
            return PlainTextResponse("The console takes no tokens: people sign in with their browser.\n", 400)
        caller = self._visitor(request) or (request.client.host if request.client else "")
        if not self._pace.allows(caller):
            return PlainTextResponse("Too many requests: wait a moment.\n", 429, {"retry-after": "5"})
        return None if request.method in ("GET", "HEAD") else self._change_refusal(request, caller)

    def _change_refusal(self, request: Request, caller: str) -> Response | None:
        """What changes something comes from a page of this console, at a person's pace."""
        headers = request.headers
        if headers.get("origin") != self._origin or headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return PlainTextResponse("This form was not sent from the console.\n", 403)
        length = headers.get("content-length", "")
        # with both lengths the body goes on for as long as its chunks do
        if not length.isdecimal() or int(length) > _MAX_BODY or "transfer-encoding" in headers:
            return PlainTextResponse("The form is too large.\n", 413)
        if headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
            return PlainTextResponse("The console takes forms of its own pages alone.\n", 415)
        if not self._changes.allows(caller):
            return PlainTextResponse("Too many decisions in a row: wait a moment.\n", 429, {"retry-after": "5"})
        return None
