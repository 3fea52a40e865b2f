"""The fingerprint: every other member makes another question, only the volatile ones may differ."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.approval.fingerprint import TRANSPORT, of_call, of_request
from interlock.engine.adapters import adapters
from interlock.errors import Refused
from interlock.model import JSON, BodyState, Exchange, Operation, Origin, Person, Side
from interlock.paths import compile_path
from interlock.protocols.blocks import block_operations

ERIKA = Person("corp", "https://idp.example.com", "erika", "max@example.com", ("analyst",))
DIGEST = "d" * 64
CALL: dict[str, Any] = {
    "jsonrpc": "2.0",
    "id": 7,
    "method": "tools/call",
    "params": {
        "name": "execute_sql",
        "arguments": {"sql": "delete from t", "deep": [{"a": 1}, [True, None, 1.5, "x"]], "dry": False, "limit": 10},
        "_meta": {"progressToken": 3, "claudecode/toolUseId": "toolu_1", "other": "x"},
    },
}
VOLATILE = {("id",), ("params", "_meta", "progressToken"), ("params", "_meta", "claudecode/toolUseId")}
HEADERS = (("host", "mcp.example"), ("content-type", "application/json"), ("mcp-session-id", "s1"), ("x-a", "1"),
           ("x-a", "2"), ("accept-encoding", "gzip"), ("traceparent", "00-1-2-01"))  # fmt: skip


def exchange(document: JSON = CALL, **more: Any) -> Exchange:
    body = json.dumps(document).encode()
    given = Exchange(Side.REQUEST, "tickets", "POST", Origin("https", "mcp.example", 443), "/mcp?a=1", HEADERS, body,
                     BodyState.COMPLETE)  # fmt: skip
    return replace(given, **more)


def request(exchange_: Exchange, document: JSON = CALL, who: Person = ERIKA, digest: str = DIGEST) -> str:
    paths = tuple(compile_path(text) for text in adapters()["mcp"].volatile)
    return of_request(who, exchange_, document, volatile=paths, rules_digest=digest)


def leaves(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    inner = [leaf for key, item in items for leaf in leaves(item, (*at, key))]
    yield from inner or [at]


def put(document: Any, at: tuple[Any, ...], value: Any) -> Any:
    changed = copy.deepcopy(document)
    holder = changed
    for step in at[:-1]:
        holder = holder[step]
    holder[at[-1]] = value
    return changed


def drop(document: Any, at: tuple[Any, ...]) -> Any:
    changed = copy.deepcopy(document)
    holder = changed
    for step in at[:-1]:
        holder = holder[step]
    del holder[at[-1]]
    return changed


LEAVES = list(leaves(CALL))


@pytest.mark.parametrize("at", LEAVES, ids=[".".join(map(str, at)) for at in LEAVES])
def test_each_leaf_of_the_body_counts(at: tuple[Any, ...]) -> None:
    """Changed, of another type, or gone: another question; but for the members that the adapter lists."""
    before = request(exchange())
    for value in ("another", 8, None, True, 2.5, [], {}):
        changed = put(CALL, at, value)
        same = changed == CALL and json.dumps(changed) == json.dumps(CALL)
        small = at in VOLATILE and value not in ([], {}, 2.5)
        assert (request(exchange(changed), changed) == before) is (same or small), value
    gone = drop(CALL, at)
    assert (request(exchange(gone), gone) == before) is (at in VOLATILE)


def test_a_member_more_counts() -> None:
    """Wherever it stands."""
    before = request(exchange())
    for at in ((), ("params",), ("params", "arguments"), ("params", "_meta"), ("params", "arguments", "deep", 0)):
        changed = put(CALL, (*at, "more"), 1)
        assert request(exchange(changed), changed) != before


@pytest.mark.parametrize(("one", "other"), [(1, 1.0), (1, "1"), (1, True), (0, False), (None, "null"), ([], {}),
                                            ("é", "e\u0301"), (2**70, 2**70 + 1), ({"a": 1}, [["a", 1]])])  # fmt: skip
def test_values_that_look_alike_are_two(one: JSON, other: JSON) -> None:
    """Types, forms of Unicode and numbers of any size are told apart."""
    first, second = put(CALL, ("params", "arguments", "sql"), one), put(CALL, ("params", "arguments", "sql"), other)
    assert request(exchange(first), first) != request(exchange(second), second)


@pytest.mark.parametrize(("one", "other"), [(b"0.1", b"0.10000000000000000001"), (b"1.0", b"1.00"), (b"1e1", b"10.0")])
def test_fractions_are_what_is_written(one: bytes, other: bytes) -> None:
    """A receiver may read more digits than a float holds."""
    body = b'{"a": %b}'
    found = [request(exchange(body=body % text), {"a": float(text)}) for text in (one, other)]
    assert found[0] != found[1]


@pytest.mark.parametrize(
    "changed",
    [
        {"method": "PUT"},
        {"target": "/mcp?a=2"},
        {"target": "/mcp"},
        {"target": "/mcp/?a=1"},
        {"connection": "other"},
        {"origin": Origin("http", "mcp.example", 443)},
        {"origin": Origin("https", "mcp2.example", 443)},
        {"origin": Origin("https", "mcp.example", 8443)},
    ],
)
def test_where_it_goes_counts(changed: dict[str, Any]) -> None:
    """Method, path, query, connection and each part of the origin."""
    assert request(exchange(**changed)) != request(exchange())


@pytest.mark.parametrize(
    "who",
    [
        replace(ERIKA, identity="x"),
        replace(ERIKA, issuer="x"),
        replace(ERIKA, subject="x"),
        replace(ERIKA, acting_for="x"),
        replace(ERIKA, acting_for=""),
    ],
)
def test_who_asks_counts(who: Person) -> None:
    """And whom they act for; not the groups, which the rules judge anew."""
    assert request(exchange(), who=who) != request(exchange())
    assert request(exchange(), who=replace(ERIKA, groups=("other",))) == request(exchange())


def test_the_rules_count() -> None:
    """Other rules are another question."""
    assert request(exchange(), digest="e" * 64) != request(exchange())


@pytest.mark.parametrize(
    "name", ["content-type", "mcp-session-id", "x-a", "x-new", "authorization", "user-agent", "x-b3"]
)
def test_each_forwarded_header_counts(name: str) -> None:
    """Another value, one more, none."""
    before = request(exchange())
    others = tuple(pair for pair in HEADERS if pair[0] != name)
    assert request(exchange(headers=(*others, (name, "another")))) != before
    assert request(exchange(headers=(*HEADERS, (name, "1")))) != before
    assert (request(exchange(headers=others)) != before) is (others != HEADERS)


@pytest.mark.parametrize("name", sorted(TRANSPORT))
def test_transport_headers_may_differ(name: str) -> None:
    """What this hop writes anew, and the numbers of attempts and traces."""
    others = tuple(pair for pair in HEADERS if pair[0] != name)
    assert request(exchange(headers=(*others, (name, "another")))) == request(exchange(headers=others))


def test_the_order_of_one_headers_values_counts() -> None:
    """Of different headers it does not."""
    one, two = ("x-a", "1"), ("x-a", "2")
    swapped = tuple(two if pair == one else one if pair == two else pair for pair in HEADERS)
    assert request(exchange(headers=swapped)) != request(exchange())
    assert request(exchange(headers=tuple(sorted(HEADERS)))) == request(exchange())


def test_the_order_of_members_does_not_count() -> None:
    """No object has one, and no member stands twice."""
    turned = dict(reversed(CALL.items()))
    assert request(exchange(turned), turned) == request(exchange())


@given(st.binary(max_size=64), st.binary(max_size=64))
@settings(max_examples=60)
def test_bodies_that_are_no_json_count_byte_by_byte(one: bytes, other: bytes) -> None:
    """Two of them are one question exactly when they are equal."""
    found = [request(exchange(body=body), None) for body in (one, other)]
    assert (found[0] == found[1]) is (one == other)


# -- calls that a model proposes

BASH: dict[str, Any] = {"command": "mount /dev/sda1 /mnt", "description": "Mount it", "timeout": 5, "more": {"a": [1]}}


def call(
    name: str = "Bash", arguments: Any = BASH, who: Person = ERIKA, on: str = "claude", digest: str = DIGEST
) -> str:
    block = {"type": "tool_use", "id": "toolu_1", "name": name, "input": arguments}
    operation = block_operations(block, ("content", 3), _nothing)[0]
    volatile = adapters()["anthropic"].volatile_inputs.get(name, frozenset())
    return of_call(who, on, operation, volatile=volatile, rules_digest=digest)


def _nothing(*_: object, **__: object) -> tuple[Operation, ...]:
    return ()


@pytest.mark.parametrize("at", list(leaves(BASH)), ids=str)
def test_each_argument_of_a_call_counts(at: tuple[Any, ...]) -> None:
    """But for what a tool's own model writes about it."""
    changed = put(BASH, at, "another")
    assert (call(arguments=changed) == call()) is (at == ("description",))
    gone = drop(BASH, at)
    assert (call(arguments=gone) == call()) is (at == ("description",))


def test_a_description_with_members_counts() -> None:
    """Only a text may differ."""
    assert call(arguments={**BASH, "description": {"a": 1}}) != call()


def test_a_description_of_another_tool_counts() -> None:
    """There it may be what the tool is told to do."""
    assert call("Task", {"description": "a"}) != call("Task", {"description": "b"})


def test_tool_connection_person_and_rules_count() -> None:
    """And a call is no request."""
    found = {
        call(),
        call("Bash2"),
        call(on="other"),
        call(who=replace(ERIKA, subject="x")),
        call(who=replace(ERIKA, acting_for="x")),
        call(digest="e" * 64),
        request(exchange()),
    }
    assert len(found) == 7


def test_where_a_call_stands_does_not_count() -> None:
    """The call, not the messages around it: its id and place are given anew in every reply."""
    first = Operation("tool", "use:Bash", "Bash", arguments=BASH, place="/content/0", agent=True)
    second = replace(first, place="/content/5")
    found = [of_call(ERIKA, "claude", one, rules_digest=DIGEST) for one in (first, second)]
    assert found[0] == found[1]


def test_what_cannot_be_written_down_is_refused() -> None:
    """Nobody can approve it."""
    odd = Operation("tool", "use:Bash", "Bash", arguments={"a": object()})  # type: ignore[dict-item]
    lone = Operation("tool", "use:Bash", "Bash", arguments={"a": "\ud800"})
    for operation in (odd, lone):
        with pytest.raises(Refused) as error:
            of_call(ERIKA, "claude", operation, rules_digest=DIGEST)
        assert error.value.reason == "approval-unavailable"
