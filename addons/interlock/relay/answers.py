"""The relay's own words, when it has to say something itself."""

from __future__ import annotations

import asyncio
import contextlib

from interlock.relay.http1 import write_head

__all__ = ["answer"]


async def answer(writer: asyncio.StreamWriter, status: int, message: str) -> None:
    """A final answer in plain text: 400, 407 or 502. Never raises OSError."""
    words = {400: "Bad Request", 407: "Proxy Authentication Required", 502: "Bad Gateway"}
    body = f"interlock exec: {message}\n".encode()
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    headers.append(("Connection", "close"))
    if status == 407:
        headers.append(("Proxy-Authenticate", 'Basic realm="interlock"'))
    with contextlib.suppress(OSError):
        writer.write(write_head(f"HTTP/1.1 {status} {words[status]}", headers) + body)
        await writer.drain()
