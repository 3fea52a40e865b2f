"""Messages requests as operations: their betas, their batches."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from interlock.errors import BodyRejected
from interlock.model import JSON, Exchange
from interlock.protocols.messages import batch_operation, header_betas, message_operation

SAID: dict[str, JSON] = {"model": "claude-x", "messages": []}


def test_betas_of_header_and_body_are_operations() -> None:
    """Each once."""
    found = message_operation({**SAID, "anthropic_beta": ["b-2", "c-3"], "betas": ["d-4"]}, ["a-1", "b-2"], ())

    assert [part.name for part in found.nested] == [f"model.beta:{name}" for name in ("a-1", "b-2", "c-3", "d-4")]
    assert found.arguments["betas"] == ["a-1", "b-2", "c-3", "d-4"]


def test_several_headers_are_one_list(request_of: Callable[..., Exchange]) -> None:
    """And blanks mean nothing."""
    assert header_betas(request_of("POST", "/", b"", anthropic_beta="a-1, b-2 ,,")) == ["a-1", "b-2"]


@pytest.mark.parametrize(
    "named", ["x", {}, None, [1], ["a b"], [""], ["\u212a"], ["x" * 200], [f"b-{i}" for i in range(200)]]
)
def test_betas_that_are_none_are_refused(named: JSON) -> None:
    """What is no name cannot be permitted by name."""
    with pytest.raises(BodyRejected):
        message_operation({**SAID, "betas": named}, [], ())


def test_the_path_says_the_model() -> None:
    """Where a cloud names it there, the body's word means nothing."""
    assert message_operation({"messages": []}, [], (), model="claude-y").resource == "claude-y"
    assert message_operation(SAID, [], (), model="claude-y").arguments["model"] == "claude-y"


@pytest.mark.parametrize("body", [{}, {"model": "m"}, {"model": 7, "messages": []}, {**SAID, "stream": 1}])
def test_a_body_that_is_no_message_is_refused(body: dict[str, JSON]) -> None:
    """It cannot be judged."""
    with pytest.raises(BodyRejected):
        message_operation(body, [], ())


@pytest.mark.parametrize("requests", [None, [], {}, ["x"], [{}], [{"params": []}], [{"params": {}}]])
def test_a_batch_that_is_none_is_refused(requests: JSON) -> None:
    """Each of its requests is a message."""
    with pytest.raises(BodyRejected):
        batch_operation({"requests": requests}, [])
