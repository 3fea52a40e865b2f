"""Just enough HTTP/1.1 (RFC 9112) to hand requests on: heads read strictly, bodies copied by their framing.

What could be read in two ways (both framings, folded headers, odd line ends) is refused, never repaired.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["HEAD_LIMIT", "Head", "Malformed", "copy_body", "read_head", "write_head"]

HEAD_LIMIT = 64 * 1024
_CHUNK = 64 * 1024
_LINE_LIMIT = 4096
_REQUEST = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([\x21-\x7e]+) HTTP/1\.([01])\Z")
_STATUS = re.compile(r"HTTP/1\.[01] ([1-5][0-9]{2})(?: [\t\x20-\x7e\x80-\xff]*)?\Z")
_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*\Z")
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r\n\Z")
_LENGTH = re.compile(r"[0-9]{1,18}\Z")


class Malformed(Exception):
    """The bytes are not HTTP/1.1 that can be read in one way."""


@dataclass(frozen=True, slots=True)
class Head:
    """A request's or a response's first line and headers, as spelled. `line` is the first line.

    `method` and `target` are empty for responses, `status` is 0 for requests.
    """

    line: str
    headers: tuple[tuple[str, str], ...]
    method: str = ""
    target: str = ""
    status: int = 0

    def all(self, name: str) -> list[str]:
        """Every value of a header; `name` in lower case."""
        return [value for key, value in self.headers if key.lower() == name]


async def read_head(reader: asyncio.StreamReader) -> Head | None:
    """The next head; None when the peer closed before one began. Raises Malformed, OSError."""
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise Malformed from None
        return None
    except asyncio.LimitOverrunError:
        raise Malformed from None
    first, *lines = raw[:-4].decode("latin-1").split("\r\n")
    headers = tuple(_header(line) for line in lines)
    if match := _REQUEST.match(first):
        return Head(first, headers, match[1], match[2])
    if match := _STATUS.match(first):
        return Head(first, headers, status=int(match[1]))
    raise Malformed


def _header(line: str) -> tuple[str, str]:
    match = _HEADER.match(line)
    if match is None:
        raise Malformed
    return match[1], match[2]


def write_head(line: str, headers: Iterable[tuple[str, str]]) -> bytes:
    """A head as bytes."""
    return "\r\n".join([line, *(f"{name}: {value}" for name, value in headers), "", ""]).encode("latin-1")


async def copy_body(head: Head, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy the body that belongs to a request's head, and nothing beyond it. Raises Malformed, OSError."""
    coding, length = head.all("transfer-encoding"), head.all("content-length")
    if coding:
        if length or [value.lower() for value in coding] != ["chunked"]:
            raise Malformed
        await _copy_chunks(reader, writer)
    elif length:
        if len(length) > 1 or not _LENGTH.match(length[0]):
            raise Malformed
        await _copy(reader, writer, int(length[0]))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, left: int) -> None:
    while left:
        data = await reader.read(min(left, _CHUNK))
        if not data:
            raise Malformed
        left -= len(data)
        writer.write(data)
        await writer.drain()


async def _copy_chunks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        line = await _line(reader)
        match = _SIZE.match(line)
        if match is None:
            raise Malformed
        writer.write(line)
        size = int(match[1], 16)
        if not size:
            break
        await _copy(reader, writer, size)
        if await _line(reader) != b"\r\n":
            raise Malformed
        writer.write(b"\r\n")
    # Trailers are the gateway's to drop; here they only have to end.
    total = 0
    while (line := await _line(reader)) != b"\r\n":
        total += len(line)
        if total > HEAD_LIMIT:
            raise Malformed
        writer.write(line)
    writer.write(b"\r\n")
    await writer.drain()


async def _line(reader: asyncio.StreamReader) -> bytes:
    try:
        line = await reader.readuntil(b"\r\n")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        raise Malformed from None
    if len(line) > _LINE_LIMIT:
        raise Malformed
    return line
