"""Checks one session's folder: its chain, and what the chain and the trees say of its other files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from interlock.model import JSON
from interlock.recording.chain import open_plain
from interlock.recording.event import GENESIS, Event
from interlock.recording.opening import key_fault
from interlock.recording.reading import read_lines
from interlock.recording.report import ChainReport
from interlock.recording.runs import first_event
from interlock.recording.session import EVIDENCE, FLOWS, SALT
from interlock.recording.ties import Ties
from interlock.recording.walk import Finding, Walk

__all__ = ["check_session", "digests", "unreadable"]

_CHUNK = 1 << 20
_KEY = "key"


def check_session(folder: Path, ties: Ties | None = None) -> ChainReport:
    """The report of one session. Never raises, whatever its files hold."""
    ties = ties or Ties()
    file = f"{folder.name}/{EVIDENCE}"
    walk = Walk(file, lambda event: _opens(event, folder.name), anchors=ties.events)
    try:
        for line in read_lines(folder / EVIDENCE):
            walk.feed(line)
    except FileNotFoundError:
        pass
    except OSError as error:
        walk.findings.append(unreadable(file, error))
    walk.finish()
    found = walk.findings
    if walk.last is None:
        if not ties.events:
            _check_empty(folder, walk)
        return ChainReport(folder.name, "empty", 0, "", tuple(found), 0, ties.sure)
    last = walk.last
    state = "torn" if walk.torn else "closed" if last.kind == "closed" else "open"
    if state == "open":
        walk.find(walk.events, "open", "has no closing event: in use, or its gateway was killed", grave=False)
    found += _flow_findings(folder, last.data.get("flows") if last.kind == "closed" else None, ties)
    found += _salt_findings(folder, ties)
    found += _key_findings(folder, ties)
    found += [_deleted(folder.name, what, who) for what, who in sorted(ties.gone.items())]
    return ChainReport(folder.name, state, walk.events, last.hash, tuple(found), last.seq, ties.sure)


def _deleted(name: str, what: str, who: str) -> Finding:
    if what == "session":
        return Finding(name, 0, "deleted", f"was to be deleted, and is still there ({who})", False)
    return Finding(f"{name}/{_FILES.get(what, what)}", 0, "erased", f"was erased on purpose ({who})", False)


_FILES = {"flows": FLOWS, "salt": SALT, "key": _KEY}


def _check_empty(folder: Path, walk: Walk) -> None:
    """A session without any event: its gateway died while opening it, unless it left flows."""
    if digests(folder / FLOWS, ())[0]:
        walk.find(0, "missing", "there are flows, and no evidence of them")
    else:
        walk.find(0, "empty", "nothing was recorded: the session never began", grave=False)


def _opens(event: Event, name: str) -> str:
    if event.kind != "opened" or event.seq != 1 or event.prev != GENESIS:
        return "the first event is not the one that opens a session"
    if event.data.get("session") != name:
        return "the session's events belong to another folder"
    texts: tuple[str, ...] = ("issuer", "subject", "run", "gateway", "rules", "salt")
    if "sealed" in event.data:
        texts = ("sealed", "whose", "key", "gateway", "rules", "salt")
    if not all(isinstance(event.data.get(key), str) for key in texts):
        return "the first event does not say whose session it is"
    return ""


def _salt_findings(folder: Path, ties: Ties) -> list[Finding]:
    """A salt may be destroyed on purpose, so that digests mean nothing any more; it may not be another.

    Where a tree vouches for the session, that it was on purpose has to stand there too.
    """
    opened, file = first_event(folder), f"{folder.name}/{SALT}"
    if opened is None or "sealed" in opened.data:
        return []
    try:
        with open_plain(folder / SALT) as opened_file:
            written = opened_file.read(1024)
        salt = bytes.fromhex(written.decode("ascii").removesuffix("\n"))
        if written != salt.hex().encode() + b"\n":  # fromhex takes other spellings
            salt = b""
    except FileNotFoundError:
        missing = bool(ties.events) and not {"salt", "session"} & set(ties.gone)
        return [Finding(file, 0, "salt", "the salt is gone, and nothing says that it was erased", True)] * missing
    except (OSError, ValueError):
        salt = b""
    if hashlib.sha256(salt).hexdigest() == opened.data.get("salt"):
        return []
    return [Finding(file, 0, "salt", "the salt is not the one the session was opened with", True)]


def _key_findings(folder: Path, ties: Ties) -> list[Finding]:
    opened, file = first_event(folder), f"{folder.name}/{_KEY}"
    if fault := key_fault(folder, opened):
        return [Finding(file, 0, *fault, True)]
    sealed = opened is not None and "sealed" in opened.data
    if sealed and ties.events and not {"key", "session"} & set(ties.gone) and not (folder / _KEY).exists():
        return [Finding(file, 0, "key", "the session's key is gone, and nothing says that it was erased", True)]
    return []


def _flow_findings(folder: Path, said: JSON, ties: Ties) -> list[Finding]:
    """The flow file against the closing event and the trees: which bytes are not as they were."""
    file, path = f"{folder.name}/{FLOWS}", folder / FLOWS
    marks = [mark for mark, _, _ in ties.flows]
    closing = said if isinstance(said, dict) and isinstance(said.get("bytes"), int) else None
    if said is not None and closing is None:
        return [Finding(file, 0, "flows", "the closing event does not say what the flow file holds", True)]
    if closing is None and not marks:
        return []
    said_bytes = closing["bytes"] if closing is not None else 0
    size, whole, known = digests(path, marks, most=said_bytes if type(said_bytes) is int else 0)
    if {"flows", "session"} & set(ties.gone) and not path.exists():
        return []
    found, intact = [], 0
    for mark, digest, who in ties.flows:
        if known.get(mark) != digest:
            what = f"bytes {intact} to {mark - 1} are not as they were"
            what = what if size >= mark else f"ends after {max(size, 0)} of {mark} bytes"
            found.append(Finding(file, 0, "flows", f"{what} ({who})", True))
            break
        intact = mark
    if closing is None and not found and size > intact:
        message = f"bytes {intact} to {size - 1} came after the tree's last word about it"
        found.append(Finding(file, 0, "uncovered", message, False))
    if closing is not None:
        if not found and closing.get("pending") == 0 and (size, whole) != (closing["bytes"], closing.get("sha256")):
            why = "is not as it was when the session was closed"
            found.append(Finding(file, 0, "flows", f"{why}: {size} bytes, not {closing['bytes']}", True))
        if closing.get("lost") or closing.get("pending"):
            found.append(Finding(file, 0, "lost", "not every flow could be written to the flow file", False))
    return found


def digests(path: Path, marks: Sequence[int], *, most: int = 0) -> tuple[int, str, dict[int, str]]:
    """Size and SHA-256 of a file, and the SHA-256 of its beginnings up to each mark that it reaches.

    Of a file longer than `most` bytes and every mark, no more than those are read, and its SHA-256 is empty. A missing
    file counts as empty, one that cannot be read has the size -1.
    """
    end = max(most, *marks, 0)
    digest, size = hashlib.sha256(), 0
    known: dict[int, str] = {}
    waiting = sorted(set(marks), reverse=True)
    try:
        with open_plain(path) as file:
            while True:
                while waiting and waiting[-1] == size:
                    known[waiting.pop()] = digest.hexdigest()
                limit = waiting[-1] if waiting else end + 1
                chunk = file.read(min(_CHUNK, limit - size))
                if not chunk:
                    break
                if size + len(chunk) > end:
                    return os.fstat(file.fileno()).st_size, "", known
                digest.update(chunk)
                size += len(chunk)
    except FileNotFoundError:
        known = {0: digest.hexdigest()} if 0 in marks else {}
    except OSError:
        return -1, "", {}
    return size, digest.hexdigest(), known


def unreadable(file: str, error: Exception) -> Finding:
    """A finding for what cannot be read."""
    why = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
    return Finding(file, 0, "unreadable", f"cannot be read: {why}", True)
