"""Notes in a recordings folder that somebody looks at it, before anything is shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from interlock.model import JSON

__all__ = ["note_look"]


def note_look(recordings: Path, how: str, what: dict[str, JSON]) -> None:
    """One line in the folder's log of looks.

    A folder that cannot be written (a copy on read-only media, an auditor's mount) is shown all the same, with a word
    about it: whoever can read these files needs no tool to do so, and evidence that nobody may read is none. Where
    there is no folder there is nothing to look at.
    """
    from interlock.cli._show import console
    from interlock.clocks import SystemClock
    from interlock.errors import Refused
    from interlock.recording.looks import LookLog, operating_user

    if not recordings.is_dir():
        return
    try:
        LookLog(recordings, SystemClock()).add(operating_user(), how, what)
    except Refused as error:
        console(stderr=True).print(f"this look is not recorded: {error}", soft_wrap=True)
