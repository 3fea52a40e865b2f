"""What steps are made of."""

from __future__ import annotations

from pathlib import Path

from interlock.demo.people import PERSONAL
from interlock.demo.stage import Stage, leaks


def test_leaks_names_what_stands_in_a_text() -> None:
    """Each value, and nothing where there is none."""
    assert leaks(f"write to {PERSONAL[0]}!") == [PERSONAL[0]]
    assert leaks("write to [redacted:email]!") == []


def test_tokens_are_not_shown() -> None:
    """A stage in a traceback shows no token."""
    assert "hidden" not in repr(Stage(None, None, "hidden-a", "hidden-b", "hidden-c", Path()))
