"""What of an MCP message must stay as it is: the envelope, names, base64 content, and what a server gets back."""

from __future__ import annotations

from collections.abc import Callable

from interlock.model import JSON
from interlock.paths import Location

__all__ = ["protected"]

_ENVELOPE = frozenset(("jsonrpc", "id", "method"))
_ECHOED = frozenset(("requestState", "nextCursor"))
"""A client sends them back: servers sign the one (MCP 2026-07-28) and understand the other, if not a byte changed."""
_CONTENT = frozenset(("image", "audio"))


def protected(document: JSON) -> Callable[[Location], bool]:
    """Whether a location of this message or batch must not be rewritten."""
    fixed: set[Location] = set()
    batch = type(document) is list
    for index, message in enumerate(document if type(document) is list else [document]):
        if type(message) is dict:
            _message(message, (index,) if batch else (), fixed)
    return lambda location: any(location[:end] in fixed for end in range(1, len(location) + 1))


def _message(message: dict[str, JSON], at: Location, fixed: set[Location]) -> None:
    fixed.update((*at, name) for name in message if name in _ENVELOPE)
    params, result = message.get("params"), message.get("result")
    if type(params) is dict and type(params.get("name")) is str:
        fixed.add((*at, "params", "name"))
    if type(result) is not dict:
        return
    fixed.update((*at, "result", name) for name in _ECHOED if type(result.get(name)) is str)
    for name in ("content", "contents"):
        items = result.get(name)
        for index, item in enumerate(items if type(items) is list else ()):
            if type(item) is dict:
                _item(item, (*at, "result", name, index), fixed)


def _item(item: dict[str, JSON], at: Location, fixed: set[Location]) -> None:
    fixed.update((*at, name) for name in ("type", "mimeType") if type(item.get(name)) is str)
    if item.get("type") in _CONTENT:
        fixed.add((*at, "data"))
    if "blob" in item:
        fixed.add((*at, "blob"))
