"""What every adapter asks of a request."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from interlock.errors import BodyRejected, Refused
from interlock.model import JSON, Exchange
from interlock.protocols.requests import is_within, method_of, read_document, require_document, require_object
from interlock.reasons import Reason


def test_a_method_is_a_name_in_upper_case(request_of: Callable[..., Exchange]) -> None:
    """RFC 9110: methods are case-sensitive."""
    assert method_of(request_of("VERSION-CONTROL", "/")) == "VERSION-CONTROL"
    with pytest.raises(Refused) as caught:
        method_of(request_of("Post", "/"))

    assert caught.value.reason is Reason.MALFORMED_REQUEST


def test_a_document_is_read_once(request_of: Callable[..., Exchange]) -> None:
    """The caller's, if there is one; its declared type is checked in any case."""
    document = {"a": 1}

    assert require_document(request_of("POST", "/", b"{}"), document) is document
    assert require_document(request_of("POST", "/", b"[1]"), None) == [1]
    with pytest.raises(BodyRejected):
        require_document(request_of("POST", "/", b"{}", content_type="multipart/form-data"), document)


def test_an_object_is_demanded_by_name() -> None:
    """The message says what was no object, not what it was."""
    assert require_object({}, "the body") == {}
    with pytest.raises(BodyRejected, match="the body is not an object") as caught:
        require_object(["secret"], "the body")

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "Application/X-WWW-Form-Urlencoded; charset=utf-8"]
)
def test_a_form_where_json_is_expected_is_told_what_to_send(request_of: Callable[..., Exchange], kind: str) -> None:
    """Who sent it, and who wrote the rules, each learn what to change; other bodies are refused as ever."""
    with pytest.raises(BodyRejected) as told:
        read_document(request_of("POST", "/", b"query=SELECT+1", content_type=kind))
    assert told.value.reason is Reason.BODY_UNPARSABLE
    assert "application/json" in told.value.hint
    assert "in: form" in told.value.hint
    with pytest.raises(BodyRejected) as told:
        read_document(request_of("POST", "/", b"query=SELECT+1", content_type="text/plain"))
    assert (told.value.reason, told.value.hint) == (Reason.BODY_UNPARSABLE, "")


@pytest.mark.parametrize(
    ("members", "within"), [({}, True), ({"a": [1, {"b": 2}]}, True), ({"a": [1, {"b": 2}, 3]}, False)]
)
def test_values_are_counted_at_any_depth(members: dict[str, JSON], within: bool) -> None:
    """Members and items alike; a list counts as one beside what it holds."""
    assert is_within(members, 4) is within
