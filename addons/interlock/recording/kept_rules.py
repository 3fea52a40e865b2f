"""The text of the rules that were in force, kept beside the sessions: `.rules/<digest>/`, the files as they were.

The digest that events name is over names and bytes of every file, so whoever reads these can check them.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
from pathlib import Path

from interlock.errors import InterlockError

__all__ = ["KEPT", "keep_rules", "kept_rules", "rules_digest"]

KEPT = ".rules"
_MAX_BYTES = 64 << 20


def rules_digest(folder: Path) -> str:
    """SHA-256 (hex) over names and bytes of every rule and pack file, so that any edit shows. Raises OSError."""
    digest = hashlib.sha256()
    for name, content in _files(folder):
        for part in (name.encode(), content):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
    return digest.hexdigest()


def keep_rules(recordings: Path, folder: Path, digest: str) -> Path:
    """Copies a rules folder beside the recordings, once for each digest, and returns where it lies.

    Raises OSError where that cannot be written, InterlockError where the folder holds other rules by now.
    """
    kept = recordings / KEPT / digest
    if kept.is_dir():
        return kept
    fresh = kept.with_name(f"{digest}.{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700, parents=True)
    try:
        for name, content in _files(folder):
            path = fresh / name
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.write_bytes(content)
            path.chmod(0o600)
        if rules_digest(fresh) != digest:
            raise InterlockError("the rules were edited while they were copied", hint="they are kept once they load")
        fresh.rename(kept)
    except OSError:
        if not kept.is_dir():  # another gateway may have been first
            raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return kept


def kept_rules(recordings: Path, digest: str) -> Path | None:
    """Where the rules of a digest lie, when they are there and are those rules. Never raises."""
    if len(digest) != 64 or not digest.isascii() or not digest.isalnum():
        return None
    kept = recordings / KEPT / digest
    try:
        return kept if kept.is_dir() and not kept.is_symlink() and rules_digest(kept) == digest else None
    except (OSError, InterlockError):
        return None


def _files(folder: Path) -> list[tuple[str, bytes]]:
    """Names, relative to the folder, and contents of its rule files, in their order. Raises OSError, InterlockError."""
    found, size = [], 0
    for file in sorted([*folder.rglob("*.yaml"), *folder.rglob("*.yml")]):
        content = _read(file)
        size += len(content)
        if size > _MAX_BYTES:
            raise InterlockError(
                f"the rules are larger than {_MAX_BYTES >> 20} MiB", hint="only rules and packs belong there"
            )
        found.append((str(file.relative_to(folder)), content))
    return found


def _read(file: Path) -> bytes:
    """A plain file's content, or the first of it where that is too much. Raises OSError for what is none (a pipe)."""
    fd = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(fd, "rb") as opened:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise OSError(errno.EINVAL, "it is no plain file", str(file))
        return opened.read(_MAX_BYTES + 1)
