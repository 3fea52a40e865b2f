"""How findings are shown to a person."""

from __future__ import annotations

from interlock.cli._detect import Answer, Found
from interlock.cli._detect_show import coloured


def test_findings_are_coloured_and_listed():
    """The text stays readable, every finding is in colour, and nothing in it steers the terminal."""
    shown = coloured(Answer("a", 1, "x \x1b[31merika@example.com", (Found(7, 24, "email", "high"),)))
    assert "erika@example.com" in shown.plain
    assert "\x1b" not in shown.plain
    assert "7-24 email (high)" in shown.plain
    styles = {shown.plain[span.start : span.end]: str(span.style) for span in shown.spans}
    assert styles["erika@example.com"] == "bold red"


def test_errors_are_shown():
    """With the number of the line where it has no id."""
    assert coloured(Answer(None, 7, error="text must be text")).plain == "line 7: text must be text"
