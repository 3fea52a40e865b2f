"""The OpenAI API's requests, and which answers are read."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from interlock.errors import BodyRejected
from interlock.model import Exchange, Operation, Refusal
from interlock.protocols.adapters.openai import PART
from interlock.protocols.openai_reader import ChatReader, ResponsesReader
from interlock.reasons import Reason
from interlock.settings import Connection

type Make[T] = Callable[..., T]

CHAT = b'{"model": "gpt-x", "messages": [{"role": "user", "content": "hi"}]}'
INPUT = b'{"model": "gpt-x", "input": "hi"}'


@pytest.mark.parametrize(
    ("method", "target", "body", "name"),
    [
        ("POST", "/v1/chat/completions", CHAT, "model.message"),
        ("POST", "/openai/v1/chat/completions", CHAT, "model.message"),
        ("POST", "/v1beta/openai/chat/completions", CHAT, "model.message"),
        ("POST", "/api/v1/chat/completions", CHAT, "model.message"),
        ("POST", "/openai/deployments/mine/chat/completions?api-version=2024-10-21", CHAT, "model.message"),
        ("POST", "/v1/responses", INPUT, "model.message"),
        ("POST", "/v1/completions", b'{"model": "m", "prompt": "x"}', "model.message"),
        ("POST", "/v1/embeddings", INPUT, "model.embed"),
        ("GET", "/v1/models", b"", "model.list"),
        ("GET", "/v1/models/gpt-x", b"", "model.list"),
        ("POST", "/v1/chat/completions?x=1", CHAT, "http.post"),
        ("POST", "/v1/files", b"x", "http.post"),
        ("POST", "/v1/batches", b"{}", "http.post"),
        ("POST", "/v1/responses/r_1/cancel", b"{}", "http.post"),
        ("GET", "/v1/responses/r_1", b"", "http.get"),
        ("DELETE", "/v1/models/gpt-x", b"", "http.delete"),
        ("POST", "/v1/assistants", b"{}", "http.post"),
    ],
)
def test_operations(
    request_of: Make[Exchange], connection: Make[Connection], analyse: Make[tuple[Operation, ...]],
    method: str, target: str, body: bytes, name: str,
) -> None:  # fmt: skip
    """What the API has a name for, and plain HTTP for the rest."""
    (found,) = PART.operations(request_of(method, target, body), connection(), None, analyse)

    assert found.name == name


def test_a_body_that_is_no_message_is_refused(
    request_of: Make[Exchange], connection: Make[Connection], analyse: Make[tuple[Operation, ...]]
) -> None:
    """Whatever its type says."""
    for body in (b"", b"x", b"[]", b'{"model": "m"}'):
        with pytest.raises(BodyRejected):
            PART.operations(request_of("POST", "/v1/chat/completions", body), connection(), None, analyse)
    assert PART.reads(request_of("POST", "/v1/responses", b""), connection())
    assert not PART.reads(request_of("POST", "/v1/files", b""), connection())


@pytest.mark.parametrize(
    ("method", "target", "reader"),
    [
        ("POST", "/v1/chat/completions", ChatReader),
        ("POST", "/v1/completions", ChatReader),
        ("GET", "/v1/chat/completions/c_1", ChatReader),
        ("POST", "/v1/responses", ResponsesReader),
        ("GET", "/v1/responses/r_1?stream=true", ResponsesReader),
        ("POST", "/v1/chat/completions/", ChatReader),
        ("POST", "/V1/Responses", ResponsesReader),
        ("POST", "/v1/embeddings", None),
        ("GET", "/v1/models", None),
        ("POST", "/v1/files", None),
    ],
)
def test_answers_that_are_read(
    request_of: Make[Exchange], connection: Make[Connection], method: str, target: str, reader: object
) -> None:
    """Also one that was stored and is asked for again."""
    assert PART.reply(request_of(method, target, b""), connection()) is reader


@pytest.mark.parametrize(
    ("reason", "status", "kind"),
    [
        (Reason.NO_RULE, 403, "permission_error"),
        (Reason.TOKEN_MISSING, 401, "authentication_error"),
        (Reason.INTERNAL_ERROR, 403, "permission_error"),
        (Reason.STREAM_UNREADABLE, 403, "permission_error"),
    ],
)
def test_refusals_are_not_tried_again(request_of: Make[Exchange], reason: Reason, status: int, kind: str) -> None:
    """Its clients try 408, 409, 429 and 5xx again."""
    exchange = request_of("POST", "/v1/chat/completions", CHAT)
    answer = PART.refuse(exchange, Refusal(str(reason), reason.says, reference="run/7"))
    error = json.loads(answer.body)["error"]

    assert (answer.status, error["type"], error["code"], error["reference"]) == (status, kind, reason, "run/7")
    assert error["message"].startswith("Interlock stopped")
    assert status == 401 or ("x-should-retry", "false") in answer.headers


def test_other_paths_have_problem_details(request_of: Make[Exchange]) -> None:
    """No client of the API asks there."""
    answer = PART.refuse(request_of("GET", "/x"), Refusal("no-rule", "No."))

    assert ("content-type", "application/problem+json") in answer.headers
