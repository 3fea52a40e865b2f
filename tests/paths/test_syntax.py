"""The tree of a path."""

from __future__ import annotations

import pytest

from interlock.paths.parser import parse
from interlock.paths.syntax import refuse


@pytest.mark.parametrize(
    ("text", "singular"),
    [("$", True), ("$.a[0]['b']", True), ("$..a", False), ("$['a','b']", False), ("$[0:1]", False), ("$.*", False)],
)
def test_a_query_knows_whether_it_selects_one_value_at_most(text, singular):
    """Only names and single indices do."""
    assert parse(text).singular is singular


def test_a_refusal_names_the_path_and_the_way_out():
    """An operator sees what was written and what to write."""
    error = refuse("$[", "it is not complete", "close it")
    assert "'$['" in str(error)
    assert error.hint == "close it"
