"""A recording's answers: given to the requests they were given to, once each, however those are masked."""

from __future__ import annotations

import pytest
from tests.replay.world import RULES, World, get, query, rules_in, who

from interlock.errors import InterlockError
from interlock.model import Access, Operation
from interlock.replay.answer_then import headers_then, pieces, with_id
from interlock.replay.book import Asked, Book, Miss
from interlock.replay.entry import Entry
from interlock.replay.nearest import differing
from interlock.replay.sameness import Sameness

ERIKA = who("erika.mustermann", "analyst")
MESSAGE = (Operation("model", "message", "claude-demo", Access.READ),)


def book(world: World, **more: object) -> Book:
    """What was recorded, as a book."""
    return Book([world.close()], **more)


def asked(body: bytes = b"", target: str = "/v1/query", connection: str = "warehouse", method: str = "POST") -> Asked:
    """A request of a client that was given a base URL."""
    return Asked(method, target, body, "application/json", None, connection)


def ask(world: World, body: bytes, answer: bytes = b'{"rows": []}') -> str:
    """One recorded query."""
    return world.ask(ERIKA, "warehouse", "POST", "/v1/query", query("SELECT 1"), body=body, answer=answer)


def test_equal_requests_get_their_answers_in_order_and_then_none(world) -> None:
    """The second time the second answer; the third time a miss that says so, or the last one again."""
    for answer in (b"one", b"two"):
        ask(world, b'{"query": "SELECT 1", "limit": 5}', answer)
    found = book(world)
    given = [found.answer(asked(b'{"limit": 5, "query":   "SELECT 1"}')) for _ in range(3)]
    assert [one.flow.answer for one in given[:2]] == [b"one", b"two"]
    assert isinstance(given[2], Miss)
    assert given[2].given
    assert not found.unused
    again = book(world, repeat=True)
    assert [again.answer(asked(b'{"query": "SELECT 1", "limit": 5}')).flow.answer for _ in range(3)][2] == b"two"


@pytest.mark.parametrize(
    ("rule", "recorded"),
    [
        ("with: redact", b'{"query": "SELECT \'[redacted:email]\'"}'),
        ("with: hash", b'{"query": "SELECT \'<email:0123456789abcdef>\'"}'),
        ("with: token", b'{"query": "SELECT \'<email:ABCDEFGHIJKLMNOP>\'"}'),
        ("with: fake", b'{"query": "SELECT \'somebody.else@example.org\'"}'),
        ("with: last4", b'{"query": "SELECT \'***************.com\'"}'),
    ],
)
def test_a_masked_body_is_matched_by_the_one_that_was_masked(world, rule, recorded) -> None:
    """By the rules of the recording, whose keys nobody has: what stood under a mask is not compared."""
    text = RULES.replace("with: redact, apply: when-named", f"{rule}, where: [recordings]")
    world.rules = rules_in(world.folder / "then", text)
    ask(world, recorded)
    found = book(world)
    if rule == "with: last4":  # keeps its last letters, and these do count
        body = Sameness(world.rules, "warehouse", frozenset(), key=b"k" * 32).form(
            b'{"query": "SELECT \'erika.m@example.com\'"}'
        )
        assert body["query"].endswith(".com'")
        return
    assert isinstance(found.answer(asked(b'{"query": "SELECT 1"}')), Miss)
    given = found.answer(asked(b'{"query": "SELECT \'erika@example.com\'"}'))
    assert isinstance(given, Entry)


def test_what_the_decision_obliged_is_masked_too(world) -> None:
    """`mask: [pii]` of the deciding rule, as the evidence says, and not elsewhere."""
    ask(world, b'{"query": "SELECT \'[redacted:email]\'"}')
    world.ask(who("max", "writer"), "files", "GET", "/files/a", get("/files/a"), body=b'{"to": "[redacted:email]"}')
    found = book(world)
    sent = b'{"to": "erika@example.com"}'
    assert isinstance(found.answer(asked(b'{"query": "SELECT \'erika@example.com\'"}')), Entry)
    assert isinstance(found.answer(asked(sent, "/files/a", "files", "GET")), Miss)


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"target": "/v1/query?b=2&a=1"}, True),
        ({"target": "/v1/query?a=1"}, False),
        ({"target": "/v1/other?a=1&b=2"}, False),
        ({"method": "PUT"}, False),
        ({"connection": "files"}, False),
        ({"connection": ""}, True),
        ({"body": b'{"query": "SELECT 1", "x": [1, {"y": null}]}'}, True),
        ({"body": b'{"query": "SELECT 1", "x": [{"y": null}, 1]}'}, False),
        ({"body": b'{"query": "SELECT 1"}'}, False),
        ({"body": b"not json"}, False),
    ],
)
def test_what_counts_and_what_does_not(world, change, same) -> None:
    """Method, path, members of the query, every member of the body; not the order of members."""
    body = b'{"x": [1, {"y": null}], "query": "SELECT 1"}'
    world.ask(ERIKA, "warehouse", "POST", "/v1/query?a=1&b=2", query("SELECT 1"), body=body)
    request = {"body": body, "target": "/v1/query?a=1&b=2", **change}
    assert isinstance(book(world).answer(asked(**request)), Entry) is same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b'{"id": 1, "id": 2}', b'{"id": 2}'),
        (b'{"<email:0123456789abcdef>": 1, "<email:fedcba9876543210>": 2}', b'{"<email:fedcba9876543210>": 2}'),
        (b'{"n": 1}', b'{"n": 1.0}'),
        (b'{"n": 18446744073709551617}', b'{"n": 18446744073709551618}'),
        (b'{"n": true}', b'{"n": 1}'),
        (b'{"n": "\\ud800"}', b'{"n": "\\ud801"}'),
        (b"\xff", b"\xfe"),
        (b"[" * 300 + b"]" * 300, b"[" * 301 + b"]" * 301),
        ("/x?a=%ff", "/x?a=%fe"),
        ("/x?a=1&a=2", "/x?a=2&a=1"),
        ("/x?a=1%26b=2", "/x?a=1&b=2"),
        ("/x%2Fy", "/x/y"),
    ],
)
def test_different_requests_are_not_taken_for_one(one: bytes | str, other: bytes | str) -> None:
    """A name that stands twice, numbers that are nearly alike, bytes that are no text, members in another order."""
    form = Sameness(None, "files", frozenset(), key=bytes(32))
    digests = {
        form.digest(
            "POST", said if isinstance(said, str) else "/x", form.form(said if isinstance(said, bytes) else b"")
        )
        for said in (one, other)
    }
    assert len(digests) == 2


def test_the_origin_counts_for_a_proxy(world) -> None:
    """Scheme, host and port of the recorded request."""
    ask(world, b"{}")
    found = book(world)
    elsewhere = Asked("POST", "/v1/query", b"{}", "application/json", ("https", "files.example.com", 443))
    assert isinstance(found.answer(elsewhere), Miss)
    there = Asked("POST", "/v1/query", b"{}", "application/json", ("https", "warehouse.example.com", 443))
    assert isinstance(found.answer(there), Entry)


def test_volatile_and_ignored_members_do_not_count(world) -> None:
    """What an adapter calls volatile, what a client makes up for itself, and what the test says."""
    world.ask(
        who("john", "engineer"), "claude", "POST", "/v1/messages", MESSAGE,
        body=b'{"model": "m", "metadata": {"user_id": "1"}, "system": "Today is Monday"}',
    )  # fmt: skip
    found = book(world, ignore=["$.system"])
    sent = b'{"model": "m", "metadata": {"user_id": "2"}, "system": "Today is Tuesday"}'
    assert isinstance(found.answer(asked(sent, "/v1/messages", "claude")), Entry)


def test_a_miss_says_what_came_nearest_and_never_what_stands_there(world) -> None:
    """The reference of the nearest recorded request and the places that differ; no value of either."""
    ask(world, b'{"query": "SELECT other", "limit": 1}')
    near = ask(world, b'{"query": "SELECT secret-then", "limit": 5}')
    miss = book(world).answer(asked(b'{"query": "SELECT secret-now", "limit": 5, "more": 1}'))
    assert isinstance(miss, Miss)
    assert miss.nearest is not None
    assert (miss.nearest.reference, miss.nearest.places) == (near, ("/more", "/query"))
    assert "secret" not in repr(miss)


@pytest.mark.parametrize(
    ("one", "other", "places"),
    [
        ({"a": [1, 2]}, {"a": [1, 3]}, ["/a/1"]),
        ({"a/b": {"~": 1}}, {"a/b": {"~": 2}}, ["/a~1b/~0"]),
        ({}, {"a": None}, ["", "/a"]),
        (None, None, []),
        ("x", "y", [""]),
    ],
)
def test_places_are_json_pointers(one, other, places) -> None:
    """RFC 6901."""
    assert differing(one, other)[0] == places


def test_an_answer_is_given_without_what_was_of_its_connection(world) -> None:
    """No length, no coding, no cookie; a JSON-RPC answer under the id that asks, also in a stream."""
    answer = b'event: message\ndata: {"jsonrpc":"2.0","id":7,"result":{}}\n\ndata: {"id":8}\n\n'
    world.ask(
        ERIKA, "warehouse", "POST", "/mcp", query("SELECT 1"), body=b'{"jsonrpc":"2.0","id":7,"method":"x"}',
        answer=answer, kind="text/event-stream",
    )  # fmt: skip
    (entry,) = book(world).entries
    assert headers_then(entry) == [("content-type", "text/event-stream")]
    body = with_id(entry, b'{"jsonrpc":"2.0","id":"other","method":"x"}')
    assert b'data: {"jsonrpc":"2.0","id":"other","result":{}}' in body
    assert b'data: {"id":8}' in body
    assert with_id(entry, b"{}") == answer
    assert [size for _, size in pieces(entry, answer)] == [59, 16]


def test_the_recorded_pieces_come_first(world) -> None:
    """Their sizes and moments, where they are the whole body."""
    world.ask(
        ERIKA, "warehouse", "POST", "/s", query("SELECT 1"), answer=b"data: 1\n\ndata: 2\n\n",
        kind="text/event-stream", timing=[[0, 4], [250, 14]],
    )  # fmt: skip
    (entry,) = book(world).entries
    assert list(pieces(entry, entry.flow.answer)) == [(0, 4), (250, 14)]
    assert list(pieces(entry, b"data: 11\n\ndata: 2\n\n")) == [(0, 10), (0, 9)]


def test_a_recording_without_answers_is_none(tmp_path, world) -> None:
    """An empty folder, and a path that is none."""
    with pytest.raises(InterlockError, match="no answers"):
        Book([tmp_path])
    ask(world, b"{}")
    with pytest.raises(InterlockError):
        book(world, ignore=["not a path"])
