"""One call of a Responses stream, held from its start to its end, and the events that may go on in its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.protocols.proposals import hides_call
from interlock.protocols.requests import Member
from interlock.protocols.sse import Event
from interlock.reasons import Reason

__all__ = ["ADDED", "ENDED", "MAX_OVERHEAD", "HeldItem", "call_events", "message_events"]

ADDED: Final = "response.output_item.added"
ENDED: Final = "response.output_item.done"
MAX_OVERHEAD: Final = 64
"""How much larger than its input a call may be on the wire: every word comes in an envelope of its own."""
_PIECES = {"function_call": "response.function_call_arguments", "custom_tool_call": "response.custom_tool_call_input"}
_INPUTS = {"function_call": "arguments", "custom_tool_call": "input"}
_OWN = frozenset(("item", "name", "delta", "arguments", "input", "command", "diff"))
_SAME = ("type", "id", "call_id", "name", "namespace")


class HeldItem:
    """The events of one call as they came, and what its pieces come to. At most `limit` bytes of input.

    `size` is how many bytes are held in all, for the stream to bound.
    """

    def __init__(self, item: Member, limit: int) -> None:
        self.events: list[tuple[Event, Member]] = []
        self._item = item
        self._limit = limit
        self.size = 0
        self._length = 0
        self._pieces: list[str] = []
        self._told: list[JSON] = []
        self._names: list[JSON] = []

    def hold(self, event: Event, document: Member) -> None:
        """Keeps one more event. Raises BodyRejected (BODY_TOO_LARGE)."""
        if hides_call({name: value for name, value in document.items() if name not in _OWN}):
            raise BodyRejected(Reason.STREAM_UNREADABLE, "a piece of a call holds another")
        kind, delta = str(document.get("type")), document.get("delta")
        if kind.endswith(".delta") and type(delta) is str:
            self._pieces.append(delta)
            self._length += len(delta)
        self._told += [document[name] for name in ("arguments", "input", "command", "diff") if name in document]
        self._names += [document["name"]] if document.get("name") is not None else []
        self.size += len(event.raw)
        if self._length > self._limit:
            raise BodyRejected(Reason.BODY_TOO_LARGE, "a tool call in the reply is larger than allowed")
        self.events.append((event, document))

    def disagrees(self, item: Member) -> str:
        """Why the item that ends the call is not what the events before have said; empty if it is."""
        for name in _SAME:
            told = self._item.get(name)
            if told not in (None, "") and told != item.get(name):
                return f"its start and its end have another {name}"
        if any(name != item.get("name") for name in self._names):
            return "it has two names"
        whole, parts = _input(item)
        if self._pieces and "".join(self._pieces) != whole:
            return "its pieces are not what its end says"
        begun = self._item.get(_INPUTS.get(str(item.get("type")), ""))
        if any(told not in parts for told in self._told) or begun not in (None, "", *parts):
            return "its input is told in two ways"
        return ""


def _input(item: Member) -> tuple[str, Sequence[JSON]]:
    """The input of a call as its pieces would come to, and the values that other events may repeat."""
    kind = str(item.get("type"))
    if kind in _INPUTS:
        text = item.get(_INPUTS[kind])
        return (text if type(text) is str else ""), (text,)
    action = item.get("action")
    commands = action.get("commands") if type(action) is dict else None
    if type(commands) is list:
        return "".join(command for command in commands if type(command) is str), commands
    operation = item.get("operation")
    diff = operation.get("diff") if type(operation) is dict else None
    return (diff, (diff,)) if type(diff) is str else ("", ())


def call_events(item: Member, index: int) -> list[Member]:
    """The events of a call that was masked: all of its input in one piece."""
    kind = str(item.get("type"))
    member = _INPUTS.get(kind)
    if member is None:
        return [
            {"type": ADDED, "output_index": index, "item": item},
            {"type": ENDED, "output_index": index, "item": item},
        ]
    at: Member = {"item_id": item.get("id"), "output_index": index}
    return [
        {"type": ADDED, "output_index": index, "item": {**item, member: "", "status": "in_progress"}},
        {"type": f"{_PIECES[kind]}.delta", **at, "delta": item[member]},
        {"type": f"{_PIECES[kind]}.done", **at, member: item[member], "name": item.get("name")},
        {"type": ENDED, "output_index": index, "item": item},
    ]


def message_events(message: Member, index: int) -> list[Member]:
    """The events of a message that stands where a call stood."""
    content = message["content"]
    part = content[0] if type(content) is list else None
    text = part.get("text") if type(part) is dict else ""
    bare: Member = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
    at: Member = {"item_id": message["id"], "output_index": index, "content_index": 0}
    return [
        {"type": ADDED, "output_index": index, "item": {**message, "status": "in_progress", "content": []}},
        {"type": "response.content_part.added", **at, "part": bare},
        {"type": "response.output_text.delta", **at, "delta": text, "logprobs": []},
        {"type": "response.output_text.done", **at, "text": text, "logprobs": []},
        {"type": "response.content_part.done", **at, "part": {**bare, "text": text}},
        {"type": ENDED, "output_index": index, "item": message},
    ]
