"""Opens what is sealed for those who read a session, where its key is reachable; says why not otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from interlock.recording.chain import open_plain
from interlock.recording.event import Event
from interlock.recording.frames import MAGIC, open_flows
from interlock.recording.keyring import Keyring, reachable
from interlock.recording.keys import KEY, Unopened, digest
from interlock.recording.sealing import Opener, is_sealed, opened_or_not

__all__ = ["copy_flows", "key_fault", "open_flow_file", "opened", "opener"]

_MAX_FILE = 4096
_CHUNK = 1 << 20


def opener(folder: Path, keys: Keyring | None = None) -> Opener | Unopened:
    """What opens a session's events, or why nothing does. Without `keys`, those that are `reachable`."""
    try:
        return Opener((keys or reachable(folder.parent)).open(folder))
    except Unopened as error:
        return error


def opened(event: Event, folder: Path, keys: Keyring | None = None) -> Event:
    """One event of a session's folder, opened where it is sealed and that is possible."""
    return opened_or_not(event, opener(folder, keys)) if is_sealed(event) else event


def key_fault(folder: Path, first: Event | None) -> tuple[str, str] | None:
    """What is wrong with the file of a session's key, as `Walk.find` takes it; asks for no key.

    A missing one is no fault here: it was erased, and whether that was said, a tombstone shows.
    """
    if first is None or not is_sealed(first):
        return None
    try:
        with open_plain(folder / KEY) as file:
            whole = digest(file.read(_MAX_FILE)) == first.data.get("key")
    except FileNotFoundError:
        return None
    except OSError:
        whole = False
    return None if whole else ("key", "the key's file is not the one the session was opened with")


def open_flow_file(path: Path, keys: Keyring | None = None) -> BinaryIO:
    """A session's flow file, to be read in mitmproxy's format. Raises OSError, Unopened for one that is sealed."""
    file = open_plain(path)
    try:
        if file.read(len(MAGIC)) != MAGIC:
            file.seek(0)
            return file
    except OSError:
        file.close()
        raise
    file.close()
    folder = path.absolute().parent
    return open_flows(path, (keys or reachable(folder.parent)).open(folder))


def copy_flows(path: Path, to: BinaryIO, keys: Keyring | None = None) -> int:
    """Writes a session's flow file as mitmproxy reads it, and says how many bytes. Raises OSError, Unopened."""
    size = 0
    with open_flow_file(path, keys) as file:
        while piece := file.read(_CHUNK):
            to.write(piece)
            size += len(piece)
    return size
