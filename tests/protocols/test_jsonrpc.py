"""JSON-RPC messages, alone and in batches."""

from __future__ import annotations

import pytest

from interlock.errors import BodyRejected
from interlock.protocols.jsonrpc import identifiers, messages

PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}


def test_messages_stand_at_their_places() -> None:
    """The root, or an index."""
    assert messages(PING) == [((), PING)]
    assert messages([PING, PING]) == [((0,), PING), ((1,), PING)]


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
