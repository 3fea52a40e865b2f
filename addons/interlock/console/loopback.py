"""Signing in from a terminal: the browser comes back to a port of this machine (RFC 8252, section 7.3).

What proves who the person is stays in this process's memory and ends with it; nothing is kept on disk.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import webbrowser
from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

from interlock.console.oidc import Issuer
from interlock.errors import InterlockError
from interlock.identity import SignedIn

__all__ = ["sign_in"]

_PATIENCE = 180.0
_MAX_LINE = 8192
_DONE = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 48\r\nconnection: close\r\n"
    b"cache-control: no-store\r\n\r\nGo back to the terminal; this page can be closed"
)
_NONE = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


async def sign_in(issuer: Issuer, fresh: float, say: Callable[[str], None]) -> SignedIn:
    """Who signed in just now. Raises InterlockError when nobody does within three minutes, or the issuer says no."""
    answers: asyncio.Future[dict[str, str]] = asyncio.get_running_loop().create_future()
    states: list[bytes] = []

    async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            line = await asyncio.wait_for(reader.readline(), 5)
            target = line.decode("ascii").split(" ")[1] if line.count(b" ") == 2 else ""
            parts = urlsplit(target)
            answer = dict(parse_qsl(parts.query))
            mine = hmac.compare_digest(answer.get("state", "").encode(), b"".join(states)) and bool(states)
            fits = mine and parts.path == "/signed-in" and not answers.done()
            writer.write(_DONE if fits else _NONE)
            await writer.drain()
            if fits:
                answers.set_result(answer)
        writer.close()

    server = await asyncio.start_server(answered, "127.0.0.1", 0, limit=_MAX_LINE)
    async with server:
        port = server.sockets[0].getsockname()[1]
        url, begun = await issuer.begin(f"http://127.0.0.1:{port}/signed-in", fresh=fresh)
        states.append(begun.state.encode())
        say(f"sign in with your browser: {url}")
        await asyncio.to_thread(_open, url)
        try:
            answer = await asyncio.wait_for(answers, _PATIENCE)
        except TimeoutError:
            raise InterlockError(
                "nobody signed in", hint="the address that was printed works for three minutes"
            ) from None
    return await issuer.complete(begun, answer)


def _open(url: str) -> None:
    with contextlib.suppress(Exception):
        webbrowser.open(url)
