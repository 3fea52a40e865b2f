"""A Responses API answer, whole: the items an agent would run are judged, every other byte stays."""

from __future__ import annotations

from interlock.errors import BodyRejected
from interlock.protocols.body import encode_json
from interlock.protocols.openai_items import Items
from interlock.protocols.proposals import hides_call
from interlock.protocols.requests import Member, require_object
from interlock.protocols.spans import Span, item_spans, member_spans, splice
from interlock.reasons import Reason

__all__ = ["check_response", "rewrite_response"]

_ECHOED = frozenset(("output", "tools", "instructions", "tool_choice", "prompt", "text", "metadata", "input"))
"""What is judged item by item, and what of the request is repeated."""


def check_response(document: Member) -> None:
    """Raises BodyRejected for a response with calls where no client should look for them."""
    if hides_call({name: value for name, value in document.items() if name not in _ECHOED}):
        raise BodyRejected(Reason.BODY_UNPARSABLE, "a call stands outside of the answer's output")


def rewrite_response(body: bytes, document: Member, items: Items, start: int = 0) -> bytes:
    """The response with a message in place of each call that is refused; the very same bytes where nothing changes.

    The object begins at `start` in `body`. Raises BodyRejected for an output that is no list of items.
    """
    check_response(document)
    output = document.get("output")
    if output is None:
        return body
    if type(output) is not list:
        raise BodyRejected(Reason.BODY_UNPARSABLE, "the answer's output is no list of items")
    spans: list[Span] = []
    changes: dict[Span, bytes] = {}
    for index, value in enumerate(output):
        item = require_object(value, "an item of the answer's output")
        passed = items.treat(item, ("output", index))
        if passed != item:
            spans = spans or item_spans(body, member_spans(body, start)["output"][0])
            changes[spans[index]] = encode_json(passed)
    return splice(body, changes) if changes else body
