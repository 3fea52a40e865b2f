"""Flow files in sealed frames: what mitmproxy's format holds, encrypted piece by piece as it is appended.

A file begins with MAGIC. A frame is its length (4 bytes), how many flows end in it (2 bytes), a nonce (12 bytes) and
AES-256-GCM ciphertext; it is bound to its session and to where in the file it stands, so that none can be moved,
repeated or put into another session's file. Digests are of the file as it is, so they are checked without a key.
Nonces as in `sealing`: one that was tried is never used again.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from interlock.recording.chain import open_plain
from interlock.recording.keys import DataKey, Unopened
from interlock.recording.sealing import Nonces

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

__all__ = ["MAGIC", "FrameSealer", "frame_ends", "open_flows", "survey_frames"]

MAGIC: Final = b"interlock sealed flows 1\n"
_HEAD = struct.Struct(">IH")
_NONCE, _TAG = 12, 16
_PIECE: Final = 1 << 20
_LONGEST: Final = _PIECE + _NONCE + _TAG
_MAX_COUNT: Final = 0xFFFF


class FrameSealer:
    """Seals what is appended to one session's flow file. Used as its `FlowFile` is."""

    __slots__ = ("_cipher", "_nonces", "_session")

    def __init__(self, key: DataKey) -> None:
        self._cipher = _cipher(key)
        self._nonces = Nonces()
        self._session = key.session

    def seal(self, data: bytes, flows: int, offset: int) -> bytes:
        """What is to be written at this offset for flows as they are encoded. Raises OSError after 2^32 frames."""
        parts = [MAGIC] if not offset else []
        at = offset or len(MAGIC)
        view = memoryview(data)
        while view:
            piece, view = view[:_PIECE], view[_PIECE:]
            head = _HEAD.pack(len(piece) + _NONCE + _TAG, 0 if view else min(flows, _MAX_COUNT))
            nonce = self._nonces.next()
            parts += [head, nonce, self._cipher.encrypt(nonce, piece, _aad(self._session, at, head))]
            at += _HEAD.size + _NONCE + len(piece) + _TAG
        return b"".join(parts)


def survey_frames(file: BinaryIO) -> tuple[int, int]:
    """How many flows an encrypted file holds, and where its last whole frame ends; needs no key. Raises OSError."""
    file.seek(0)
    if file.read(len(MAGIC)) != MAGIC:
        return 0, 0
    flows, whole = 0, len(MAGIC)
    for end, count in frame_ends(file):
        flows, whole = flows + count, end
    return flows, whole


def frame_ends(file: BinaryIO, start: int = 0) -> Iterator[tuple[int, int]]:
    """Where each whole frame ends, from one's beginning on, and how many flows end in it. Raises OSError."""
    size, end = file.seek(0, io.SEEK_END), max(start, len(MAGIC))
    file.seek(end)
    while len(head := file.read(_HEAD.size)) == _HEAD.size:
        length, count = _HEAD.unpack(head)
        if length > _LONGEST or end + _HEAD.size + length > size:
            return
        end += _HEAD.size + length
        yield end, count
        file.seek(end)


def open_flows(path: Path, key: DataKey) -> BinaryIO:
    """An encrypted flow file, to be read as a plain one. Raises OSError.

    Reading raises Unopened (`changed`) where a frame is not what was sealed there; what a killed gateway left
    unfinished is the end.
    """
    return io.BufferedReader(_Frames(_frames(path, key)))


class _Frames(io.RawIOBase):
    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._rest:
            self._rest = memoryview(next(self._pieces, b""))
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def close(self) -> None:
        self._pieces = iter(())
        super().close()


def _frames(path: Path, key: DataKey) -> Iterator[bytes]:
    from cryptography.exceptions import InvalidTag

    cipher, at = _cipher(key), len(MAGIC)
    with open_plain(path) as file:
        if file.read(at) != MAGIC:
            raise _changed(path)
        while len(head := file.read(_HEAD.size)) == _HEAD.size:
            length, _ = _HEAD.unpack(head)
            if not _NONCE + _TAG < length <= _LONGEST:
                raise _changed(path)
            sealed = file.read(length)
            if len(sealed) < length:
                return
            try:
                yield cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], _aad(key.session, at, head))
            except InvalidTag:
                raise _changed(path) from None
            at += _HEAD.size + length


def _changed(path: Path) -> Unopened:
    return Unopened("changed", f"{path.parent.name}/{path.name} was changed, or is another session's")


def _cipher(key: DataKey) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key.key(b"flows"))


def _aad(session: str, at: int, head: bytes) -> bytes:
    return b"flows:%b:%d:%b" % (session.encode(), at, head)
