"""Comparisons with JSON values; `when: body:` and `where:` have rows of their own."""

from __future__ import annotations

import pytest

from interlock.model import JSON
from interlock.policy.compare import read_fits
from interlock.schema import Reader
from interlock.source import read_yaml_text


@pytest.mark.parametrize(
    ("name", "wanted", "value", "sure", "could"),
    [
        ("equals", "1", 1, True, True),
        ("equals", "1", True, False, False),
        ("in", "[1, x]", "x", True, True),
        ("matches", "x*", "xyz", True, True),
        ("matches", "x*", 7, False, True),
        ("at_most", "5", 5, True, True),
        ("at_most", "5", "5", False, True),
        ("less_than", "5", True, False, True),
        ("at_least", "5", 4.9, False, False),
    ],
)
def test_comparisons(name: str, wanted: str, value: JSON, sure: bool, could: bool) -> None:
    """What cannot be compared fits only where a rule asks or forbids."""
    reader = Reader()
    node = read_yaml_text(wanted, "x.yaml")
    assert read_fits(name, node, False, reader)(value) is sure
    assert read_fits(name, node, True, reader)(value) is could
    reader.finish()


@pytest.mark.parametrize(("name", "wanted"), [("in", "[]"), ("equals", "{}"), ("at_most", "x"), ("matches", "[]")])
def test_comparisons_with_nothing_are_errors(name: str, wanted: str) -> None:
    """What could never match is said."""
    reader = Reader()
    read_fits(name, read_yaml_text(wanted, "x.yaml"), False, reader)
    assert reader.errors
