"""Checks a chained log of a recordings folder (`refusals`, `looks`, `reviews`): its older half, then the current one.

A log that rotates loses its oldest half on purpose. Where a tree knows the log, what is gone must be what one
rotation since the tree's last word explains.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from interlock.recording.event import Event
from interlock.recording.log_file import is_there, rotated
from interlock.recording.log_word import may_go
from interlock.recording.reading import first_number, read_lines
from interlock.recording.report import ChainReport
from interlock.recording.ties import Ties
from interlock.recording.verify_session import unreadable
from interlock.recording.walk import Finding, Walk

__all__ = ["check_log"]


def check_log(folder: Path, name: str, ties: Ties | None = None) -> ChainReport | None:
    """The report of a log; None when there is nothing of it and no tree knows it. Never raises."""
    ties = ties or Ties()
    path = folder / f"{name}.jsonl"
    file = path.relative_to(folder).as_posix()
    older, current = _number(rotated(path)), _number(path)
    findings = [Finding(file, 0, "replaced", text, True) for text in ties.broken]
    findings += [Finding(file, 0, "deleted", text, False) for text in ties.gone.values()]
    if may_go(name) and ties.starts and not is_there(path):
        findings.append(Finding(file, 0, "deleted", "is gone, as when its place was dropped from the rules", False))
    else:
        findings += _halves(file, older, current, ties)
    walks: list[Walk] = []
    before: Event | None = None
    known = _shares(ties, older, current)
    for part in (rotated(path), path):
        within = part.relative_to(folder).as_posix()
        walk = Walk(within, lambda event, before=before: _continues(event, before), anchors=known[part == path])  # type: ignore[misc]
        try:
            for line in read_lines(part):
                walk.feed(line)
        except FileNotFoundError:
            continue
        except OSError as error:
            walk.findings.append(unreadable(within, error))
        walk.finish()
        if part != path and current and walk.last is not None and current > walk.last.seq + 1:
            gone = f"events {walk.last.seq + 1} to {current - 1} are missing at the end: {file} goes on after them"
            walk.find(walk.events, "truncated", gone)
        before = walk.last or before
        walks.append(walk)
    if not walks and not findings:
        return None
    findings += [finding for walk in walks for finding in walk.findings]
    head, last = (before.hash, before.seq) if before else ("", 0)
    first, events = older or current or 1, sum(walk.events for walk in walks)
    return ChainReport(name, "log", events, head, tuple(findings), last, ties.sure, first)


def _number(path: Path) -> int | None:
    """The number of the first event, 0 when it cannot be told; None when there is no file, or nothing in it."""
    try:
        return first_number(path) if path.exists() and path.stat().st_size else None
    except OSError:
        return 0


def _shares(ties: Ties, older: int | None, current: int | None) -> tuple[Mapping[int, tuple[str, str]], ...]:
    """What is known of events of the older half, and of those of the current one."""
    start = current or (ties.starts[-1] if ties.starts else 0)
    if not current and older and older == start:  # killed in the middle of a turn
        return ties.events, {}
    first = older or start
    return (
        {seq: known for seq, known in ties.events.items() if first <= seq < start},
        {seq: known for seq, known in ties.events.items() if seq >= start},
    )


def _halves(name: str, older: int | None, current: int | None, ties: Ties) -> list[Finding]:
    """Whether both halves are there that must be."""
    if not ties.starts:
        return []
    last, oldest, newest = ties.signed or max(ties.events, default=0), ties.starts[0], ties.starts[-1]
    half = rotated(Path(name)).as_posix()
    if current is None:
        killed = older == newest and older  # in the middle of a turn
        return [] if killed else [Finding(name, 0, "missing", "the log is gone", True)]
    if current == newest:
        wanted = oldest if len(ties.starts) > 1 else None
    elif current > last:
        wanted = newest
    else:
        message = f"begins with event {current}, not with event {newest}"
        return [Finding(name, 1, "opened", message, True)] if current else []
    if older == wanted or (older == 0 and wanted is None):  # a crash leaves a torn beginning aside
        return []
    if wanted is None:
        return [Finding(half, 1, "spliced", "the log had no older half when it was vouched for", True)]
    if older is None:
        return [Finding(half, 0, "missing", f"the log's older half is gone, from event {wanted} on", True)]
    begins = f"begins with event {older}" if older else "has no readable beginning"
    return [Finding(half, 1, "removed", f"{begins}: it has to begin with event {wanted}", True)]


def _continues(event: Event, before: Event | None) -> str:
    if event.kind != "opened":
        return "the first event is not the one that opens a log"
    if before is not None and (event.prev != before.hash or event.seq != before.seq + 1):
        return "does not go on where the older half of the log ends"
    return ""
