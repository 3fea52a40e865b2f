"""JSON-RPC messages, alone and in batches."""

from __future__ import annotations

import pytest

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.protocols.jsonrpc import identifiers, is_rpc, messages

PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}


def test_messages_stand_at_their_places() -> None:
    """The root, or an index."""
    assert messages(PING) == [((), PING)]
    other = {**PING, "id": 2}
    assert messages([PING, other]) == [((0,), PING), ((1,), other)]


@pytest.mark.parametrize("document", [[], [PING] * 1001, None, 1, "x", {}, [None]])
def test_what_is_no_message_is_refused(document: object) -> None:
    """A batch without end, too."""
    with pytest.raises(BodyRejected):
        messages(document)


def test_ids_are_those_that_wait_for_an_answer() -> None:
    """No notification, no answer, no id of another kind; nothing where the body cannot be read."""
    body = b'[{"id":1,"method":"x"},{"method":"n"},{"id":2,"result":{}},{"id":null,"method":"x"},'
    body += b'{"id":true,"method":"x"},7]'

    assert identifiers(body) == (True, [1])
    assert identifiers(b'{"id":"a","method":"x"}') == (False, ["a"])
    assert identifiers(b"{") == (False, [])


def test_an_id_belongs_to_one_message_of_a_batch() -> None:
    """A request and an answer to the server may share one: they are counted on different sides."""
    answer: dict[str, JSON] = {"jsonrpc": "2.0", "id": 1, "result": {}}
    for twin in (PING, {**PING, "id": "1"}):
        with pytest.raises(BodyRejected):
            messages([PING, twin])

    assert len(messages([PING, answer])) == 2


def test_what_could_be_taken_for_json_rpc() -> None:
    """In any case of its members, also inside a list."""
    assert is_rpc(PING)
    assert is_rpc([1, {"Method": "x"}])
    assert is_rpc({"RESULT": 1})
    assert not is_rpc({"error": "invalid_token"})
    assert not is_rpc([])
    assert not is_rpc("jsonrpc")
