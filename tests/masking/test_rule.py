"""Masking rules, once read."""

from __future__ import annotations

import pytest

from interlock.masking.rule import PLACES, MaskRule


def test_a_rule_redacts_everywhere_and_records_thoughts_unless_it_says_otherwise():
    """The zero value masks, and leaves what is signed as it is."""
    rule = MaskRule("one")
    assert (rule.action, rule.where, rule.thinking, rule.sealed) == ("redact", frozenset(PLACES), "record", "pass")


@pytest.mark.parametrize(("least", "taken"), [("low", "low medium high"), ("medium", "medium high"), ("high", "high")])
def test_a_rule_takes_findings_that_are_sure_enough(least, taken):
    """From its own threshold upwards."""
    rule = MaskRule("one", min_confidence=least)
    assert [sure for sure in ("low", "medium", "high") if rule.accepts(sure)] == taken.split()
