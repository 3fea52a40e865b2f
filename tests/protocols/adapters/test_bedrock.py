"""Bedrock's requests, and which answers are read."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from interlock.errors import BodyRejected
from interlock.model import Exchange, Operation, Refusal
from interlock.protocols.adapters.bedrock import PART
from interlock.protocols.bedrock_stream import BedrockReader
from interlock.settings import Connection

type Make[T] = Callable[..., T]

MODEL = "eu.anthropic.claude-sonnet-4-20250514-v1:0"
BODY = b'{"anthropic_version": "bedrock-2023-05-31", "anthropic_beta": ["a-1"], "messages": [], "max_tokens": 7}'


@pytest.mark.parametrize(
    ("method", "target", "body", "name", "read"),
    [
        ("POST", f"/model/{MODEL}/invoke", BODY, "model.message", True),
        ("POST", f"/model/{MODEL.replace(':', '%3A')}/invoke-with-response-stream", BODY, "model.message", True),
        ("POST", f"/model/{MODEL}/invoke?x=1", BODY, "http.post", True),
        ("POST", "/model/meta.llama/invoke", b'{"prompt": "x"}', "http.post", True),
        ("POST", f"/model/{MODEL}/converse", b"{}", "http.post", False),
        ("GET", "/foundation-models", b"", "http.get", False),
    ],
)
def test_operations_and_answers(
    request_of: Make[Exchange], connection: Make[Connection], analyse: Make[tuple[Operation, ...]],
    method: str, target: str, body: bytes, name: str, read: bool,
) -> None:  # fmt: skip
    """Messages by the path's model, and plain HTTP for the rest."""
    exchange = request_of(method, target, body)
    (found,) = PART.operations(exchange, connection(), None, analyse)

    assert found.name == name
    assert PART.reply(exchange, connection()) is (BedrockReader if read else None)
    if name == "model.message":
        assert found.resource == MODEL
        assert [part.name for part in found.nested] == ["model.beta:a-1"]


def test_a_body_that_is_no_message_is_refused(
    request_of: Make[Exchange], connection: Make[Connection], analyse: Make[tuple[Operation, ...]]
) -> None:
    """Whatever its type says."""
    for body in (b"", b"x", b"[]", b'{"anthropic_version": "b"}'):
        with pytest.raises(BodyRejected):
            PART.operations(request_of("POST", f"/model/{MODEL}/invoke", body), connection(), None, analyse)
    assert PART.reads(request_of("POST", f"/model/{MODEL}/invoke"), connection())


def test_refusals_are_bedrocks(request_of: Make[Exchange]) -> None:
    """And problem details elsewhere."""
    asked = PART.refuse(request_of("POST", f"/model/{MODEL}/invoke", BODY), Refusal("no-rule", "No."))
    other = PART.refuse(request_of("GET", "/x"), Refusal("no-rule", "No."))

    assert json.loads(asked.body)["message"].startswith("Interlock stopped")
    assert json.loads(other.body)["reason"] == "no-rule"
