"""Checks recordings offline: has anybody changed, removed, moved or slipped in anything?

What a chain can and cannot show: any change to an event that another event follows is found, and so is any change
to a `closed` session's flows. Whoever can write the folder can cut events off the end of a session, or write a whole
chain anew: cutting is found only where something else remembers the end (a later session of the same run does);
both need anchors kept elsewhere, which this version does not make.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from interlock.model import JSON
from interlock.recording.chain import open_plain
from interlock.recording.event import GENESIS, Event
from interlock.recording.opening import key_fault
from interlock.recording.reading import read_lines
from interlock.recording.refusals import LOG_NAMES, rotated
from interlock.recording.runs import first_event, session_folders
from interlock.recording.session import EVIDENCE, FLOWS, SALT
from interlock.recording.ulid import is_ulid
from interlock.recording.walk import Finding, Walk

__all__ = ["ChainReport", "Verification", "verify"]

_CHUNK = 1 << 20
type _Anchors = Mapping[str, Mapping[int, str]]


@dataclass(frozen=True, slots=True)
class ChainReport:
    """One session, or one refusal log. `state` is `closed`, `open`, `torn`, `empty` or `log`.

    `events` were read intact; `head` is the hash of the last one: keep it elsewhere and a cut end shows.
    """

    name: str
    state: str
    events: int
    head: str
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing grave was found. An open or torn session can be ok."""
        return not any(finding.grave for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Verification:
    """What `verify` found: one report a chain, and what concerns the folder itself."""

    chains: tuple[ChainReport, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing grave was found anywhere; False for a folder that holds no recording at all."""
        nothing_grave = not any(finding.grave for finding in self.findings)
        return nothing_grave and bool(self.chains) and all(chain.ok for chain in self.chains)


def verify(folder: Path) -> Verification:
    """Checks a session's folder or a whole recordings folder. Never raises, whatever the files hold.

    In a whole folder, sessions that continue others also vouch for how those ended.
    """
    folder = Path(folder)
    try:
        if is_ulid(folder.resolve().name):
            return Verification((_session(folder.resolve(), {}),))
        names = session_folders(folder)
        logs = [log for name in LOG_NAMES if (log := _log(folder, name))]
    except (OSError, ValueError, RuntimeError) as error:
        return Verification((), (_unreadable(str(folder), error),))
    anchors, findings = _anchors(folder, names)
    sessions = [_session(folder / name, anchors) for name in names]
    return Verification((*sessions, *logs), tuple(findings))


def _anchors(folder: Path, names: list[str]) -> tuple[_Anchors, list[Finding]]:
    """What later sessions say about the ends of earlier ones."""
    anchors: dict[str, dict[int, str]] = {}
    findings = []
    known = set(names)
    for name in names:
        event = first_event(folder / name)
        after = event.data.get("after") if event else None
        previous = event.data.get("continues") if event else None
        if isinstance(previous, str) and isinstance(after, dict):
            seq, digest = after.get("seq"), after.get("hash")
            if previous not in known:
                message = "the session that this one continues is not here"
                findings.append(Finding(f"{name}/{EVIDENCE}", 1, "continues", message, False))
            elif isinstance(seq, int) and isinstance(digest, str):
                anchors.setdefault(previous, {})[seq] = digest
    return anchors, findings


def _session(folder: Path, anchors: _Anchors) -> ChainReport:
    file = f"{folder.name}/{EVIDENCE}"
    walk = Walk(file, lambda event: _opens(event, folder.name), anchors=anchors.get(folder.name))
    try:
        for line in read_lines(folder / EVIDENCE):
            walk.feed(line)
    except FileNotFoundError:
        pass
    except OSError as error:
        walk.findings.append(_unreadable(file, error))
    walk.finish()
    if walk.last is None:
        _check_empty(folder, walk)
        return ChainReport(folder.name, "empty", 0, "", tuple(walk.findings))
    state = "torn" if walk.torn else "closed" if walk.last.kind == "closed" else "open"
    if state == "open":
        walk.find(walk.events, "open", "has no closing event: in use, or its gateway was killed", grave=False)
    if walk.last.kind == "closed":
        _check_flows(folder, walk, walk.last.data.get("flows"))
    _check_salt(folder, walk)
    if fault := key_fault(folder, first_event(folder)):
        walk.find(0, *fault)
    return ChainReport(folder.name, state, walk.events, walk.last.hash, tuple(walk.findings))


def _check_empty(folder: Path, walk: Walk) -> None:
    """A session without any event: its gateway died while opening it, unless it left flows."""
    if _digest(folder / FLOWS)[0]:
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


def _check_salt(folder: Path, walk: Walk) -> None:
    """A salt may be destroyed on purpose, so that digests mean nothing any more; it may not be another."""
    opened = first_event(folder)
    if opened is None:
        return
    try:
        with open_plain(folder / SALT) as file:
            written = file.read(1024)
        salt = bytes.fromhex(written.decode("ascii").removesuffix("\n"))
        if written != salt.hex().encode() + b"\n":  # fromhex takes other spellings
            salt = b""
    except FileNotFoundError:
        return
    except (OSError, ValueError):
        salt = b""
    if hashlib.sha256(salt).hexdigest() != opened.data.get("salt"):
        walk.find(0, "salt", "the salt is not the one the session was opened with")


def _check_flows(folder: Path, walk: Walk, said: JSON) -> None:
    if not isinstance(said, dict) or not isinstance(said.get("bytes"), int):
        walk.find(walk.events, "flows", "the closing event does not say what the flow file holds")
        return
    size, digest = _digest(folder / FLOWS)
    if said.get("pending") == 0 and (size, digest) != (said.get("bytes"), said.get("sha256")):
        walk.find(walk.events, "flows", "the flow file is not as it was when the session was closed")
    if said.get("lost") or said.get("pending"):
        walk.find(walk.events, "lost", "not every flow could be written to the flow file", grave=False)


def _digest(path: Path) -> tuple[int, str]:
    """Size and SHA-256 of a file; a missing one counts as empty."""
    digest, size = hashlib.sha256(), 0
    try:
        with open_plain(path) as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except FileNotFoundError:
        pass
    except OSError:
        return -1, ""
    return size, digest.hexdigest()


def _log(folder: Path, name: str) -> ChainReport | None:
    """A refusal log: its older half, when it rotated, then the current one, as one chain."""
    path = folder / f"{name}.jsonl"
    reports = []
    before: Event | None = None
    for part in (rotated(path), path):
        walk = Walk(part.name, lambda event, before=before: _continues(event, before))  # type: ignore[misc]
        try:
            for line in read_lines(part):
                walk.feed(line)
        except FileNotFoundError:
            continue
        except OSError as error:
            walk.findings.append(_unreadable(part.name, error))
        walk.finish()
        before = walk.last
        reports.append(walk)
    if not reports:
        return None
    findings = tuple(finding for walk in reports for finding in walk.findings)
    return ChainReport(name, "log", sum(walk.events for walk in reports), before.hash if before else "", findings)


def _continues(event: Event, before: Event | None) -> str:
    if event.kind != "opened":
        return "the first event is not the one that opens a log"
    if before is not None and (event.prev != before.hash or event.seq != before.seq + 1):
        return "does not go on where the older half of the log ends"
    return ""


def _unreadable(file: str, error: Exception) -> Finding:
    why = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
    return Finding(file, 0, "unreadable", f"cannot be read: {why}", True)
