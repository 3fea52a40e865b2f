"""Vertex AI's requests, and which answers are read."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from interlock.errors import BodyRejected
from interlock.model import Exchange, Operation, Refusal
from interlock.protocols.adapters.vertex import PART
from interlock.protocols.gemini_reader import GeminiReader
from interlock.protocols.messages_reader import MessagesReader
from interlock.settings import Connection

type Make[T] = Callable[..., T]

AT = "/v1/projects/p/locations/europe-west1/publishers"
MESSAGE = b'{"anthropic_version": "vertex-2023-10-16", "messages": [], "max_tokens": 7, "stream": true}'
COUNT = b'{"model": "claude-x", "messages": []}'
CONTENTS = b'{"contents": [{"parts": [{"text": "hi"}]}]}'


@pytest.mark.parametrize(
    ("target", "body", "name", "model", "reader"),
    [
        (
            f"{AT}/anthropic/models/claude-x@20250514:rawPredict",
            MESSAGE,
            "model.message",
            "claude-x@20250514",
            MessagesReader,
        ),
        (f"{AT}/anthropic/models/claude-x:streamRawPredict", MESSAGE, "model.message", "claude-x", MessagesReader),
        (f"{AT}/anthropic/models/count-tokens:rawPredict", COUNT, "model.count-tokens", "claude-x", MessagesReader),
        (
            f"{AT}/google/models/gemini-x:streamGenerateContent?alt=sse",
            CONTENTS,
            "model.message",
            "gemini-x",
            GeminiReader,
        ),
        (
            "/v1beta1/publishers/google/models/gemini-x:generateContent",
            CONTENTS,
            "model.message",
            "gemini-x",
            GeminiReader,
        ),
        (f"{AT}/anthropic/models/claude-x:rawPredict?x=1", MESSAGE, "http.post", "", MessagesReader),
        (f"{AT}/meta/models/llama:rawPredict", b"{}", "http.post", "", None),
        (f"{AT}/google/models/gemini-x:rawPredict", b"{}", "http.post", "", None),
        (f"{AT}/anthropic/models/claude-x:generateContent", b"{}", "http.post", "", GeminiReader),
    ],
)
def test_operations_and_answers(
    request_of: Make[Exchange],
    connection: Make[Connection],
    analyse: Make[tuple[Operation, ...]],
    target: str,
    body: bytes,
    name: str,
    model: str,
    reader: object,
) -> None:
    """Two APIs by the maker in the path, and plain HTTP for the rest."""
    exchange = request_of("POST", target, body)
    (found,) = PART.operations(exchange, connection(), None, analyse)

    assert found.name == name
    assert not model or found.resource == model
    assert PART.reply(exchange, connection()) is reader


def test_a_body_that_is_no_message_is_refused(
    request_of: Make[Exchange], connection: Make[Connection], analyse: Make[tuple[Operation, ...]]
) -> None:
    """Of either API."""
    for target in (f"{AT}/anthropic/models/m:rawPredict", f"{AT}/google/models/m:generateContent"):
        for body in (b"", b"[]", b"{}"):
            with pytest.raises(BodyRejected):
                PART.operations(request_of("POST", target, body), connection(), None, analyse)
        assert PART.reads(request_of("POST", target), connection())


def test_what_is_protected_goes_by_the_document() -> None:
    """A signature of either."""
    assert PART.protected({"contents": [{"parts": [{"thoughtSignature": "x"}]}]})(
        ("contents", 0, "parts", 0, "thoughtSignature")
    )
    assert PART.protected({"messages": [{"content": [{"type": "thinking", "signature": "x"}]}]})(
        ("messages", 0, "content", 0, "signature")
    )


def test_refusals_are_googles(request_of: Make[Exchange]) -> None:
    """And problem details elsewhere."""
    asked = PART.refuse(request_of("POST", f"{AT}/anthropic/models/m:rawPredict", MESSAGE), Refusal("no-rule", "No."))
    other = PART.refuse(request_of("GET", "/x"), Refusal("no-rule", "No."))

    assert json.loads(asked.body)["error"]["status"] == "PERMISSION_DENIED"
    assert json.loads(other.body)["reason"] == "no-rule"
