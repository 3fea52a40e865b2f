"""Tests for interlock.paths.direct: what is looked up is what would be found by searching."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.model import JSON
from interlock.paths import PathSet, compile_path
from interlock.paths.containers import Containers
from interlock.paths.direct import anywhere, deep_parts, direct_parts, looked_up


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("$", ()),
        ("$.a.b[0]['c d'][-1]", ("a", "b", 0, "c d", -1)),
        ("$.*", None),
        ("$..a", None),
        ("$.a[0,1]", None),
        ("$.a[0:1]", None),
        ("$.a[?@.b]", None),
    ],
)
def test_paths_that_name_one_place(path: str, parts: tuple[str | int, ...] | None) -> None:
    """Names and indices, one each."""
    assert direct_parts(compile_path(path).steps) == parts


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("$..a", ("a",)),
        ("$..a[0].b", ("a", 0, "b")),
        ("$..[0]", None),
        ("$..a..b", None),
        ("$..*", None),
        ("$.a", None),
    ],
)
def test_paths_that_begin_with_a_name_anywhere(path: str, parts: tuple[str | int, ...] | None) -> None:
    """And name one place from there."""
    assert deep_parts(compile_path(path).steps) == parts


def test_an_index_from_the_end_is_told_from_the_beginning() -> None:
    """So that a place has one location."""
    assert looked_up({"a": [1, 2, 3]}, ("a", -1)) == (("a", 2), 3)
    assert looked_up({"a": [1, 2, 3]}, ("a", -4)) is None
    assert looked_up({"a": {"0": 1}}, ("a", 0)) is None
    assert looked_up([1], ("a",)) is None


def test_anywhere_is_at_any_depth() -> None:
    """In lists of lists, too; what only begins like the way is not enough."""
    document: JSON = {"x": [[{"items": [1]}], {"items": [1, 2, 3]}]}
    containers = Containers(document).listed()
    assert anywhere(containers, [("items", 2)], frozenset(["items"]))
    assert not anywhere(containers, [("items", 3), ("item",)], frozenset(["items", "item"]))
    assert not anywhere([], [("items", 3)], frozenset(["items"]))


_PATHS = ("$", "$.a", "$.a.b", "$.a[0]", "$.b[-1].a", "$..a", "$..b[1]", "$..a.b", "$.*", "$..b", "$[0]", "$..a[0].b")
_names = st.sampled_from(["a", "b", "c"])
_documents = st.recursive(
    st.integers(0, 3) | st.none() | st.text(max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=3),
    max_leaves=15,
)


@settings(max_examples=100, deadline=None)
@given(_documents, st.lists(st.sampled_from(_PATHS), unique=True, min_size=1))
def test_together_they_find_what_each_finds_alone(document: JSON, texts: list[str]) -> None:
    """Looked up or searched for, with the body and without; parents before children."""
    paths = [compile_path(text) for text in texts]
    body = repr(document).replace("'", '"').encode()
    expected = [(number, place) for number, path in enumerate(paths) for place, _ in path.select(document)]
    for given_body in (None, body):
        found = [(number, place) for number, place, _ in PathSet(paths).select(document, given_body)]
        assert sorted(map(repr, found)) == sorted(map(repr, expected))
        for at, (_, place) in enumerate(found):
            assert not any(place != other and other == place[: len(other)] for _, other in found[at + 1 :])
