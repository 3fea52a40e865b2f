"""Methods that stand elsewhere than in the request line."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from interlock.errors import BodyRejected
from interlock.model import JSON, Exchange
from interlock.protocols.overrides import methods_of
from interlock.settings import Connection

type Make[T] = Callable[..., T]
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=b"
PART = b'--b\r\nContent-Disposition: form-data; name="_method"\r\n\r\ndelete\r\n--b--'


def test_a_header_counts_only_where_it_is_forwarded(request_of: Make[Exchange], connection: Make[Connection]) -> None:
    """Elsewhere it is dropped."""
    exchange = request_of("POST", "/x", x_http_method_override="delete")
    allowed = dataclasses.replace(connection(), allow_headers=frozenset({"x-http-method-override"}))

    assert methods_of(exchange, connection(), None) == ("POST",)
    assert methods_of(exchange, allowed, None) == ("POST", "DELETE")


@pytest.mark.parametrize(
    ("kind", "body", "document"),
    [
        (FORM, b"a=1&_method=DELETE", None),
        (FORM, b"%5Fmethod=DELETE", None),
        (FORM, b"a=1;_Method=delete", None),
        (PARTS, PART, None),
        ("application/json", b'{"_method":"DELETE"}', {"_method": "DELETE"}),
    ],
)
def test_a_method_in_the_body_counts(
    request_of: Make[Exchange], connection: Make[Connection], kind: str, body: bytes, document: JSON
) -> None:
    """It goes on as it came, so both are judged."""
    assert methods_of(request_of("POST", "/x", body, content_type=kind), connection(), document) == ("POST", "DELETE")


@pytest.mark.parametrize(
    ("kind", "body", "document"),
    [
        (FORM, b"_method=DE%00LETE", None),
        (FORM, b"_method=", None),
        (PARTS, PART.replace(b"\r\n\r\n", b"\r\nContent-Type: text/plain\r\n\r\n"), None),
        (PARTS, PART.replace(b'"', b"'"), None),
        ("application/json", b'{"_method":["DELETE"]}', {"_method": ["DELETE"]}),
    ],
)
def test_an_override_that_cannot_be_read_is_refused(
    request_of: Make[Exchange], connection: Make[Connection], kind: str, body: bytes, document: JSON
) -> None:
    """A server might read it."""
    with pytest.raises(BodyRejected):
        methods_of(request_of("POST", "/x", body, content_type=kind), connection(), document)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (FORM, b"a=_method"),
        (FORM, b"_methods=x"),
        ("text/plain", b"_method=DELETE"),
        (PARTS, b"--b\r\n_method\r\n--b--"),
    ],
)
def test_words_are_no_override(
    request_of: Make[Exchange], connection: Make[Connection], kind: str, body: bytes
) -> None:
    """The look-alikes."""
    assert methods_of(request_of("POST", "/x", body, content_type=kind), connection(), None) == ("POST",)
