"""Where commands may lie in a request."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from interlock.errors import BodyRejected
from interlock.model import Exchange
from interlock.protocols.sources import documents, expects_lines, places_for
from interlock.settings import Connection

type Make[T] = Callable[..., T]
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def taking(connection: Make[Connection]) -> Make[Connection]:
    """A connection whose places are of these sources."""

    def make(*sources: str) -> Connection:
        found = connection(*[("POST /q", "$.q", "sql", "", []) for _ in sources])
        places = [dataclasses.replace(p, source=s) for p, s in zip(found.commands, sources, strict=True)]
        return dataclasses.replace(found, commands=tuple(places))

    return make


@pytest.mark.parametrize(
    ("sources", "kind", "target", "body", "expected"),
    [
        (("json",), "application/json", "/q", b'{"q":"x"}', {"json": {"q": "x"}}),
        (("form",), FORM, "/q", b"q=x", {"form": {"q": "x"}}),
        (("form", "json"), FORM, "/q", b"q=x", {"form": {"q": "x"}}),
        (("form", "json"), "application/json", "/q", b'{"q":"x"}', {"json": {"q": "x"}}),
        (("query",), "", "/q?q=x", b"", {"query": {"q": "x"}}),
        (("query", "form"), FORM, "/q?q=x", b"q=y", {"query": {"q": "x"}, "form": {"q": "y"}}),
        (("lines",), "application/x-ndjson", "/q", b'{"q":1}\n{"q":2}', {"lines": [{"q": 1}, {"q": 2}]}),
        (("lines",), "application/json", "/q", b'{"q":1}\n{"q":2}', {"lines": [{"q": 1}, {"q": 2}]}),
        (("multipart",), "multipart/form-data; boundary=b", "/q",
         b'--b\r\nContent-Disposition: form-data; name="q"\r\n\r\nx\r\n--b--', {"multipart": {"q": "x"}}),
    ],
)  # fmt: skip
def test_each_source_is_a_document(
    request_of: Make[Exchange],
    taking: Make[Connection],
    sources: tuple[str, ...],
    kind: str,
    target: str,
    body: bytes,
    expected: dict[str, object],
) -> None:
    """By the body's type, of those the places name."""
    exchange = request_of("POST", target, body, content_type=kind)
    assert documents(exchange, None, places_for(exchange, taking(*sources), ("POST",))) == expected


@pytest.mark.parametrize(
    ("sources", "kind", "body"),
    [
        (("form",), "application/json", b'{"q":"x"}'),
        (("form",), "", b"q=x"),
        (("form",), FORM, b'{"q":"x"}'),
        (("form",), f"{FORM}; charset=utf-16", b"q=x"),
        (("json",), FORM, b"q=x"),
        (("multipart",), FORM, b"q=x"),
        (("lines",), FORM, b"q=x"),
        (("query", "form"), "text/plain", b"q=x"),
    ],
)
def test_a_body_of_another_kind_is_refused(
    request_of: Make[Exchange], taking: Make[Connection], sources: tuple[str, ...], kind: str, body: bytes
) -> None:
    """Judged is only what was described."""
    exchange = request_of("POST", "/q", body, content_type=kind)
    with pytest.raises(BodyRejected):
        documents(exchange, None, places_for(exchange, taking(*sources), ("POST",)))


def test_lines_are_expected_by_type_or_by_place(request_of: Make[Exchange], taking: Make[Connection]) -> None:
    """Everything else that begins like JSON has to be one document."""
    assert expects_lines(request_of("POST", "/z", b"{}", content_type="application/x-ndjson"), taking())
    assert expects_lines(request_of("POST", "/q", b"{}", content_type="application/json"), taking("lines"))
    assert not expects_lines(request_of("POST", "/q", b"{}", content_type="application/json"), taking("lines", "json"))
    assert not expects_lines(request_of("POST", "/z", b"{}", content_type="application/json"), taking("lines"))
    elsewhere = dataclasses.replace(taking(), protocol="mcp")
    assert not expects_lines(request_of("POST", "/z", b"{}", content_type="application/x-ndjson"), elsewhere)
