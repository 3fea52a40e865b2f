"""Pictures, sound and files inside JSON: nobody can search them, so an operator says whether they pass."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from interlock.errors import BodyRejected
from interlock.masking.attachments import attachment_of, is_text
from interlock.masking.edits import Edit
from interlock.masking.positions import splice
from interlock.model import JSON
from interlock.paths import Location
from interlock.reasons import Reason

__all__ = ["BINARY", "BinaryPart", "binary_parts", "without_binary"]

BINARY = ("pass", "drop", "forbid")
"""What may be done with parts that cannot be searched; the first is the default."""

_TYPE = re.compile(r"[A-Za-z0-9.+-]{1,60}/[A-Za-z0-9.+-]{1,60}\Z")
_DATA = "data:"
_INPUT = "input_"


class BinaryPart(NamedTuple):
    """The part that would be left out, its media type or kind, and what stands in its place."""

    location: Location
    kind: str
    instead: dict[str, JSON]


def binary_parts(document: JSON) -> list[BinaryPart]:
    """Every part of a message that holds data nobody reads: of Messages, OpenAI, Gemini and MCP documents."""
    found: list[BinaryPart] = []
    todo: list[tuple[Location, JSON]] = [((), document)]
    while todo:
        at, node = todo.pop()
        if type(node) is list:
            todo += [((*at, index), child) for index, child in enumerate(node)]
        elif type(node) is dict:
            kind = _kind(node)
            if kind is None or _is_text(at, node):
                todo += [((*at, name), child) for name, child in node.items()]
            else:
                found.append(BinaryPart(at, kind, _instead(node, kind)))
    return found


def without_binary(body: bytes, document: JSON, policy: str) -> bytes:
    """The body with a note in the place of every such part; the very same bytes where there is none.

    Raises BodyRejected where the policy is `forbid` and there is one.
    """
    parts = binary_parts(document) if policy != BINARY[0] else []
    if not parts:
        return body
    if policy != "drop" or any(not part.location for part in parts):
        hint = "write `binary: drop` or `binary: pass` at the connection if such parts may be left out, or may pass"
        raise BodyRejected(
            Reason.BODY_UNPARSABLE, f"the body holds {parts[0].kind}, which nobody can search", hint=hint
        )
    return splice(body, {part.location: Edit(value=json.dumps(part.instead).encode()) for part in parts})


def _is_text(at: Location, node: dict[str, JSON]) -> bool:
    """Whether what a part holds is searched like any other text."""
    inner = [((*at, name), child) for name, child in node.items() if type(child) is dict]
    found = [attachment_of(place, each) for place, each in [(at, node), *inner] if type(each) is dict]
    parts = [part for part in found if part is not None]
    return bool(parts) and all(map(is_text, parts))


def _kind(node: dict[str, JSON]) -> str | None:
    """What data an object holds; None if it is no part with data."""
    source = node.get("source")
    if type(source) is dict and source.get("type") == "base64":
        return _said(source.get("media_type"))
    for name in ("inlineData", "inline_data"):
        inner = node.get(name)
        if type(inner) is dict and "data" in inner:
            return _said(inner.get("mimeType", inner.get("mime_type")))
    kind = node.get("type")
    if type(kind) is not str:
        return None
    if kind in ("image", "audio") and type(node.get("data")) is str:
        return _said(node.get("mimeType"))
    for name in ("image_url", "file", "input_audio"):
        inner = node.get(name)
        if type(inner) is str and inner[:5].casefold() == _DATA:
            return _said(inner[5:].partition(";")[0])
        if type(inner) is dict and (held := _held(inner)) is not None:
            return held
    return "a file" if type(node.get("file_data")) is str else None


def _held(inner: dict[str, JSON]) -> str | None:
    url = inner.get("url")
    if type(url) is str and url[:5].casefold() == _DATA:
        return _said(url[5:].partition(";")[0])
    return "a file" if type(inner.get("file_data")) is str or type(inner.get("data")) is str else None


def _said(kind: JSON) -> str:
    return kind if isinstance(kind, str) and _TYPE.match(kind) else "data"


def _instead(node: dict[str, JSON], kind: str) -> dict[str, JSON]:
    note = f"[{kind} left out: it cannot be searched]"
    named = node.get("type")
    if type(named) is not str:
        return {"text": note}  # a part of Gemini's
    return {"type": "input_text" if named.startswith(_INPUT) and named != "input_audio" else "text", "text": note}
