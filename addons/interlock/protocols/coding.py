"""Content codings undone once, with a bound on what comes out (RFC 9110, section 8.4).

One coding at most: stacked ones are where two readers part ways. Bytes after the end of the coded stream are
refused, because one reader shows them and another does not.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from types import MappingProxyType

import brotli  # type: ignore[import-untyped]
import zstandard

from interlock.errors import BodyRejected
from interlock.reasons import Reason

__all__ = ["CODINGS", "decode_body"]

_MAX_WINDOW = 8 << 20  # RFC 9659: what every zstd decoder on the web accepts


def decode_body(raw: bytes, content_encoding: str, limit: int) -> bytes:
    """`raw` without its content coding, at most `limit` bytes.

    `content_encoding` is the header's whole value (several headers joined by commas), empty if there is none.
    Raises BodyRejected: BODY_TOO_LARGE above `limit`, BODY_UNDECODABLE for an unknown or stacked coding, a broken
    or truncated stream, or bytes after its end.
    """
    decode = CODINGS.get(content_encoding.strip().lower())
    if decode is None:
        raise BodyRejected(Reason.BODY_UNDECODABLE, "the content coding is not one of gzip, deflate, br, zstd")
    if decode is not _identity and not raw:
        return b""  # an empty body has no coding to undo (answers to HEAD, 204 and 304 name one all the same)
    try:
        body = decode(raw, limit)
    except (zlib.error, brotli.error, zstandard.ZstdError, MemoryError):
        raise BodyRejected(Reason.BODY_UNDECODABLE, "the body is not what its content coding says") from None
    if len(body) > limit:
        raise BodyRejected(Reason.BODY_TOO_LARGE)
    return body


def _identity(raw: bytes, limit: int) -> bytes:
    return raw


def _zlib(window: int) -> Callable[[bytes, int], bytes]:
    def decode(raw: bytes, limit: int) -> bytes:
        stream = zlib.decompressobj(window)
        body = stream.decompress(raw, limit + 1)
        return _whole(body, limit, stream.eof and not stream.unused_data)

    return decode


def _brotli(raw: bytes, limit: int) -> bytes:
    stream = brotli.Decompressor()
    parts = [stream.process(raw, output_buffer_limit=limit + 1)]
    size = len(parts[0])
    while size <= limit and not stream.is_finished():
        part = stream.process(b"", output_buffer_limit=limit + 1 - size)
        if not part:
            break
        parts.append(part)
        size += len(part)
    return _whole(b"".join(parts), limit, stream.is_finished())


def _zstd(raw: bytes, limit: int) -> bytes:
    engine = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW)
    body = engine.stream_reader(raw, read_across_frames=False).read(limit + 1)
    if len(body) > limit:
        return body
    # The bounded reader does not say where the frame ended. It is small enough now to be read by the one that does.
    stream = engine.decompressobj(read_across_frames=False)
    return _whole(stream.decompress(raw), limit, stream.eof and not stream.unused_data)


def _whole(body: bytes, limit: int, ended: bool) -> bytes:
    if len(body) <= limit and not ended:
        raise BodyRejected(Reason.BODY_UNDECODABLE, "the coded body is cut short, or goes on after its end")
    return body


CODINGS: Mapping[str, Callable[[bytes, int], bytes]] = MappingProxyType(
    {
        "": _identity,
        "identity": _identity,
        "gzip": _zlib(16 + zlib.MAX_WBITS),
        "deflate": _zlib(zlib.MAX_WBITS),
        "br": _brotli,
        "zstd": _zstd,
    }
)
"""What is accepted: header value in lower case -> (bytes, limit) -> bytes, which may exceed the limit by one."""
