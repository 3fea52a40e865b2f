"""What queries inside filters select."""

from __future__ import annotations

import pytest

from interlock.errors import BodyRejected
from interlock.paths.nodes import nodes
from interlock.paths.scope import Scope
from interlock.paths.steps import Index, Name, Slice, Step, Wild


def _found(document: object, *steps: Step) -> list[object]:
    return list(nodes(Scope(document), document, steps))


def test_nodes_come_as_often_as_they_are_selected():
    """count() counts a node that is selected twice as two."""
    document = {"a": [1, 2, 3]}
    assert _found(document, Step((Name("a"),)), Step((Index(0), Index(-3), Slice(1, None)))) == [1, 1, 2, 3]
    assert _found(document, Step((Name("a"), Wild()))) == [[1, 2, 3], [1, 2, 3]]
    assert _found(document, Step((Name("b"), Index(0), Slice(0, 1)))) == []
    assert sorted(_found(document, Step((Wild(),), descend=True)), key=str) == [1, 2, 3, [1, 2, 3]]


def test_work_is_counted():
    """Three searches inside each other over many values are too much."""
    rows = [[[index] for index in range(100)] for _ in range(100)]
    document = [rows] * 20
    step = Step((Wild(),), descend=True)
    with pytest.raises(BodyRejected):
        sum(1 for _ in nodes(Scope(document), document, (step, step, step)))
