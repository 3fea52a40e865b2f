"""Masked places are told as shapes: what was found and how it was covered, never what it was."""

from __future__ import annotations

from pathlib import Path

from interlock.model import JSON
from interlock.recording.shapes import MaskedValues


def test_places_without_a_body(tmp_path: Path) -> None:
    """Where the flow file is gone, the places are told alone."""
    item: JSON = {"detector": "email", "place": "/0/to", "action": "token", "digest": "3f2a91aa"}
    found = MaskedValues(tmp_path).shapes(3, "decision", {"flow": "f1", "masked": [item, {"more": 3}, 7]})
    assert found == ["/0/to: email (token, 3f2a91)"]


def test_places_are_bounded(tmp_path: Path) -> None:
    """Twenty, and how many more."""
    items: list[JSON] = [{"rule": "notes", "place": f"/{number}", "action": "redact"} for number in range(23)]
    found = MaskedValues(tmp_path).shapes(3, "response", {"decision": "s/1", "masked": items})
    assert (len(found), found[0], found[-1]) == (21, "/0: notes (redact)", "and 3 more")


def test_nothing_masked(tmp_path: Path) -> None:
    """No body is read for it."""
    assert MaskedValues(tmp_path).shapes(3, "response", {"masked": "x"}) == []


def test_what_was_found_in_one_place_is_told_together(tmp_path: Path) -> None:
    """One line a place, whatever was found in it."""
    items: list[JSON] = [
        {"detector": name, "place": place, "action": "redact", "digest": digest}
        for place, name, digest in (("/a", "email", "aaaaaaa"), ("/a", "phone", "bbbbbbb"), ("/b", "email", "aaaaaaa"))
    ]
    found = MaskedValues(tmp_path, most=1).shapes(3, "response", {"decision": "s/1", "masked": items})
    assert found == ["/a: email, phone (redact, aaaaaa, bbbbbb)", "and 1 more"]
