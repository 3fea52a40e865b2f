"""What queries inside filters select."""

from __future__ import annotations

import functools
import random
import time

import pytest

from interlock.errors import BodyRejected
from interlock.paths import compile_path
from interlock.paths.nodes import nodes
from interlock.paths.scope import Scope
from interlock.paths.steps import Index, Name, Slice, Step, Wild

RANDOM = "".join(random.Random(1).choices("ab", k=1 << 20))


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


@pytest.mark.parametrize(
    ("path", "document"),
    [
        ("$..[?@..z]", [[[1] * 200 for _ in range(50)] for _ in range(50)]),
        ("$..[?count(@..*..*)>5]", functools.reduce(lambda inner, _: {"a": inner}, range(450), 1)),
        ("$[?@[?@[?@>1]]]", [[[1] * 100] * 100] * 60),
        ("$[?@.a==$.x]", {"x": [0] * 5000, **{str(index): {"a": [0] * 5000} for index in range(200)}}),
        ("$[?search(@.a,'a[ab]{1,400}c')]", [{"a": RANDOM[at : at + 4000]} for at in range(0, 1 << 20, 4000)]),
        ("$[?search(@.a,@.p)]", [{"a": "x", "p": f"\\p{{L}}{{1,90}}x{index}"} for index in range(500)]),
        ("$[?search(@.a,@.p)]", [{"a": "x", "p": "[a-z]?" * 300 + str(index)} for index in range(500)]),
    ],
    ids=["descend", "twice", "filters", "compare", "search", "classes", "patterns"],
)
def test_a_document_made_to_be_slow_is_refused_soon(path, document):
    """The work that a filter may do is bounded in steps, each of which is short: a quarter of a second in all."""
    begun = time.thread_time()
    with pytest.raises(BodyRejected) as caught:
        compile_path(path).select(document)
    assert "too much work" in str(caught.value)
    assert time.thread_time() - begun < 10.0  # far above what it may take, for slow machines
