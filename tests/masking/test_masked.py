"""What a masker gives tells nothing of what it holds."""

from __future__ import annotations

from interlock.masking.masked import Masked, MaskedText


def test_neither_shows_what_it_holds():
    """Bodies and texts stay out of reprs, and so out of logs."""
    assert "erika" not in repr(Masked(b"erika@example.com"))
    assert "erika" not in repr(MaskedText("erika@example.com"))
