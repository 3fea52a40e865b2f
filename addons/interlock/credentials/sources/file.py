"""`from: file:/run/secrets/name`: a file holding nothing but the secret, read again whenever it changes.

One line end at its end is left out. It must be a regular file and small; what is in it is kept in memory until the
file's identity, size or time of change differ.
"""

from __future__ import annotations

import contextlib
import os
import stat
import time
from pathlib import Path

from interlock.credentials.parts import MAX_SECRET, Source, checked
from interlock.errors import Refused
from interlock.model import Secret
from interlock.ports import SecretSource
from interlock.reasons import Reason

__all__ = ["PART", "mode_warning"]

_OTHERS = 0o077
_MAX_BYTES = MAX_SECRET * 4 + 2

type _State = tuple[int, int, int, int, int]


class _File:
    __slots__ = ("_known", "_path", "_reference", "_since", "_state")

    def __init__(self, path: Path, reference: str) -> None:
        self._path = path
        self._reference = reference
        self._state: _State | None = None
        self._known = Secret("")
        self._since = (-1, "")

    def read(self) -> Secret:
        """See SecretSource."""
        try:
            found = os.stat(self._path)
            state = _state_of(found)
            if state != self._state:
                self._known = self._fresh(found)
                self._state = state
        except (OSError, ValueError) as error:
            self._state = None
            why = getattr(error, "strerror", None) or "it is no file"
            hint = "the gateway's user must be able to read it"
            raise Refused(Reason.SECRET_UNAVAILABLE, f"{self._reference} cannot be read: {why}", hint=hint) from None
        return self._known

    def reference(self) -> str:
        """See SecretSource."""
        return f"file:{self._reference}"

    def since(self) -> str:
        """When the file that was read was last written; empty where it cannot be read."""
        if self._state is None:
            with contextlib.suppress(Refused):
                self.read()
        if self._state is None:
            return ""
        if self._since[0] != self._state[3]:
            seconds = self._state[3] / 1e9
            self._since = self._state[3], time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
        return self._since[1]

    def _fresh(self, found: os.stat_result) -> Secret:
        """What stands in the file now; never blocks on what is no regular file."""
        self._state = None
        if not stat.S_ISREG(found.st_mode):
            raise Refused(Reason.SECRET_UNAVAILABLE, f"{self.reference()} is not a regular file")
        descriptor = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            raw = file.read(_MAX_BYTES)
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            raise Refused(Reason.SECRET_UNAVAILABLE, f"{self.reference()} is not UTF-8 text") from None
        return checked(text.removesuffix("\n").removesuffix("\r"), self.reference())


def mode_warning(path: Path) -> str:
    """Why a file of secrets is open to others, or empty (also when it cannot be told)."""
    try:
        mode = stat.S_IMODE(os.stat(path).st_mode)
    except (OSError, ValueError):
        return ""
    return f"{path} is open to other users (mode {mode:04o}): chmod 600 {path}" if mode & _OTHERS else ""


def _state_of(found: os.stat_result) -> _State:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _open(reference: str, base: Path) -> SecretSource:
    return _File(base / reference, reference)


def _warnings(reference: str, base: Path) -> tuple[str, ...]:
    warning = mode_warning(base / reference)
    return (warning,) if warning else ()


PART = Source("file", _open, _warnings)
