"""Every adapter keeps the contract."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from interlock.errors import Refused
from interlock.model import Exchange, Operation, Refusal
from interlock.paths import compile_path
from interlock.protocols import adapters
from interlock.protocols.adapter import Adapter, nothing_protected
from interlock.reasons import Reason
from interlock.registry import parts
from interlock.settings import Connection

ADAPTERS = parts(adapters, Adapter)


def test_the_adapters_are_found() -> None:
    """By their files alone."""
    assert set(ADAPTERS) >= {"anthropic", "http", "mcp"}
    assert not nothing_protected({})(())


@pytest.mark.parametrize("name", ADAPTERS)
@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"\xff", b"[" * 9999, b'{"jsonrpc":"2.0"}', b'"\\ud800"'])
@pytest.mark.parametrize("target", ["/", "/v1/messages", "/mcp", "/v1/messages/batches", "/x/..", "*"])
def test_any_request_is_an_operation_or_a_refusal(
    request_of: Callable[..., Exchange],
    connection: Callable[..., Connection],
    analyse: Callable[..., tuple[Operation, ...]],
    name: str,
    body: bytes,
    target: str,
) -> None:
    """Never nothing, and never an error of another kind."""
    exchange = request_of("POST", target, body)
    reason: object = None
    found: object = None
    try:
        found = ADAPTERS[name].operations(exchange, connection(), None, analyse)
    except Refused as error:
        reason = error.reason

    assert found or reason not in (None, Reason.INTERNAL_ERROR)


@pytest.mark.parametrize("name", ADAPTERS)
@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_an_answer(
    request_of: Callable[..., Exchange], reply_to: Callable[..., Exchange], name: str, reason: Reason
) -> None:
    """With a status of its own, for a request, for a reply and for nothing."""
    refusal = Refusal(reason, reason.says, reference="run/7")
    request = request_of("POST", "/v1/messages", b'{"jsonrpc":"2.0","id":1,"method":"x"}')
    for exchange in (request, reply_to(request, b""), None):
        answer = ADAPTERS[name].refuse(exchange, refusal)
        assert answer.status == 200 or 400 <= answer.status < 600
        assert b"run/7" in answer.body
        assert ("interlock-reference", "run/7") in answer.headers


@pytest.mark.parametrize("name", ADAPTERS)
@pytest.mark.parametrize("target", ["/v1/messages", "/v1/chat/completions", "/mcp"])
def test_a_ticket_is_in_every_answer(request_of: Callable[..., Exchange], name: str, target: str) -> None:
    """As members of the protocol's own error, for programs; and in its words, for models."""
    reason = Reason.APPROVAL_PENDING
    refusal = Refusal(reason, reason.says, "This is approval apr-1.", approval={"id": "apr-1", "state": "pending"})
    answer = ADAPTERS[name].refuse(request_of("POST", target, b'{"jsonrpc":"2.0","id":1,"method":"x"}'), refusal)
    told = json.loads(answer.body)
    assert b"This is approval apr-1." in answer.body
    assert "apr-1" in json.dumps(told).replace("This is approval apr-1.", "")


@pytest.mark.parametrize("name", ADAPTERS)
def test_volatile_members_are_paths(name: str) -> None:
    """They can be compiled at load."""
    for path in ADAPTERS[name].volatile:
        compile_path(path)
