"""The list of kinds is the list of what is written."""

from __future__ import annotations

import re

from tests.house.project import ROOT

from interlock.recording.event_kinds import KINDS

_WRITTEN = re.compile(r'(?:session|session_of\([^)]*\)|need\(call\.session\)|self)\s*\.(?:append|note)\(\s*"([a-z-]+)"')


def test_every_kind_that_is_written_is_explained() -> None:
    """Found in the sources, so that a new kind cannot be forgotten; and none is explained that nobody writes."""
    folder = ROOT / "addons" / "interlock"
    files = [*(folder / "mitm").glob("*.py"), *(folder / "recording").glob("*.py")]
    written = {kind for file in files for kind in _WRITTEN.findall(file.read_text(encoding="utf-8"))}
    assert {"opened", "decision", "reply", "usage", "approval", "closed"} <= written
    assert written == set(KINDS)
