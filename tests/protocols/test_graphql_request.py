"""GraphQL requests in bodies, queries, forms and uploads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from urllib.parse import urlencode

import httpx
import pytest

from interlock.errors import BodyRejected
from interlock.model import JSON, Exchange
from interlock.protocols.graphql_request import Request, requests_of

type Make[T] = Callable[..., T]
QUERY = "{ me }"
HASH = hashlib.sha256(QUERY.encode()).hexdigest()
APQ: JSON = {"persistedQuery": {"version": 1, "sha256Hash": HASH}}


def post(request_of: Make[Exchange], body: JSON, target: str = "/graphql") -> list[Request]:
    """The requests in a JSON body."""
    return requests_of(request_of("POST", target, json.dumps(body).encode(), content_type="application/json"), None)


def test_every_form_is_read(request_of: Make[Exchange]) -> None:
    """One, a batch, a query, a form."""
    body = {"query": QUERY, "variables": {"a": 1}, "operationName": None}
    text = urlencode({"query": QUERY, "variables": '{"a":1}'})
    form = request_of("POST", "/graphql", text.encode(), content_type="application/x-www-form-urlencoded")
    for found in (
        post(request_of, body),
        requests_of(request_of("GET", f"/graphql?{text}"), None),
        requests_of(form, None),
    ):
        assert [(one.text, one.variables, one.place, one.stored) for one in found] == [(QUERY, {"a": 1}, (), "")]
    assert [one.place for one in post(request_of, [body, body])] == [(0,), (1,)]


def test_an_upload_is_read(request_of: Make[Exchange]) -> None:
    """As the multipart request specification has it."""
    request = httpx.Request(
        "POST",
        "https://api.example.com/graphql",
        data={"operations": json.dumps({"query": QUERY, "variables": {"f": None}}), "map": '{"0": ["variables.f"]}'},
        files={"0": ("a.txt", b"x")},
    )
    body, kind = request.read(), request.headers["content-type"]
    (found,) = requests_of(request_of("POST", "/graphql", body, content_type=kind), None)
    assert found.text == QUERY
    for old, new in ((b"variables.f", b"query"), (b'{"0":', b'{"1":'), (b'name="map"', b'name="mad"')):
        with pytest.raises(BodyRejected):
            requests_of(request_of("POST", "/graphql", body.replace(old, new), content_type=kind), None)


@pytest.mark.parametrize(
    ("body", "stored"),
    [
        ({"extensions": APQ}, HASH),
        ({"query": QUERY, "extensions": APQ}, HASH),
        ({"query": "", "id": "abc"}, "abc"),
        ({"documentId": "abc", "variables": {}}, "abc"),
        ({"doc_id": "abc"}, "abc"),
        ({"extensions": {"persistedQuery": {"sha256Hash": 7}}}, "unreadable"),
        ({"id": "a b\n"}, "unreadable"),
    ],
)
def test_stored_documents_are_named(request_of: Make[Exchange], body: JSON, stored: str) -> None:
    """By whatever convention."""
    (found,) = post(request_of, body)
    assert found.stored == stored


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        7,
        {"query": 1},
        {"query": None},
        {"Query": QUERY},
        {"query": QUERY, "variables": "x"},
        {"query": QUERY, "variables": []},
        {"query": QUERY, "operationName": 1},
        {"query": QUERY, "extensions": 1},
        {"query": "{ other }", "extensions": APQ},
        {"query": QUERY, "id": "abc"},
        [{"query": QUERY}] * 101,
    ],
)
def test_what_is_no_request_is_refused(request_of: Make[Exchange], body: JSON) -> None:
    """Or one with two documents."""
    with pytest.raises(BodyRejected):
        post(request_of, body)


@pytest.mark.parametrize(
    ("method", "target", "kind", "body"),
    [
        ("POST", "/graphql?query=mutation%7Bdrop%7D", "application/json", b'{"query":"{me}"}'),
        ("POST", "/graphql", "application/graphql", b"{ me }"),
        ("POST", "/graphql", "application/x-www-form-urlencoded", b"query=%7Bme%7D&query=%7Bother%7D"),
        ("POST", "/graphql", "application/x-www-form-urlencoded", b"query[]=%7Bme%7D"),
        ("POST", "/graphql", "application/xml", b'{"query":"{me}"}'),
        ("GET", "/graphql?query=%7Bme%7D&query=%7Bother%7D", "", b""),
        ("GET", "/graphql?query=%7Bme%7D&variables=x", "", b""),
        ("GET", "/graphql?x=1", "", b""),
    ],
)
def test_a_request_with_two_readings_is_refused(
    request_of: Make[Exchange], method: str, target: str, kind: str, body: bytes
) -> None:
    """Twice, in two places, of another type."""
    with pytest.raises(BodyRejected):
        requests_of(request_of(method, target, body, content_type=kind), None)


def test_unknown_members_are_told(request_of: Make[Exchange]) -> None:
    """A server may give them a meaning."""
    (found,) = post(request_of, {"query": QUERY, "debug": True})
    assert found.others == ("debug",)
