"""jsonpath-ng's trees."""

from __future__ import annotations

import pytest

from interlock.paths import ng
from interlock.paths.steps import Index, Name, Slice, Wild
from interlock.paths.syntax import Query, Segment


def test_a_tree_is_taken_apart_in_the_order_of_the_path():
    """Children and descendants come out as segments, from left to right."""
    expected = (Segment((Name("a"),)), Segment((Name("b"), Name("c")), True), Segment((Wild(),)), Segment((Index(-1),)))
    assert ng.parse("$.a..['b','c'].*[-1]") == Query(True, expected)
    assert ng.parse("$[1::2]") == Query(True, (Segment((Slice(1, None, 2),)),))


@pytest.mark.parametrize("text", ["a.b", "$.a.`parent`", "$.a + $.b", "$[/a]", "$[", "$.a|$.b", "$['a',0]", "@.a"])
def test_what_is_not_of_rfc_9535_is_not_read(text):
    """Trees with anything else in them are as good as none."""
    assert ng.parse(text) is None
