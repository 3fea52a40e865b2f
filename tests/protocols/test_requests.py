"""What every adapter asks of a request."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from interlock.errors import BodyRejected, Refused
from interlock.model import Exchange
from interlock.protocols.requests import method_of, require_document, require_object
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
