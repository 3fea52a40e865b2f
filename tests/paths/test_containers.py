"""Tests for interlock.paths.containers."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.model import JSON
from interlock.paths.containers import Containers

_values = st.none() | st.integers(0, 2) | st.sampled_from(["", "a"])
_documents = st.recursive(
    _values, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
)


@settings(max_examples=100, deadline=None)
@given(_documents)
def test_every_container_is_listed_with_its_place(document: JSON) -> None:
    """The way leads to that very one, and nothing else holds anything."""
    containers = Containers(document)
    listed = containers.listed()
    for number, node in enumerate(listed):
        value = document
        for part in containers.location(number):
            value = value[part]  # type: ignore[index]
        assert value is node
    inner = [value for node in listed for value in (node.values() if isinstance(node, dict) else node)]
    assert sum(isinstance(value, dict | list) and bool(value) for value in inner) == max(0, len(listed) - 1)


def test_what_is_no_container_holds_none() -> None:
    """A text alone is a document, too."""
    assert Containers("text").listed() == []
    assert Containers([]).listed() == [[]]
