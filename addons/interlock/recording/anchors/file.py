"""Keeps tree heads in a file elsewhere: another disk, a mount that only appends, a folder that is collected.

One head a line, as in `heads.jsonl`; several gateways may share the file. It is on the disk before the head counts
as anchored. A folder on the same disk is better than nothing: only who can write both can hide a cut.
"""

from __future__ import annotations

import os

from interlock.recording.anchor import Sink, Target

__all__ = ["PART"]

_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


def _send(line: bytes, target: Target, now: float) -> bytes:
    if target.path is None:
        raise OSError("no file is named")
    fd = os.open(target.path, _FLAGS, 0o600)
    try:
        size = os.fstat(fd).st_size
        torn = size and os.pread(fd, 1, size - 1) != b"\n"  # by a full disk: the torn line stays alone
        written = (b"\n" if torn else b"") + line + b"\n"
        if os.write(fd, written) != len(written):
            raise OSError("the head was written in part")
        os.fsync(fd)
    finally:
        os.close(fd)
    return b""


PART = Sink("file", _send, needs=("path",))
