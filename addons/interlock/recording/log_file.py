"""The file of a chained log: its older half, where it ended, and how whoever comes next goes on with it."""

from __future__ import annotations

import os
from pathlib import Path

from interlock.recording.chain import Chain, ChainBroken, open_plain, tail
from interlock.recording.event import GENESIS

__all__ = ["goes_on", "is_there", "last_event", "never_began", "rotated"]

_LONGEST_FIRST = 16 << 10


def rotated(path: Path) -> Path:
    """Where a log's older half lies."""
    return path.with_suffix(".1.jsonl")


def is_there(path: Path) -> bool:
    """Whether anything of a log is there, of either half: also what no log can be, and a link that leads nowhere."""
    return os.path.lexists(path) or os.path.lexists(rotated(path))


def last_event(path: Path) -> tuple[int, str]:
    """Number and hash of a log's last whole event, those of none where there is no file. Never raises."""
    try:
        with open_plain(path) as file:
            event, _ = tail(file.fileno(), os.fstat(file.fileno()).st_size)
    except OSError:
        event = None
    return (event.seq, event.hash) if event else (0, GENESIS)


def never_began(path: Path) -> bool:
    """Whether a process died while it wrote a log's first line: nothing stands there yet. Raises OSError."""
    with open_plain(path) as file:
        line = file.readline(_LONGEST_FIRST)
        return len(line) < _LONGEST_FIRST and not line.endswith(b"\n")


def goes_on(chain: Chain, now: float) -> bool:
    """Goes on with a log, if there is one to go on with. Raises OSError.

    What a process that died had only begun to write is taken away. One whose end is no event is kept as
    `NAME.broken-SECONDS.jsonl`: whoever can add a line of rubbish would else keep everybody from what has to be noted
    first. That it was broken, the gateway that vouches for it next puts into its tree.
    """
    path = chain.path
    if not path.exists():
        return False
    if never_began(path):
        path.unlink()
        return False
    try:
        chain.adopt(now)
    except ChainBroken:
        os.link(path, path.with_name(f"{path.stem}.broken-{int(now)}.jsonl"))
        path.unlink()
        return False
    return True
