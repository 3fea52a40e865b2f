"""Exchange -> document -> operations -> decision."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.engine.conftest import BASE, Load

from interlock.engine.inline import analyse_inline
from interlock.engine.judge import Judge, warm
from interlock.errors import BodyRejected, Refused
from interlock.model import Access, BodyState, Exchange, Origin, Principal, Side
from interlock.reasons import Reason

ORIGIN = Origin("https", "warehouse.example.com", 443)
SELECT = b'{"query": "SELECT 1"}'


def exchange(body: bytes = b"", kind: str = "", target: str = "/v1/query") -> Exchange:
    """A request to the warehouse."""
    headers = (("content-type", kind),) if kind else ()
    return Exchange(Side.REQUEST, "warehouse", "POST", ORIGIN, target, headers, body, BodyState.COMPLETE)


@pytest.mark.parametrize(
    ("body", "kind", "target"),
    [
        (SELECT, "application/json", "/other"),
        (SELECT, "application/vnd.api+json; charset=utf-8", "/other"),
        (b" \r\n" + SELECT, "text/plain", "/other"),
        (SELECT, "", "/v1/query"),
    ],
)
def test_what_says_or_looks_like_json_has_to_be_json(load: Load, body: bytes, kind: str, target: str) -> None:
    """A receiver may go by the header, by the bytes, or by its own idea of the path."""
    rules = load()
    judge, connection = Judge(rules), rules.connections[0]
    assert judge.read(exchange(body, kind, target), connection) == {"query": "SELECT 1"}
    for wrong in (body[:-1], b"\xef\xbb\xbf" + body):
        with pytest.raises(BodyRejected):
            judge.read(exchange(wrong, kind, target), connection)


def test_what_is_neither_is_not_read(load: Load) -> None:
    """No body, or a body that nobody takes for JSON, on a path without commands."""
    rules = load()
    judge, connection = Judge(rules), rules.connections[0]
    assert judge.read(exchange(), connection) is None
    assert judge.read(exchange(b"hello", "text/plain", "/other"), connection) is None
    with pytest.raises(BodyRejected):
        judge.read(exchange(b"hello", "text/plain", "/v1/query"), connection)


def test_an_unknown_protocol_is_refused(load: Load) -> None:
    """A connection whose adapter is gone judges nothing."""
    rules = load()
    with pytest.raises(Refused) as caught:
        Judge(rules).adapter(replace(rules.connections[0], protocol="gopher"))
    assert caught.value.reason is Reason.UNKNOWN_PROTOCOL


@pytest.mark.parametrize(
    ("request_", "blocked"),
    [
        (exchange(target="/search?q=project%20nightfall"), True),
        (exchange(b"q=project+nightfall", "application/x-www-form-urlencoded", "/search"), True),
        (exchange(b"about project nightfall", "text/plain", "/search"), True),
        (exchange(b"about project daylight", "text/plain", "/search?q=project"), False),
    ],
)
def test_queries_and_bodies_that_are_no_json_are_searched(load: Load, request_: Exchange, blocked: bool) -> None:
    """The blocklist sees what the receiver will: decoded queries, forms, plain text."""
    rules = load(
        "blocklist: [{id: codename, text: 'project\\s+nightfall'}]\n",
        base=BASE.replace("permit: [sql.read]", 'permit: [sql.read, "http.post /search"]'),
    )
    judge, connection = Judge(rules), rules.connections[0]
    document = judge.read(request_, connection)
    decision = judge.decide(
        Principal("corp", "i", "erika", groups=frozenset({"analyst"})), connection, request_,
        judge.operations(request_, connection, document), path=request_.path, document=document, now=1.0,
    )  # fmt: skip
    assert decision.reason == (Reason.BLOCKED if blocked else Reason.PERMITTED)


def test_a_text_too_large_for_a_stream_is_not_understood() -> None:
    """Inside a stream nothing may wait; what cannot be read at once ranks as the most dangerous."""
    warm()
    small = analyse_inline("ls", "shell")
    assert small[0].name == "shell.read"
    (large,) = analyse_inline("select 1 -- " + "x" * 2_000_000, "sql", place="/a", agent=True)
    assert large.access is Access.UNKNOWN
    assert (large.place, large.agent) == ("/a", True)
