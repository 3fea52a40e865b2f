"""Resources that come as base64: where there is text in them, whatever their type says, it is masked like any other."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator
from typing import Any

from interlock.model import JSON
from interlock.protocols.body import encode_json
from interlock.protocols.replies import Treatment
from interlock.protocols.requests import Member
from interlock.protocols.spans import Span, item_spans, member_spans, splice

__all__ = ["mask_blobs"]


def mask_blobs(message: bytes, result: Member, treatment: Treatment) -> bytes:
    """One answer with the text in its blobs masked; binary blobs, and every other byte, stay as they are."""
    changes: dict[Span, bytes] = {}
    lists: dict[str, list[Span]] = {}
    for (name, index, *path), blob in _blobs(result):
        text = _text(blob)
        if text is None:
            continue
        stream = treatment.text()
        masked = stream.feed(text) + stream.close()
        if masked != text:
            if name not in lists:
                lists[name] = item_spans(message, _span(message, 0, ("result", name))[0])
            changes[_span(message, lists[name][index][0], path)] = encode_json(_encoded(masked))
    return splice(message, changes) if changes else message


def _blobs(result: Member) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Blobs of what was read, and of resources inside what a tool or a prompt gave: list, index, members, and text."""
    for name in ("contents", "content", "messages"):
        items = result.get(name)
        for index, item in enumerate(items if type(items) is list else ()):
            for path in ((), ("resource",), ("content", "resource")):
                holder: JSON = item
                for step in path:
                    holder = holder.get(step) if type(holder) is dict else None
                blob = holder.get("blob") if type(holder) is dict else None
                if type(blob) is str:
                    yield (name, index, *path, "blob"), blob


def _text(blob: str) -> str | None:
    """The text that is encoded; None where it is none. Lax readers take what is not base64 away, and so does this."""
    try:
        data = base64.b64decode(blob.translate(_URL_SAFE).rstrip("=") + "==")
        text = data.decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    return text if text and "\0" not in text else None


_URL_SAFE = str.maketrans("-_", "+/")


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _span(body: bytes, start: int, path: Iterable[str]) -> Span:
    """Where a member stands, below the object that begins at `start`."""
    span = (start, len(body))
    for name in path:
        span = member_spans(body, span[0])[name]
    return span
