"""Closing a client connection so that the last answer arrives.

A socket that is closed while bytes still come in is reset by the kernel, and the answer just written may be thrown
away unread (RFC 9112, section 9.6): an agent whose upload was refused would see a broken connection and try again.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

__all__ = ["Lingering"]

_SECONDS = 5.0
_BYTES = 16 << 20

_closing: set[asyncio.Task[None]] = set()


class Lingering:
    """A stream writer whose `close` says that nothing more comes, and reads on for a moment before it really closes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._closed = False
        self.write, self.drain = writer.write, writer.drain  # asked for with every piece
        self.transport = writer.transport

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)

    def is_closing(self) -> bool:
        """Whether nothing may be written any more."""
        return self._closed or self._writer.is_closing()

    def close(self) -> None:
        """Returns at once; the socket is closed when the peer has closed its side, or was given enough time."""
        if self.is_closing():
            return
        self._closed = True
        if self._reader.at_eof() or self._reader.exception() is not None:
            self._writer.close()
            return
        task = asyncio.get_running_loop().create_task(self._read_on())
        _closing.add(task)
        task.add_done_callback(_closing.discard)

    async def _read_on(self) -> None:
        left = _BYTES
        try:
            with contextlib.suppress(OSError, RuntimeError, TimeoutError):
                self._writer.write_eof()
                async with asyncio.timeout(_SECONDS):
                    while left > 0 and (data := await self._reader.read(65536)):
                        left -= len(data)
        finally:
            self._writer.close()
