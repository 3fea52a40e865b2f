"""Every recorded decision under other rules: what would newly be permitted, forbidden, reviewed or masked.

Operations, principals, approvals, grants, time and mode are those that were recorded. Sessions are shared out among
processes; what each remembers and counts is bounded, so that memory does not grow with the recordings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from interlock.engine.rules import Rules
from interlock.errors import InterlockError
from interlock.recording.runs import session_folders
from interlock.recording.session import EVIDENCE
from interlock.recording.ulid import is_ulid
from interlock.replay.crew import judge_together
from interlock.replay.differences import Differences
from interlock.replay.rejudge import Rejudge
from interlock.replay.rules_then import RulesThen
from interlock.replay.tally import Tally
from interlock.replay.walk import Walk, Window
from interlock.replay.workers import ALONE, largest_first

__all__ = ["Window", "compare", "sessions_of"]

ALL: Final = Window()


def compare(
    recordings: Path | Sequence[Path],
    rules: Rules,
    *,
    then: Rules | None = None,
    window: Window = ALL,
    processes: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Differences:
    """What `rules` would have decided otherwise than was recorded.

    `recordings` are recordings folders, or folders of single sessions. `then` are the rules of the time, for recordings
    that do not keep them; they are used where the digest is theirs. With more than one process, `rules` are loaded
    again in each of them from their folder. `progress` is told the bytes judged so far, and those in all.
    Raises InterlockError where there is nothing to judge, OSError for a folder that cannot be read.
    """
    folders = sessions_of([recordings] if isinstance(recordings, Path) else recordings)
    if not folders:
        raise InterlockError("there are no sessions to judge", hint="name a recordings folder, or one session's")
    sizes = largest_first(folders)
    total = sum(size for size, _ in sizes)
    told = progress or (lambda done, of: None)
    tally = Tally()
    if processes > 1 and len(folders) > 1 and total > ALONE:
        for done in judge_together(sizes, rules, then, window, processes):
            tally.add(done)
            told(tally.bytes, total)
        return tally.differences(rules.digest)
    walk = Walk(Rejudge(rules), tally, RulesThen(*(one for one in (rules, then) if one is not None)), window)
    for folder in folders:
        walk.session(folder)
        told(tally.bytes, total)
    return tally.differences(rules.digest)


def sessions_of(folders: Sequence[Path]) -> list[Path]:
    """The session folders in recordings folders, or those that were named themselves. Raises OSError."""
    found: dict[Path, None] = {}
    for folder in folders:
        if is_ulid(folder.name) and (folder / EVIDENCE).is_file():
            found[folder] = None
        else:
            found.update((folder / name, None) for name in session_folders(folder))
    return list(found)
