"""The traversal: bounded in depth and states, and every value once."""

from __future__ import annotations

import jsonpath_rfc9535
import pytest

from interlock.errors import BodyRejected
from interlock.paths import PathSet, compile_path
from interlock.paths.matcher import MAX_DEPTH
from interlock.reasons import Reason


def _nested(depth: int) -> object:
    node: object = 1
    for _ in range(depth):
        node = [node]
    return node


@pytest.mark.parametrize("text", ["$..a", "$[?@..a]", "$..*"])
def test_a_deep_document_is_rejected_not_a_crash(text):
    """Nesting beyond the bound is an unreadable body, wherever it is met; up to it, it is searched."""
    assert compile_path(text).select(_nested(MAX_DEPTH)) is not None
    deep = _nested(100_000)
    with pytest.raises(BodyRejected) as caught:
        compile_path(text).select(deep)
    assert caught.value.reason is Reason.BODY_UNPARSABLE
    while isinstance(deep, list):  # taken apart here, because freeing it at once would recurse
        deep = deep.pop()


def test_many_states_stay_bounded():
    """Paths whose automaton would explode are still right when states are no longer kept."""
    path = compile_path("$..a" + ".*" * 14)
    document: object = 1
    for depth in range(60):
        document = {"ab"[depth * 7 % 3 % 2]: document, "b": {"a": depth}}
    expected = {tuple(node.location) for node in jsonpath_rfc9535.find(path.text, document)}
    assert {place for place, _ in path.select(document)} == expected
    assert len(path._matcher._automaton._states) <= 4096


def test_a_value_that_several_ways_lead_to_is_selected_once():
    """Two ways to one value are one selection; two paths to it are two."""
    paths = [compile_path("$..*..a"), compile_path("$..a")]
    document = {"x": {"y": {"a": 1}}}
    assert sorted(index for index, _, _ in PathSet(paths).select(document)) == [0, 1]


def test_a_set_of_no_paths_selects_nothing():
    """No rules, no findings."""
    assert PathSet([]).select({"a": 1}) == []
