"""How a session's folder begins: what lies in it before the first event, and what that says of an earlier session."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from interlock.model import JSON
from interlock.recording.chain import open_plain, tail
from interlock.recording.session import EVIDENCE

__all__ = ["continued", "write_new"]


def continued(folder: Path, opened: dict[str, JSON]) -> dict[str, JSON] | None:
    """Binds a new session to the end of the one in `folder`; what was torn there is returned as a gap. Never raises."""
    opened["continues"] = previous = folder.name
    try:
        with open_plain(folder / EVIDENCE) as file:
            size = os.fstat(file.fileno()).st_size
            event, end = tail(file.fileno(), size)
            torn = os.pread(file.fileno(), size - end, end)
    except OSError:
        return {"session": previous, "unreadable": True}
    if event is None:
        return {"session": previous, "unreadable": True}
    opened["after"] = {"hash": event.hash, "seq": event.seq}
    if not torn:
        return None
    return {"bytes": len(torn), "session": previous, "sha256": hashlib.sha256(torn).hexdigest()}


def write_new(path: Path, data: bytes) -> None:
    """Makes a small file that only its owner reads. Raises OSError, also when it exists."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        if os.write(fd, data) != len(data):
            raise OSError("the file was written in part")
    finally:
        os.close(fd)
