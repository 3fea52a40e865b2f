"""`subjects:` in `to:`."""

from __future__ import annotations

from interlock.model import Principal


def test_subjects_are_compared_exactly(condition, moment) -> None:
    """A star is a character like any other: a subject may not choose itself into a pattern."""
    test = condition("to", 'subjects: ["svc:payroll-bot", "svc:*"]')

    assert test(moment(who=Principal("corp", "i", "svc:payroll-bot")))
    assert test(moment(who=Principal("corp", "i", "svc:*")))
    assert not test(moment(who=Principal("corp", "i", "svc:other")))
