"""JSON Patch."""

from __future__ import annotations

import pytest

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.paths import Location
from interlock.protocols.json_patch import PATCH, is_patch, read_patch

X = "DROP TABLE x"


@pytest.mark.parametrize(
    ("pointer", "resources"),
    [
        ("/query", [({"query": X}, ("query",))]),
        ("", [(X, ())]),
        ("/a~1b/~0c", [({"a/b": {"~c": X}}, ("a/b", "~c"))]),
        (
            "/jobs/0/sql",
            [({"jobs": {"0": {"sql": X}}}, ("jobs", "0", "sql")), ({"jobs": [{"sql": X}]}, ("jobs", 0, "sql"))],
        ),
        ("/jobs/-", [({"jobs": {"-": X}}, ("jobs", "-")), ({"jobs": [X]}, ("jobs", 0))]),
        ("/jobs/2", [({"jobs": {"2": X}}, ("jobs", "2")), ({"jobs": [None, None, X]}, ("jobs", 2))]),
        ("/", [({"": X}, ("",))]),
    ],
)
def test_a_change_shows_what_it_would_write(pointer: str, resources: list[tuple[JSON, Location]]) -> None:
    """Where it would stand, in each reading."""
    (change,) = read_patch([{"op": "add", "path": pointer, "value": X}])
    assert change.resources() == resources
    assert not change.unseen


def test_long_pointers_into_lists_stay_small() -> None:
    """Whatever their numbers."""
    (change,) = read_patch([{"op": "add", "path": "/999" * 100, "value": X}])
    assert all(len(str(document)) < 3000 for document, _ in change.resources())


def test_moving_and_copying_write_what_nobody_sees() -> None:
    """And removing writes nothing."""
    changes = read_patch([{"op": "copy", "from": "/a", "path": "/b"}, {"op": "remove", "path": "/b"}])
    assert [(change.op, change.unseen, change.resources()) for change in changes] == [
        ("copy", True, []),
        ("remove", False, []),
    ]


@pytest.mark.parametrize(
    "document",
    [
        {},
        None,
        "x",
        [1],
        [{}],
        [{"op": "add", "path": "/a"}],
        [{"op": "Add", "path": "/a", "value": 1}],
        [{"op": "replace", "path": "a", "value": 1}],
        [{"op": "replace", "path": "/a~2", "value": 1}],
        [{"op": "replace", "path": ["a"], "value": 1}],
        [{"op": "move", "path": "/a"}],
        [{"op": "copy", "path": "/a", "from": 1}],
        [{"op": "exec", "path": "/a", "value": 1}],
        [{"op": "add", "path": "/a" * 101, "value": 1}],
        [{"op": "remove", "path": "/a"}] * 1001,
    ],
)
def test_what_is_no_patch_is_refused(document: JSON) -> None:
    """Nothing is guessed."""
    with pytest.raises(BodyRejected):
        read_patch(document)


def test_a_patch_is_known_by_type_or_by_its_looks() -> None:
    """A server may go by either."""
    assert is_patch(PATCH, {})
    assert is_patch("application/json", [{"op": "add", "path": "/a", "value": 1}])
    assert is_patch("application/json", [{"Op": "add", "PATH": "/a", "Value": 1}])
    assert not is_patch("application/json", [])
    assert not is_patch("application/json", [{"op": "add"}])
