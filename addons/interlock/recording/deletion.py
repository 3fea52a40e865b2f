"""Deletes what is to go of a session, and leaves a signed tombstone: written down before, finished after a crash.

An order lies in `.deleting/` from before the tombstone until everything is gone, so whatever moment a gateway dies
in, the next one finds it and goes on; then there may be two tombstones, and never none. It is signed as heads are:
what somebody else put there, or who has another key, is left alone. A session's folder leaves
the recordings in one step. Keys and salts are overwritten first, as far as the disk lets anybody do that.
"""

from __future__ import annotations

import errno
import logging
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Protocol

import msgspec

from interlock.model import JSON
from interlock.recording.canonical import canonical
from interlock.recording.chain import open_plain
from interlock.recording.disk import replace_file, sync_folder
from interlock.recording.keys import KEY
from interlock.recording.session import FLOWS, SALT

__all__ = ["DELETING", "Deletion", "Order", "Tombstones", "What"]

DELETING: Final = ".deleting"
"""The folder of orders, among the recordings."""

type What = Literal["session", "flows", "salt", "key"]

_FILES: Final[dict[str, str]] = {"flows": FLOWS, "salt": SALT, "key": KEY}
_SECRET: Final = frozenset({"salt", "key"})
_NAME = re.compile(r"([0-7][0-9A-HJKMNP-TV-Z]{25})\.(session|flows|salt|key)\.json")
_GONE: Final = ".gone"
_MAX_FILE = 16 << 10
_MAX_WORDS = 1000
_NO_FILE: Final = frozenset({errno.ELOOP, errno.ENXIO, errno.EISDIR})
_log = logging.getLogger("interlock")
_decode = msgspec.json.Decoder().decode


class Tombstones(Protocol):
    """What a ledger does for deletions."""

    def tombstone(self, session: str, why: str, rule: str = "", *, what: str = "session") -> None:
        """Note that something of a session is to be deleted, on the disk when this returns. Raises OSError."""
        ...

    def sign_order(self, order: bytes) -> str:
        """The signature of an order."""
        ...

    def is_ours(self, order: bytes, signature: str) -> bool:
        """Whether that is so."""
        ...


@dataclass(frozen=True, slots=True)
class Order:
    """What goes of a session (all of it, or one file), why in words, and by which rule (empty: somebody asked)."""

    session: str
    what: What
    why: str
    rule: str = ""


class Deletion:
    """Carries orders out in one recordings folder. Blocks: for worker threads.

    `after` is told of each order once nothing of it is left here: copies elsewhere are to go too.
    """

    def __init__(self, folder: Path, ledger: Tombstones, after: Callable[[Order], None] = lambda _: None) -> None:
        self._folder = folder
        self._ledger = ledger
        self._after = after

    def carry_out(self, order: Order) -> None:
        """Deletes. Raises OSError; what was begun is then finished by `finish`, later or by another process."""
        path = self._path(order)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        why = order.why[:_MAX_WORDS]
        said: dict[str, JSON] = {"rule": order.rule, "signature": self._ledger.sign_order(_signed(order)), "why": why}
        replace_file(path, canonical(said))
        self._go_on(order)

    def finish(self, held: Callable[[str], bool] = lambda _: False) -> list[Order]:
        """Goes on with what was begun, and says with what; orders that nobody here signed stay.

        So do those about sessions that are `held` by now, as long as they are. Raises OSError for what cannot be
        deleted, once everything else was.
        """
        found, failed = list[Order](), list[OSError]()
        for path in self._orders():
            match = _NAME.fullmatch(path.name)
            said = _read(path)
            if match is None or said is None:
                continue
            why, rule = said.get("why"), said.get("rule")
            order = Order(match[1], match[2], str(why), str(rule))  # type: ignore[arg-type]
            if not self._ledger.is_ours(_signed(order), str(said.get("signature"))):
                _log.warning("Nobody who signs for these recordings ordered %s: it is left alone", path)
                continue
            if (self._folder / order.session).is_dir() and held(order.session):
                continue
            try:
                self._go_on(order)
            except OSError as error:
                failed.append(error)
            else:
                found.append(order)
        for path in (self._folder / DELETING).glob(f"*{_GONE}"):  # its tombstone stands: it was moved here after that
            shutil.rmtree(path, ignore_errors=True)
        if failed:
            raise failed[0]
        return found

    def _go_on(self, order: Order) -> None:
        folder = self._folder / order.session
        if folder.is_symlink():
            raise OSError(errno.ELOOP, "a link stands where the session was", str(folder))
        self._ledger.tombstone(order.session, order.why[:_MAX_WORDS], order.rule, what=order.what)
        if order.what == "session":
            self._whole(folder)
        else:
            with suppress(FileNotFoundError):
                _files(folder, (_FILES[order.what],), overwrite=order.what in _SECRET)
        self._after(order)
        self._path(order).unlink(missing_ok=True)

    def _whole(self, folder: Path) -> None:
        gone = self._folder / DELETING / f"{folder.name}{_GONE}"
        if folder.is_dir() and gone.is_dir():
            shutil.rmtree(gone)  # what somebody put in the way, or a deletion that died left
        with suppress(FileNotFoundError):
            folder.rename(gone)
            sync_folder(self._folder)
        if gone.is_symlink():
            gone.unlink()  # it took the folder's place a moment ago: what it leads to is not ours
        elif gone.is_dir():
            with suppress(FileNotFoundError):  # another gateway of this folder does the same
                _files(gone, [_FILES[name] for name in _SECRET], overwrite=True, remove=False)
                shutil.rmtree(gone)

    def _path(self, order: Order) -> Path:
        return self._folder / DELETING / f"{order.session}.{order.what}.json"

    def _orders(self) -> list[Path]:
        try:
            return sorted(path for path in (self._folder / DELETING).iterdir() if path.suffix == ".json")
        except FileNotFoundError:
            return []


def _signed(order: Order) -> bytes:
    """What a signature of an order is over."""
    return b"interlock deletion\n" + canonical([order.session, order.what, order.why[:_MAX_WORDS], order.rule])


def _read(path: Path) -> dict[str, JSON] | None:
    try:
        with open_plain(path) as file:
            said = _decode(file.read(_MAX_FILE))
    except (OSError, ValueError, RecursionError, msgspec.MsgspecError):
        return None
    return said if isinstance(said, dict) else None


def _files(folder: Path, names: Iterable[str], *, overwrite: bool, remove: bool = True) -> None:
    """Empties and removes these files of a folder, and of no other that a link leads to. Raises OSError."""
    inside = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        for name in names:
            with suppress(FileNotFoundError):
                if overwrite:
                    _overwrite(name, inside)
                if remove:
                    os.unlink(name, dir_fd=inside)
        os.fsync(inside)
    finally:
        os.close(inside)


def _overwrite(name: str, inside: int) -> None:
    """Zeros in the place of a secret; a link, a pipe and what is too large are none. Raises OSError."""
    try:
        fd = os.open(name, os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=inside)
    except OSError as error:
        if error.errno in _NO_FILE:
            return
        raise
    try:
        found = os.fstat(fd)
        if stat.S_ISREG(found.st_mode) and found.st_size <= _MAX_FILE:
            os.pwrite(fd, bytes(found.st_size), 0)
            os.fsync(fd)
    finally:
        os.close(fd)
