"""A session's requests to another upstream: only what was forwarded, nothing that was masked, and what differs."""

from __future__ import annotations

import gzip
import http.server
import json
import threading
from collections.abc import Iterator

import httpx
import pytest
from tests.replay.world import World, get, query, who

from interlock.errors import InterlockError
from interlock.replay.entry import entries
from interlock.replay.sending import Sent, Target, send
from interlock.replay.shape import changes, shape_of
from interlock.replay.substitutes import masked_places, read_substitute, substituted

ERIKA = who("erika.mustermann", "analyst")


class Staging(http.server.BaseHTTPRequestHandler):
    """Answers everything alike and keeps what it saw."""

    seen: list[tuple[str, str, dict[str, str], bytes]]
    encoding = ""
    answer = b'{"rows": [{"id": 1, "name": "x"}]}'

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.seen.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        self.send_response(200)
        self.send_header("content-type", "application/json")
        if self.encoding:
            self.send_header("content-encoding", self.encoding)
        self.send_header("content-length", str(len(self.answer)))
        self.end_headers()
        self.wfile.write(self.answer)

    do_GET = do_POST  # noqa: N815

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def staging() -> Iterator[tuple[str, type[Staging]]]:
    """A staging upstream on loopback."""
    handler = type("Handler", (Staging,), {"seen": []})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", handler
        server.shutdown()
        thread.join()


def sent(world: World, url: str, *substitutes: str, **headers: str) -> list[Sent]:
    """What becomes of the world's requests."""
    with httpx.Client(trust_env=False) as client:
        found = list(entries([world.close()]))
        return list(send(found, Target(url, headers), client, [read_substitute(text) for text in substitutes]))


def test_what_was_forwarded_is_sent_and_compared(world, staging) -> None:
    """In order, with its own headers but no credential; what was refused then is not sent."""
    url, handler = staging
    ask = world.ask
    then = b'{"rows": [{"id": 2, "name": "y"}]}'
    first = ask(ERIKA, "warehouse", "POST", "/v1/query?a=1", query("SELECT 1"), body=b'{"query": "x"}', answer=then)
    ask(ERIKA, "warehouse", "POST", "/v1/query", query("DROP TABLE a"), body=b'{"query": "y"}')
    other = b'{"rows": [{"id": "2"}], "total": 3}'
    ask(ERIKA, "files", "GET", "/files/a", get("/files/a"), answer=other)
    found = sent(world, url + "/base/", authorization="Bearer staging")
    assert [(one.same, one.skipped) for one in found] == [(True, False), (False, True), (False, False)]
    assert found[0].reference == first
    assert found[2].differs == ("/rows/*/id number, was text", "/rows/*/name new", "/total gone")
    assert [(method, path, body) for method, path, _, body in handler.seen] == [
        ("POST", "/base/v1/query?a=1", b'{"query": "x"}'),
        ("GET", "/base/files/a", b""),
    ]
    assert {seen["authorization"] for _, _, seen, _ in handler.seen} == {"Bearer staging"}
    assert handler.seen[0][2]["content-type"] == "application/json"


def test_a_masked_body_goes_only_with_something_in_its_place(world, staging) -> None:
    """Each masked place has to be substituted, also those that leave no mark; it says which are left."""
    url, handler = staging
    body = b'{"to": "[redacted:email]", "card": "************1111", "note": "hi <email:0123456789abcdef>"}'
    masked = [{"place": "/card", "action": "last4", "rule": "cards"}, {"place": "/to", "action": "redact"}]
    world.ask(ERIKA, "files", "GET", "/files/a", get("/files/a"), body=body, said={"masked": masked})
    assert sent(world, url)[0].places == ("/note", "/to", "/card")
    assert sent(world, url, "$.to=erika@example.com", "$.card=4111")[0].places == ("/note",)
    assert not handler.seen
    found = sent(world, url, "$.to=erika@example.com", '$.card="4111"', "$.note=hello")
    assert found[0].status == 200
    assert json.loads(handler.seen[0][3]) == {"to": "erika@example.com", "card": "4111", "note": "hello"}


@pytest.mark.parametrize(
    "path",
    [
        "@evil.example.com/x",
        "//evil.example.com/x",
        "",
        "x",
        "/../x",
        "/files/[redacted:email]",
        "/files/%2e%2e/%2e%2e/x",
        "/files/%252e%252E/x",
        "/files\\..\\x",
        "/files/..;a=b/x",
        "/hooks/sk-ant-api03-" + "a1" * 46 + "AA",
    ],
)
def test_a_hostile_path_leads_nowhere_else(world, staging, path) -> None:
    """What stands in a recording never names another host."""
    url, handler = staging
    world.ask(ERIKA, "files", "GET", path, get("/files/a"))
    (found,) = sent(world, url)
    assert bool(found.why) is not path.startswith("//")
    assert len(handler.seen) == path.startswith("//")


def test_an_answer_that_unpacks_to_anything_is_not_read(world, staging) -> None:
    """Of a hostile upstream no more is unpacked than a limit; the next request goes on."""
    url, handler = staging
    handler.encoding, handler.answer = "gzip", gzip.compress(bytes(64 << 20))
    world.ask(ERIKA, "files", "GET", "/files/a", get("/files/a"))
    (found,) = sent(world, url)
    assert (found.status, found.why) == (200, "its answer cannot be read")


def test_a_substitute_in_the_place_of_its_parent_is_passed_over(world) -> None:
    """What a recorded body nests in what was replaced is nowhere any more; nothing is raised for it."""
    assert substituted(b'{"a": {"a": 1}}', [read_substitute("$..a=x")]) == (b'{"a":"x"}', {"/a"})
    deep = b"[" * 900 + b"]" * 900
    assert substituted(deep, [read_substitute("$..a=x")]) == (deep, frozenset())


def test_an_upstream_that_is_not_there_is_said(world) -> None:
    """Without what went wrong in between: it may hold anything."""
    world.ask(ERIKA, "files", "GET", "/files/a", get("/files/a"))
    (found,) = sent(world, "http://127.0.0.1:9")
    assert (found.status, found.why) == (0, "no answer: ConnectError")


@pytest.mark.parametrize(
    "url", ["", "ftp://a", "http://", "http://a?b", "http://user@a", "http://a:0", "http://[", "a"]
)
def test_a_target_is_a_base_url(url) -> None:
    """Anything else is refused before anything is sent."""
    with pytest.raises(InterlockError, match="base URL"):
        Target(url, {})


@pytest.mark.parametrize(
    ("text", "value"),
    [("$.a=1", 1), ("$.a=x", "x"), ('$.a={"b": null}', {"b": None}), ("$.b[?@.c=='d'].e=f", "f"), ("$.a=", "")],
)
def test_a_substitution_is_read(text, value) -> None:
    """JSON where it is JSON, a text where it is none; a filter may hold a = of its own."""
    assert read_substitute(text).value == value


@pytest.mark.parametrize("text", ["a=1", "$.a", "$.[=1", ""])
def test_a_substitution_that_is_none_says_so(text) -> None:
    """With what to write instead."""
    with pytest.raises(InterlockError):
        read_substitute(text)


def test_places_of_marks() -> None:
    """JSON Pointers; names of members count for the object that holds them; a text has none."""
    body = b'{"a": [{"b": "[redacted:x]"}], "[redacted:y]": 1, "c": "fine"}'
    assert masked_places(body) == ("", "/a/0/b")
    assert masked_places(b"to <email:0123456789abcdef>") == ("the body",)
    assert masked_places(b'{"a": 1}') == ()
    assert substituted(b"no json", [read_substitute("$.a=1")]) == (b"no json", frozenset())
    assert substituted(b'{"a": [1, 2]}', [read_substitute("$.a[*]=3")]) == (b'{"a":[3,3]}', {"/a/0", "/a/1"})


def test_shapes_are_of_kinds_and_not_of_values() -> None:
    """Lists item by item together; events of a stream by their type; anything else is one text."""
    stream = b'event: a\ndata: {"type": "start", "n": 1}\n\ndata: [DONE]\n\n'
    assert "/*/start/n" in shape_of(stream, "text/event-stream; charset=utf-8")
    assert shape_of(b"hello", "text/plain") == {"": frozenset(("text",))}
    one, other = shape_of(b'[{"a": 1}, {"a": null}]', ""), shape_of(b'[{"a": 2}]', "")
    assert changes(one, other) == ("/*/a number, was null or number",)
    assert changes(one, {}) == ("the body gone",)
