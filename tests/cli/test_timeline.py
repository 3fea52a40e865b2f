"""A row for every event, whatever an evidence file claims."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from rich.text import Text

from interlock.cli._timeline import event_document, timeline
from interlock.model import JSON
from interlock.recording import Line
from interlock.recording.event import Event


def line(kind: str, data: Mapping[str, JSON], fault: str = "") -> Line:
    """A line of evidence."""
    return Line(3, b"{}\n", Event(3, "2027-01-15T08:00:00.000Z", kind, data, "0" * 64, "1" * 64), fault)


def row(kind: str, data: Mapping[str, JSON], fault: str = "") -> list[str]:
    """Its cells as text."""
    (cells,) = timeline(iter([line(kind, data, fault)]))
    return [cell.plain if isinstance(cell, Text) else cell for cell in cells]


def test_a_decision_shows_all_its_operations_and_reports() -> None:
    """Nothing of what was judged is left out."""
    operations: list[JSON] = [{"name": f"sql.read{number}", "tables": ["a", "b"]} for number in range(40)]
    reports: list[JSON] = [{"rule": "quiet", "effect": "forbid", "reason": "forbidden"}]
    data: dict[str, JSON] = {
        "effect": "permit",
        "reason": "permitted",
        "rule": "r",
        "operations": operations,
        "reports": reports,
    }
    _, time, kind, outcome, what, why = row("decision", data)
    assert (time, kind, outcome) == ("08:00:00.000", "decision", "permit")
    assert "sql.read39 a b" in what
    assert why == "permitted, rule r, rule quiet would forbid"


def test_masks_are_counted_by_detector() -> None:
    """How many of what, never where they stood or what they were."""
    masked: list[JSON] = [{"detector": "email"}, {"detector": "email"}, {"rule": "cards"}, {"more": 5}]
    assert "masked email x2, cards x1, more x5" in row("response", {"status": 200, "masked": masked})[4]


@pytest.mark.parametrize("value", [None, 7, "x", [7, None, "x"], {"a": 1}, [[1]], [{"name": 7, "tables": 7}]])
@pytest.mark.parametrize("kind", ["opened", "decision", "response", "closed", "else"])
def test_claims_of_any_type_are_shown_somehow(kind: str, value: JSON) -> None:
    """A file that somebody else wrote breaks nothing."""
    names = ("effect", "reason", "rule", "operations", "masked", "reports", "status", "milliseconds", "path", "subject")
    assert len(row(kind, dict.fromkeys(names, value))) == 6


def test_damage_is_said_in_both_forms() -> None:
    """A line that does not verify, and one that says nothing at all."""
    assert row("decision", {}, "does not match its own hash")[2] == "DAMAGED decision"
    empty = Line(9, b"x\n", None, "is not an event")
    (cells,) = timeline(iter([empty]))
    assert str(cells[2]) == "DAMAGED"
    assert event_document(empty) == {"line": 9, "fault": "is not an event"}
