"""The Gemini API's requests, and which answers are read."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from interlock.errors import BodyRejected
from interlock.model import Exchange, Operation, Refusal
from interlock.protocols.adapters.gemini import PART
from interlock.protocols.gemini_reader import GeminiReader
from interlock.settings import Connection

type Make[T] = Callable[..., T]

BODY = b'{"contents": [{"parts": [{"text": "hi"}]}]}'


@pytest.mark.parametrize(
    ("method", "target", "name", "read"),
    [
        ("POST", "/v1beta/models/gemini-x:generateContent", "model.message", True),
        ("POST", "/v1beta/models/gemini-x:streamGenerateContent?alt=sse", "model.message", True),
        ("POST", "/v1/models/gemini-x:streamGenerateContent", "model.message", True),
        ("POST", "/v1beta/models/gemini-x%3AgenerateContent", "model.message", True),
        ("POST", "/v1beta/tunedModels/x:generateContent?key=abc", "model.message", True),
        ("POST", "/v1beta/models/gemini-x:countTokens", "model.count-tokens", False),
        ("POST", "/v1beta/models/gemini-x:embedContent", "model.embed", False),
        ("GET", "/v1beta/models", "model.list", False),
        ("POST", "/v1beta/models/gemini-x:generateContent?x=1", "http.post", True),
        ("POST", "/v1beta/models/gemini-x:batchGenerateContent", "http.post", True),
        ("POST", "/v1beta/models/gemini-x:GenerateContent", "http.post", True),
        ("POST", "/v1beta/cachedContents", "http.post", False),
        ("POST", "/upload/v1beta/files", "http.post", False),
    ],
)
def test_operations_and_answers(
    request_of: Make[Exchange], connection: Make[Connection], analyse: Make[tuple[Operation, ...]],
    method: str, target: str, name: str, read: bool,
) -> None:  # fmt: skip
    """What the API has a name for, and plain HTTP for the rest."""
    exchange = request_of(method, target, BODY)
    (found,) = PART.operations(exchange, connection(), None, analyse)

    assert found.name == name
    assert PART.reply(exchange, connection()) is (GeminiReader if read else None)


def test_a_body_that_is_no_message_is_refused(
    request_of: Make[Exchange], connection: Make[Connection], analyse: Make[tuple[Operation, ...]]
) -> None:
    """Whatever its type says."""
    for body in (b"", b"x", b"[]", b"{}"):
        with pytest.raises(BodyRejected):
            PART.operations(request_of("POST", "/v1/models/m:generateContent", body), connection(), None, analyse)
    assert PART.reads(request_of("POST", "/v1/models/m:generateContent"), connection())
    assert not PART.reads(request_of("POST", "/v1beta/files"), connection())


def test_refusals_are_googles(request_of: Make[Exchange]) -> None:
    """And problem details elsewhere."""
    asked = PART.refuse(request_of("POST", "/v1/models/m:generateContent", BODY), Refusal("no-rule", "No."))
    other = PART.refuse(request_of("GET", "/x"), Refusal("no-rule", "No."))

    assert json.loads(asked.body)["error"]["status"] == "PERMISSION_DENIED"
    assert json.loads(other.body)["reason"] == "no-rule"
