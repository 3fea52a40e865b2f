"""AWS event streams (`application/vnd.amazon.eventstream`): frames with lengths and checksums around small documents.

A frame is: length, length of the headers, their CRC-32; headers; payload; the CRC-32 of all. Whoever reads it must
check both sums, so a frame whose sums are wrong ends the stream, as does a header that stands twice.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from interlock.errors import BodyRejected
from interlock.reasons import Reason

__all__ = ["Frame", "FrameParser", "encode_frame"]

MAX_FRAME: Final = 24 << 20
_PRELUDE: Final = 12
_OVERHEAD: Final = 16
_MAX_HEADERS: Final = 128 << 10
_STRING: Final = 7
_FIXED = {0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16}
"""Types of header values with a length of their own; bytes (6) and strings (7) say theirs."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame: its headers that are strings, its payload, and the bytes it came in."""

    headers: dict[str, str]
    payload: bytes = field(repr=False)
    raw: bytes = field(repr=False)


class FrameParser:
    """Bytes in, frames out. One frame is at most `limit` bytes."""

    def __init__(self, limit: int = MAX_FRAME) -> None:
        self._limit = limit
        self._buffer = bytearray()

    def feed(self, chunk: bytes) -> Iterator[Frame]:
        """The frames that `chunk` completes. Raises BodyRejected (STREAM_UNREADABLE, BODY_TOO_LARGE)."""
        self._buffer += chunk
        while len(self._buffer) >= _PRELUDE:
            total = int.from_bytes(self._buffer[:4])
            length = int.from_bytes(self._buffer[4:8])
            if zlib.crc32(self._buffer[:8]) != int.from_bytes(self._buffer[8:_PRELUDE]):
                raise _unreadable("a checksum is wrong")
            if length > _MAX_HEADERS or total < length + _OVERHEAD:
                raise _unreadable("its lengths cannot be true")
            if total > self._limit:
                raise BodyRejected(Reason.BODY_TOO_LARGE, "a frame of the stream is larger than allowed")
            if len(self._buffer) < total:
                return
            raw = bytes(self._buffer[:total])
            del self._buffer[:total]
            yield _frame(raw, length)

    @property
    def rest(self) -> bytes:
        """The bytes of the frame that is not complete yet."""
        return bytes(self._buffer)


def encode_frame(headers: dict[str, str], payload: bytes) -> bytes:
    """One frame; all header values are strings."""
    encoded = b""
    for name, value in headers.items():
        told, text = name.encode("utf-8"), value.encode("utf-8")
        encoded += bytes((len(told),)) + told + bytes((_STRING,)) + len(text).to_bytes(2) + text
    lengths = (len(encoded) + len(payload) + _OVERHEAD).to_bytes(4) + len(encoded).to_bytes(4)
    frame = lengths + zlib.crc32(lengths).to_bytes(4) + encoded + payload
    return frame + zlib.crc32(frame).to_bytes(4)


def _frame(raw: bytes, length: int) -> Frame:
    if zlib.crc32(raw[:-4]) != int.from_bytes(raw[-4:]):
        raise _unreadable("a checksum is wrong")
    end = _PRELUDE + length
    return Frame(_headers(raw[_PRELUDE:end]), raw[end:-4], raw)


def _headers(data: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    seen: set[str] = set()
    at = 0
    try:
        while at < len(data):
            end = at + 1 + data[at]
            name, kind = data[at + 1 : end].decode("utf-8"), data[end]
            at = end + 1
            size = _FIXED.get(kind, -1)
            if size < 0:
                size, at = int.from_bytes(data[at : at + 2]), at + 2
            value = data[at : at + size]
            at += size
            if kind > max(_FIXED) or at > len(data) or name.casefold() in seen or not name:
                raise _unreadable("its headers are not well-formed")
            seen.add(name.casefold())
            if kind == _STRING:
                found[name] = value.decode("utf-8")
    except (IndexError, UnicodeDecodeError):
        raise _unreadable("its headers are not well-formed") from None
    return found


def _unreadable(what: str) -> BodyRejected:
    return BodyRejected(Reason.STREAM_UNREADABLE, f"the stream cannot be read as an AWS event stream: {what}")
