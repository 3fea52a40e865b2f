"""Operations as they are written into an event; `test_operations` reads them back."""

from __future__ import annotations

import json
from collections.abc import Mapping

from hypothesis import given, settings
from tests.recording.test_operations import OPERATIONS

from interlock import commands
from interlock.model import JSON, Access, Operation
from interlock.recording.canonical import canonical
from interlock.recording.operations import unpack
from interlock.recording.packing import MAX_OPERATIONS, UNREMEMBERED, Plain, pack, write


@settings(max_examples=60)
@given(OPERATIONS)
def test_what_is_written_at_once_is_what_was_packed(operations: list[Operation]) -> None:
    """The same bytes, whatever the operations hold; also where they stand in an event beside something else."""
    written = write(operations, Plain())
    assert bytes(written) == canonical(pack(operations))
    assert canonical({"operations": written, "x": "ü"}) == canonical({"operations": pack(operations), "x": "ü"})


def test_remembered_arguments_are_the_same_the_second_time() -> None:
    """Bytes that were made before stand for what they were made of."""
    found = commands.analyse("select a, b from t where c = 'ü'", "sql")
    first, second = (bytes(write(found, Plain())) for _ in range(2))
    assert first == second == canonical(pack(found))


def test_too_many_are_counted_in_what_is_written_too() -> None:
    """The list ends in how many were left out."""
    many = [Operation("sql", "read", access=Access.READ)] * (MAX_OPERATIONS + 2)
    listed = json.loads(bytes(write(many, Plain())))
    assert listed == pack(many)
    assert listed[-1] == {"more": 2}


def test_names_are_shown_as_the_mask_says() -> None:
    """Paths and the names that callers give go through it, half of a surrogate pair is spelled out."""

    class Stars(Plain):
        key = "stars"

        def word(self, text: str) -> str:
            return "*" * len(text)

        def told(self, operation: Operation) -> Mapping[str, JSON] | None:
            return None

        given = told

    tool = Operation("tool", "use:Bash\ud800", "path", arguments={"a": 1})
    (item,) = unpack(json.loads(bytes(write([tool], Stars()))))
    assert (item.name, item.resource, item.arguments) == ("tool.*********", "****", {})
    assert json.loads(bytes(write([tool], Plain())))[0]["name"] == "tool.use:Bash\\ud800"


def test_where_more_than_the_mask_counts_nothing_is_remembered() -> None:
    """What was shown of the very same arguments a moment ago is not shown again."""

    class Turns(Plain):
        key = UNREMEMBERED
        shown: Mapping[str, JSON] = {"words": "first"}

        def told(self, operation: Operation) -> Mapping[str, JSON] | None:
            return self.shown

    found, turns = commands.analyse("select a from t where c = 'turns'", "sql"), Turns()
    write(found, turns)
    turns.shown = {"words": "second"}
    assert b"second" in bytes(write(found, turns))
    assert b"first" not in bytes(write(found, turns))


def test_a_request_that_comes_again_is_written_once_under_each_mask() -> None:
    """The very same operation gives the very same bytes; what another mask shows is another text."""

    class Stars(Plain):
        key = "stars of requests"

        def word(self, text: str) -> str:
            return "*" * len(text)

    nested = commands.analyse("select a from t", "sql", place="/query")
    request = Operation("http", "post", "/q", Access.WRITE, {"method": "POST", "path": "/q"}, nested=nested)
    written = write([request], Plain())
    assert write([request], Plain()) is written
    assert bytes(written) == canonical(pack([request]))
    assert json.loads(bytes(write([request], Stars())))[0]["resource"] == "**"
    for others in ([request, request], [Operation("http", "post", "/q", Access.READ, request.arguments)]):
        assert bytes(write(others, Plain())) == canonical(pack(others))
