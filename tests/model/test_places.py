"""Where operations stood: offsets moved, filled in and settled, through whatever they nest."""

from __future__ import annotations

from interlock.model import Access, Operation
from interlock.model.places import changed, filled, moved, offset, renamed, settled

INNER = Operation("sql", "read", access=Access.READ, text="select 1")
OUTER = Operation("shell", "write", "psql", Access.WRITE, {"at": 3}, "psql", "/c", (INNER,), True, True)


def test_filled_gives_each_an_offset() -> None:
    """An operation that says none has that of the one around it; what says one keeps it, and all else stays."""
    (found,) = filled((OUTER,), 7)
    assert (offset(found), offset(found.nested[0])) == (3, 3)
    assert (found.text, found.place, found.covered, found.agent) == ("psql", "/c", True, True)
    assert offset(filled((INNER,), 7)[0]) == 7
    assert filled((found,)) == (found,)


def test_moved_shifts_all_of_them() -> None:
    """Nested ones too; by nothing changes nothing."""
    (found,) = moved(filled((OUTER,)), 10)
    assert (offset(found), offset(found.nested[0])) == (13, 13)
    assert moved((OUTER,), 0) == (OUTER,)
    assert [offset(one) for one in moved(filled((OUTER,)), lambda at: at * at)[0].walk()] == [9, 9]


def test_settled_puts_all_at_one_place() -> None:
    """What was decoded or put together stands where it came from, with the encodings where there are any."""
    (found,) = settled((OUTER,), 4, "base64")
    assert [dict(one.arguments) for one in found.walk()] == [{"at": 4, "how": "base64"}] * 2
    assert "how" not in settled((OUTER,), 4)[0].nested[0].arguments


def test_nothing_said_of_an_offset_is_the_beginning() -> None:
    """So is anything else than a number in its place."""
    assert [offset(Operation("shell", "read", arguments={"at": value})) for value in ("3", None, True)] == [0, 0, 0]


def test_changed_asks_the_outer_first() -> None:
    """What the change gives is what its own nested operations are looked for in."""
    seen: list[str] = []

    def change(operation: Operation) -> Operation:
        seen.append(operation.protocol)
        return operation

    assert changed((OUTER,), change) == (OUTER,)
    assert seen == ["shell", "sql"]


def test_renamed_tells_the_real_pointer() -> None:
    """Of what stands at the other one or below it, nested or not; a longer name is another."""
    one = Operation("shell", "read", place="/a/command", nested=(Operation("sql", "read", place="/a/command/0"),))
    (found,) = renamed((one,), "/a/command", "/a/c~1d")
    assert [inner.place for inner in found.walk()] == ["/a/c~1d", "/a/c~1d/0"]
    other = Operation("shell", "read", place="/a/commands")
    assert renamed((other,), "/a/command", "/a/x") == (other,)


def test_what_a_caller_calls_at_is_no_offset() -> None:
    """The arguments of tools are whatever their callers write."""
    assert [offset(Operation(protocol, "x", arguments={"at": 7})) for protocol in ("tool", "mcp", "graphql")] == [
        0,
        0,
        0,
    ]
