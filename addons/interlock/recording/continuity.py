"""Whether a log goes on from what a tree said of it last: the only moment in which anybody can tell.

A log turns over and loses its oldest half, so a log that somebody put in the place of another would, two turns later,
look like any other. Each time a log is vouched for it has to lead on from the last word about it: by events after that
one, or by exactly one turn. Otherwise that is said in the tree, for good.
"""

from __future__ import annotations

import os
from pathlib import Path

from interlock.recording.chain import open_plain, tail
from interlock.recording.disk import sync, sync_folder
from interlock.recording.log_file import rotated
from interlock.recording.log_word import LogWord
from interlock.recording.reading import first_number, read_lines
from interlock.recording.ties import Ties
from interlock.recording.verify_log import check_log
from interlock.recording.walk import Finding, Walk

__all__ = ["Unsettled", "fault", "seen"]

_WHO = "the tree's last word"


class Unsettled(OSError):
    """The log turned over while it was looked at, or is about to: to be looked at again."""


def seen(path: Path, known: tuple[int, ...] = ()) -> LogWord | None:
    """A log as it is now, on the disk: what a tree vouches for must outlive a power failure, as the tree does.

    The older half is on the disk from when its halves were `known` to begin as they do. None when there is no whole
    event in it. Blocks; raises OSError.
    """
    before = _files(path)
    if _is_strange(path):
        return None
    try:
        with open_plain(path) as file:
            event, end = tail(file.fileno(), os.fstat(file.fileno()).st_size)
            os.fsync(file.fileno())  # after it was read: so all of it, and of this very file
    except FileNotFoundError:
        return None
    halves = [half for half in (rotated(path), path) if half.exists()]
    firsts = [first_number(half) for half in halves]
    starts = tuple(first for first in firsts if first)
    if starts != known:
        for half in halves:
            sync(half)
        sync_folder(path.parent)
    if _files(path) != before:
        raise Unsettled("the log turned over")
    return LogWord(event.seq, event.hash, starts, end, unread=0 in firsts) if event is not None else None


def fault(folder: Path, name: str, word: LogWord) -> str:
    """Why a folder's log does not go on from the last word about it; empty when it does. Raises OSError."""
    path = folder / f"{name}.jsonl"
    if not word.seq:
        return ""
    if _is_strange(path):
        return f"{name}.jsonl: a link, a pipe or a folder lies in its place"
    before = _files(path)
    finding = _grave(folder, name, word)
    if _files(path) != before:
        raise Unsettled("the log turned over")
    if finding is None:
        return ""
    where = f"{finding.file}:{finding.line}" if finding.line else finding.file
    return f"{where}: {finding.message} ({finding.what})"


def _grave(folder: Path, name: str, word: LogWord) -> Finding | None:
    """What is wrong: with what was added, where it did not turn over since; else with both halves from end to end."""
    path = folder / f"{name}.jsonl"
    older, current = first_number(rotated(path)), first_number(path)
    if current and word.end and word.starts == ((older, current) if older else (current,)):
        findings = _added(path, word)
    else:
        ties = Ties(events={word.seq: (word.hash, _WHO)}, starts=word.starts, signed=word.seq)
        report = check_log(folder, name, ties)
        findings = report.findings if report is not None else (Finding(path.name, 0, "missing", "is gone", True),)
    return next((finding for finding in findings if finding.grave), None)


def _added(path: Path, word: LogWord) -> tuple[Finding, ...]:
    with open_plain(path) as file:
        event, end = tail(file.fileno(), min(word.end, os.fstat(file.fileno()).st_size))
    if event is None or (end, event.seq, event.hash) != (word.end, word.seq, word.hash):
        return (Finding(path.name, 0, "changed", f"event {word.seq} is not where it was, or another: {_WHO}", True),)
    walk = Walk(path.name, lambda _: "", after=event)
    for line in read_lines(path, end):
        walk.feed(line)
    walk.finish()
    return tuple(walk.findings)


def _is_strange(path: Path) -> bool:
    """Whether something lies there that no log can be."""
    return path.is_symlink() or (path.exists() and not path.is_file())


def _files(path: Path) -> tuple[int, ...]:
    """Which two files the halves are."""
    found = []
    for half in (rotated(path), path):
        try:
            found.append(half.stat(follow_symlinks=False).st_ino)
        except OSError:
            found.append(0)
    return tuple(found)
