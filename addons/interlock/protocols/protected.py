"""What of a Messages document must stay as it is: signed and encrypted parts, base64 data, structure.

Decided by place, not by name alone: a member called `signature` inside a tool's input is the agent's own text and
is masked like any other.
"""

from __future__ import annotations

from collections.abc import Callable

from interlock.model import JSON
from interlock.paths import Location

__all__ = ["protected"]

_SIGNED = frozenset(("thinking", "redacted_thinking", "thinking_delta", "signature_delta"))
_NAMES = frozenset(
    (
        "type",
        "id",
        "role",
        "name",
        "tool_use_id",
        "tool_name",
        "media_type",
        "signature",
        "encrypted_content",
        "encrypted_index",
        "encrypted_stdout",
        "file_id",
    )
)
_TOP = frozenset(
    ("model", "id", "type", "role", "stop_reason", "request_id", "container", "custom_id", "index", "thinking")
)
_EVENTS = frozenset(
    (
        "error",
        "message",
        "message_start",
        "message_delta",
        "content_block_start",
        "content_block_delta",
    )
)
_FREE = frozenset(("input", "input_schema"))
_TREES = frozenset(("messages", "system", "tools", "content", "tool_choice", "message", "content_block", "delta"))


def protected(document: JSON) -> Callable[[Location], bool]:
    """Whether a location of this request, reply, batch or stream event must not be rewritten."""
    fixed: set[Location] = set()
    todo: list[tuple[Location, JSON]] = []
    for location, root in _roots(document):
        fixed.update((*location, name) for name in root if name in _TOP)
        todo += [((*location, name), value) for name, value in root.items() if name in _TREES]
    while todo:
        location, value = todo.pop()
        if type(value) is list:
            todo += [((*location, index), item) for index, item in enumerate(value)]
        elif type(value) is dict:
            todo += _descend(location, value, fixed)
    return lambda location: any(location[:end] in fixed for end in range(1, len(location) + 1))


def _roots(document: JSON) -> list[tuple[Location, dict[str, JSON]]]:
    """The document itself if it is one of the API's, and the messages a batch holds."""
    if type(document) is not dict:
        return []
    if not any(type(document.get(name)) is list for name in ("messages", "content", "requests")):
        kind = document.get("type")
        if type(kind) is not str or kind not in _EVENTS:
            return []  # the input of a tool, say, whose members are the agent's own
    found: list[tuple[Location, dict[str, JSON]]] = [((), document)]
    requests = document.get("requests")
    for index, item in enumerate(requests if type(requests) is list else ()):
        if type(item) is dict:
            found.append((("requests", index), item))
            if type(item.get("params")) is dict:
                found.append((("requests", index, "params"), item["params"]))  # type: ignore[arg-type]
    return found


def _descend(location: Location, value: dict[str, JSON], fixed: set[Location]) -> list[tuple[Location, JSON]]:
    """Notes the fixed members of one object of a document's structure; the members to go on with."""
    kind = value.get("type")
    if type(kind) is str and kind in _SIGNED:
        fixed.add(location)
        return []
    fixed.update((*location, name) for name, member in value.items() if name in _NAMES and type(member) is str)
    if kind == "base64":
        fixed.add((*location, "data"))
    if location[:1] == ("message",) and len(location) == 1:
        fixed.update((*location, name) for name in value if name in _TOP)
    return [((*location, name), member) for name, member in value.items() if name not in _FREE]
