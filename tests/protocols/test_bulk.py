"""Bulk bodies of search engines."""

from __future__ import annotations

import pytest

from interlock.errors import Refused
from interlock.model import JSON
from interlock.protocols.bulk import bulk_operations, is_bulk


def test_each_action_is_the_request_it_stands_for() -> None:
    """With the index of the action, or of the path."""
    lines: list[JSON] = [
        {"index": {"_index": "orders", "_id": "7"}}, {"a": 1},
        {"index": {}}, {"delete": {"_id": "x"}},
        {"create": {"_id": 8}}, {"a": 1},
        {"update": {"_index": "a b", "_id": "ü"}}, {"doc": {}},
        {"delete": {"_index": "orders", "_id": "7"}},
    ]  # fmt: skip
    found = bulk_operations("/logs/_bulk", lines)
    assert [(one.name, one.resource, one.place) for one in found] == [
        ("http.put", "/orders/_doc/7", "/0/index"),
        ("http.post", "/logs/_doc/", "/2/index"),
        ("http.put", "/logs/_create/8", "/4/create"),
        ("http.post", "/a%20b/_update/%C3%BC", "/6/update"),
        ("http.delete", "/orders/_doc/7", "/8/delete"),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        [{"delete": {"_id": "7"}}],
        [{"delete": {"_index": "", "_id": "7"}}],
        [{"delete": {"_index": ["a"], "_id": "7"}}],
        [{"delete": {"_index": "a", "_id": {"x": 1}}}],
        [{"delete": {"_index": "a/b", "_id": "7"}}],
        [{"delete": {"_index": "..", "_id": "7"}}],
        [{"index": {"_index": "a"}}],
        [{"index": {"_index": "a"}}, "x"],
        [{"Delete": {"_index": "a", "_id": "7"}}],
        [{"delete": {"_index": "a"}, "index": {"_index": "a"}}],
        [{"remove": {"_index": "a"}}],
        [{"a": 1}],
        [1],
        [{"delete": {"_index": "a", "_id": "7"}}] * 10_001,
    ],
)
def test_what_is_no_action_is_refused(lines: list[JSON]) -> None:
    """Nothing is skipped."""
    with pytest.raises(Refused):
        bulk_operations("/_bulk", lines)


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [("POST", "/_bulk", True), ("PUT", "/a/_bulk", True), ("POST", "/a/_bulk/", True), ("GET", "/_bulk", False),
     ("POST", "/a/_bulky", False), ("POST", "/a/x_bulk", False)],
)  # fmt: skip
def test_the_endpoint_is_known_by_its_path(method: str, path: str, expected: bool) -> None:
    """As search engines have it."""
    assert is_bulk(method, path) is expected
