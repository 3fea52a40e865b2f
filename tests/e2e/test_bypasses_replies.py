"""What upstreams say, over a real wire: no forbidden call and no masked value reaches the agent, and no twin is broken.

The replies are the tables of tests/bypasses and tests/mitm; each is tried under every content type it might claim, at
once and in small pieces.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import brotli
import pytest
import zstandard
from tests.bypasses import test_masks as masks
from tests.bypasses import test_mcp as mcp
from tests.bypasses import test_streams as streams
from tests.bypasses.tables import rows_of
from tests.e2e.bypass_world import TICKETS, names, started
from tests.e2e.model_replies import SHAPES
from tests.e2e.recorder import Recorder
from tests.e2e.wire import Answered, Wire
from tests.mitm import test_model_bypasses as models

from interlock.demo.serving import Reply
from interlock.engine.trial import Attempt

RUNNERS = ("mitmdump", "interlock")
AT_ONCE = 8
SSE = "text/event-stream"
KINDS = (SSE, "application/json", "text/plain", "application/octet-stream", "image/png", "")
STREAMED = SHAPES[1]


@pytest.fixture(scope="module")
def upstreams() -> Iterator[Wire]:
    """One upstream for each connection."""
    with Recorder(names()) as upstreams:
        yield Wire(upstreams)


@pytest.fixture(scope="module", params=RUNNERS)
def wire(request: pytest.FixtureRequest, upstreams: Wire, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    """The wire through a gateway of each runner."""
    with started(upstreams, tmp_path_factory.mktemp(f"replies-{request.param}"), request.param):
        yield upstreams


def every(tries: list[tuple[str, Callable[[], str]]]) -> None:
    """Try all at once; fails with a line for each that says what went wrong."""

    def told(one: tuple[str, Callable[[], str]]) -> str:
        try:
            wrong = one[1]()
        except Exception as error:
            wrong = f"{type(error).__name__} {error}"
        return f"{one[0]}: {wrong[:600]}" if wrong else ""

    with ThreadPoolExecutor(AT_ONCE) as pool:
        wrong = [text for text in pool.map(told, tries) if text]
    assert tries
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


def torn(body: bytes, size: int) -> Iterator[bytes]:
    """The body in pieces."""
    return (body[at : at + size] for at in range(0, len(body), size))


def said(wire: Wire, body: bytes, kind: str = SSE, size: int = 0, asked: bytes = STREAMED.asked) -> Answered:
    """What the agent gets of a reply of the model."""
    attempt = Attempt("claude", "POST", "/v1/messages", (("content-type", "application/json"),), asked)
    pieces = torn(body, size) if size else None
    return wire.reply(attempt, Reply(body=body, content_type=kind, pieces=pieces))


def documents(body: bytes) -> list[Any]:
    """What the events of a stream say."""
    return [json.loads(line[5:]) for line in body.splitlines() if line.startswith(b"data:")]


# -- calls in replies


def test_no_client_finds_a_forbidden_call(wire: Wire) -> None:
    """In any stream, of any type, however torn: neither the real client nor a lax one."""

    def tried(name: str, kind: str, size: int) -> str:
        out = said(wire, streams.STREAMS[name], kind, size).body
        found = [reader(out) for reader in (streams.real_client, streams.lax_client)]
        return f"{found} {out!r}" if streams.EVIL in json.dumps(found) else ""

    every(
        [
            (f"{name} as {kind or 'nothing'} by {size}", lambda case=(name, kind, size): tried(*case))
            for name in streams.STREAMS
            for kind, size in (*((kind, 0) for kind in KINDS), (SSE, 5), ("application/json", 61))
        ]
    )


def test_a_forbidden_call_leaves_nothing_in_a_stream(wire: Wire) -> None:
    """Its text goes on nowhere."""

    def tried(name: str) -> str:
        out = said(wire, streams.STREAMS[name]).body
        return repr(out) if streams.EVIL.encode() in out else ""

    every([(name, lambda name=name: tried(name)) for name in sorted(streams.STREAMS.keys() - streams.NO_CALL)])


def test_permitted_streams_arrive_untouched(wire: Wire) -> None:
    """At once and torn; a masked connection writes the events of texts anew, with the same in them."""
    bodies = [row.given["body"] for row in rows_of(streams.test_what_is_permitted_goes_on_untouched)]

    def tried(body: bytes, size: int) -> str:
        out = said(wire, body, SSE, size)
        return "" if (documents(out.body), out.whole) == (documents(body), True) else repr(out.body)

    every(
        [
            (f"{number} by {size}", lambda case=(body, size): tried(*case))
            for number, body in enumerate(bodies)
            for size in (0, 1, 7)
        ]
    )


def test_no_whole_reply_holds_a_forbidden_call(wire: Wire) -> None:
    """Whatever type it claims to be of, asked for whole or as a stream."""

    def tried(make: Callable[[Any], bytes], kind: str, asked: bytes) -> str:
        call = {"type": "tool_use", "id": "t", "name": "Bash", "input": {"command": streams.EVIL}}
        out = said(wire, make(call), kind, 0, asked).body
        plain = out.decode("utf-16" if out[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")
        return plain if streams.EVIL in plain.replace("\\u0072", "r") else ""

    every(
        [
            (f"{number} as {kind or 'nothing'}", lambda case=(make, kind, asked): tried(*case))
            for number, make in enumerate(streams.REPLIES)
            for kind in KINDS
            for asked in (SHAPES[0].asked, SHAPES[1].asked)
        ]
    )


CALL = {"type": "tool_use", "id": "t", "name": "Bash", "input": {"command": "ls src"}}
FINE = {
    "a call": json.dumps({**streams.MESSAGE, "content": [CALL]}).encode(),
    "text and calls": json.dumps(
        {**streams.MESSAGE, "content": [{"type": "text", "text": "rm -rf src"}, CALL, {**CALL, "id": "u"}]}, indent=1
    ).encode(),
    "words": json.dumps({**streams.MESSAGE, "content": [{"type": "text", "text": "run rm -rf src"}]}).encode(),
    "thoughts": json.dumps(
        {**streams.MESSAGE, "content": [{"type": "thinking", "thinking": "rm -rf src", "signature": "c2ln"}, CALL]}
    ).encode(),
}


def test_permitted_whole_replies_arrive_to_the_byte(wire: Wire) -> None:
    """The look-alikes of those: as the model wrote them."""

    def tried(name: str) -> str:
        out = said(wire, FINE[name], "application/json", 0, SHAPES[0].asked).body
        return "" if out == FINE[name] else repr(out)

    every([(name, lambda name=name: tried(name)) for name in FINE])


def test_no_other_model_api_holds_a_forbidden_call(wire: Wire) -> None:
    """Chat completions, Responses and Gemini, under every type; and their twins mean what they meant."""

    def sent(api: str, body: bytes, kind: str) -> bytes:
        on, target, asked = models.ASKED[api]
        attempt = Attempt(on, "POST", target, (("content-type", "application/json"),), json.dumps(asked).encode())
        return wire.reply(attempt, Reply(body=body, content_type=kind)).body

    def evaded(api: str, body: bytes, kind: str) -> str:
        out = sent(api, body, kind)
        return repr(out) if models.EVIL in out else ""

    def twin(api: str, body: bytes) -> str:
        out = sent(api, body, SSE)
        return "" if models.READ[api](out) == models.READ[api](body) else repr(out)

    every(
        [
            (f"{api}: {name} as {kind or 'nothing'}", lambda case=(api, body, kind): evaded(*case))
            for api, table in models.EVASIONS.items()
            for name, body in table.items()
            for kind in KINDS
        ]
        + [
            (f"{api}: {name}", lambda case=(api, body): twin(*case))
            for api, table in models.TWINS.items()
            for name, body in table.items()
        ]
    )


CODED = {
    "gzip": (gzip.compress, "gzip"),
    "gzip unnamed": (gzip.compress, ""),
    "gzip by its old name": (gzip.compress, "x-gzip"),
    "gzip in capitals": (gzip.compress, "GZip"),
    "gzip twice": (lambda body: gzip.compress(gzip.compress(body)), "gzip, gzip"),
    "gzip twice, told once": (lambda body: gzip.compress(gzip.compress(body)), "gzip"),
    "gzip behind identity": (gzip.compress, "identity, gzip"),
    "gzip in two members": (lambda body: gzip.compress(body[:40]) + gzip.compress(body[40:]), "gzip"),
    "gzip cut": (lambda body: gzip.compress(body)[:-9], "gzip"),
    "gzip with more behind": (lambda body: gzip.compress(b"{}") + body, "gzip"),
    "deflate": (zlib.compress, "deflate"),
    "raw deflate": (lambda body: zlib.compress(body)[2:-4], "deflate"),
    "brotli": (brotli.compress, "br"),
    "brotli told as gzip": (brotli.compress, "gzip"),
    "zstandard": (zstandard.compress, "zstd"),
    "none told as gzip": (bytes, "gzip"),
    "none told as something": (bytes, "rot13"),
    "none told as identity": (bytes, "identity"),
}
"""Codings of a reply, and what its header says of them."""


def test_no_coding_hides_a_forbidden_call(wire: Wire) -> None:
    """Whole and streamed: what the agent gets holds none, in whatever it might unpack."""

    def tried(name: str, stream: bool) -> str:
        pack, told = CODED[name]
        call = {"type": "tool_use", "id": "t", "name": "Bash", "input": {"command": streams.EVIL}}
        whole = json.dumps({**streams.MESSAGE, "content": [call]}).encode()
        body = pack(streams.STREAMS["plain"] if stream else whole)
        reply = Reply(body=body, content_type=SSE if stream else KINDS[1], headers={"content-encoding": told})
        asked = SHAPES[1 if stream else 0].asked
        attempt = Attempt("claude", "POST", "/v1/messages", (("content-type", "application/json"),), asked)
        out = wire.reply(attempt, reply)
        found = [streams.EVIL.encode() in text for text in unpacked(out.body)]
        return repr(out.body[:300]) if any(found) else ""

    every(
        [
            (f"{name}{' streamed' if stream else ''}", lambda case=(name, stream): tried(*case))
            for name in CODED
            for stream in (False, True)
        ]
    )


@pytest.mark.parametrize("name", ["gzip", "deflate", "brotli", "zstandard", "none told as identity"])
def test_a_coded_reply_arrives_unpacked(wire: Wire, name: str) -> None:
    """The look-alikes: with a permitted call in it."""
    pack, told = CODED[name]
    reply = Reply(body=pack(FINE["a call"]), headers={"content-encoding": told})
    attempt = Attempt("claude", "POST", "/v1/messages", (("content-type", "application/json"),), SHAPES[0].asked)

    assert wire.reply(attempt, reply).body == FINE["a call"]


def unpacked(body: bytes) -> Iterator[bytes]:
    """The body, and what anybody could unpack of it, twice over."""
    yield body
    for read in (
        lambda data: zlib.decompressobj(47).decompress(data), lambda data: zlib.decompressobj(-15).decompress(data),
        brotli.decompress, lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
    ):  # fmt: skip
        with contextlib.suppress(Exception):
            once = read(body)
            yield once
            yield zlib.decompressobj(47).decompress(once)


# -- MCP


def on_server(number: int, body: Any, *headers: tuple[str, str], method: str = "POST") -> Attempt:
    """A message to one of the MCP servers."""
    raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return Attempt(f"tickets-{number}", method, "/mcp", (("content-type", "application/json"), *headers), raw)


def test_no_mcp_server_says_what_it_may_not(wire: Wire) -> None:
    """As JSON and as a stream, each from a server of its own; its twin arrives."""
    said = [
        (f"{name}, {word}{' streamed' if stream else ''}", name, reply, word == "twin", stream)
        for name, pair in mcp.WHOLE.items()
        for word, reply in zip(("vector", "twin"), pair, strict=True)
        for stream in (False, True)
        if not (stream and isinstance(reply, bytes))
    ]
    assert len(said) < TICKETS - 2

    def tried(number: int, name: str, reply: Any, twin: bool, stream: bool) -> str:
        raw = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
        body, kind = (mcp.sse(reply).encode(), SSE) if stream else (raw, "application/json")
        asked = mcp.LIST if "tool" in name else mcp.call()
        text = wire.reply(on_server(number, asked), Reply(body=body, content_type=kind)).body.decode("utf-8", "replace")
        stopped = "Interlock stopped" in text or not text
        return text or "nothing" if mcp.EVIL in mcp.tagless(text) or (twin and stopped) else ""

    every([(told, lambda case=(number, *case): tried(*case)) for number, (told, *case) in enumerate(said)])


def test_no_mcp_stream_says_what_it_may_not(wire: Wire) -> None:
    """However torn, and whatever type it claims to be of."""

    def tried(name: str, kind: str, size: int) -> str:
        body = mcp.STREAMS[name].encode()
        reply = Reply(body=body, content_type=kind, pieces=torn(body, size))
        out = wire.reply(on_server(TICKETS - 1, mcp.call()), reply).body
        return repr(out) if mcp.EVIL.encode() in out else ""

    every(
        [
            (f"{name} as {kind or 'nothing'} by {size}", lambda case=(name, kind, size): tried(*case))
            for name in mcp.STREAMS
            for kind in KINDS
            for size in (1, 7, 10_000)
        ]
    )


def test_no_agent_says_to_an_mcp_server_what_it_may_not(wire: Wire) -> None:
    """The message does not arrive; its twin does."""
    body = json.dumps(mcp.said(content=[])).encode()

    def tried(name: str) -> str:
        bad, headers = mcp.SENT[name]
        refused = wire.send("", on_server(TICKETS - 2, bad, *headers))
        good = on_server(TICKETS - 2, mcp.call(), ("mcp-method", "tools/call"), ("mcp-name", "look"))
        passed = wire.reply(good, Reply(body=body))
        return "" if wire.refused(refused) and passed.body == body else f"{refused} {passed}"

    every([(name, lambda name=name: tried(name)) for name in mcp.SENT])
    arrived = wire.upstreams.arrived.pop("", [])
    assert arrived == []


# -- masks


def masked(wire: Wire, body: bytes) -> Answered:
    """An answer as it goes on."""
    return wire.reply(Attempt("docs", "GET", "/open/x"), Reply(body=body))


def test_no_answer_holds_what_is_masked(wire: Wire) -> None:
    """In no spelling; look-alikes stay to the byte, and what has two readings does not pass."""

    def hidden(body: str) -> str:
        out = masked(wire, body.encode())
        return "" if out.status == 200 and masks.leaks(out.body.decode()) == [] else repr(out)

    def same(body: str) -> str:
        out = masked(wire, body.encode())
        return "" if out.body.decode() == body else repr(out)

    def refused(body: bytes) -> str:
        out = masked(wire, body)
        return "" if out.status == 502 and masks.leaks(out.body.decode()) == [] else repr(out)

    tables = (
        (masks.test_no_spelling_gets_past, hidden),
        (masks.test_look_alikes_stay_to_the_byte, same),
        (masks.test_what_could_be_read_otherwise_is_not_passed, refused),
    )
    every(
        [
            (row.name, lambda case=(check, row.given["body"]): case[0](case[1]))
            for test, check in tables
            for row in rows_of(test)
        ]
    )
