"""What lies in a session's folder."""

from __future__ import annotations

import os
from pathlib import Path

from interlock.recording.keys import KEY

__all__ = ["EVIDENCE", "FLOWS", "SALT", "discard"]

EVIDENCE, FLOWS, SALT = "evidence.jsonl", "flows.mitm", "salt"


def discard(folder: Path) -> None:
    """Removes a session folder that holds nothing yet, as far as that works."""
    for name in (EVIDENCE, SALT, KEY):
        try:
            (folder / name).unlink(missing_ok=True)
        except OSError:
            return
    try:
        os.rmdir(folder)
    except OSError:
        return
