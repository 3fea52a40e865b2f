"""Locations as JSON Pointers."""

from __future__ import annotations

from interlock.paths import pointer


def test_pointer_escapes_as_rfc_6901():
    """Tilde and slash are escaped; the whole document is the empty pointer."""
    assert pointer(()) == ""
    assert pointer(("a/b", 0, "m~n", "")) == "/a~1b/0/m~0n/"
