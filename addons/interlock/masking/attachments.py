"""Documents in base64 inside of messages: where there is text in them, it is decoded, masked and encoded again.

Which type a part says decides what a model reads it as: pictures, sound, PDF and the like are nobody's text. Whatever
else decodes to UTF-8 is searched, as CSV or JSON where it says so.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from interlock.errors import BodyRejected
from interlock.masking.conversation import MEMO
from interlock.masking.edits import Edit
from interlock.masking.masked import Masked
from interlock.masking.masker import Masker
from interlock.masking.memo import Known, key_of
from interlock.masking.positions import splice
from interlock.model import JSON, Finding
from interlock.paths import Location, pointer
from interlock.reasons import Reason

__all__ = ["Attachment", "attachment_of", "is_text", "mask_attachments", "may_attach"]

_SIGNS = (b"base64", b"file_data", b"nlineData", b"nline_data", b"\\u004", b"\\u005", b"\\u006", b"\\u007")
"""One of these stands in every body with such a part; an escaped letter could hide the others."""
_URL = re.compile(r"data:([^,;]*)((?:;[^,;]*)*);base64,", re.IGNORECASE)
_BINARY = re.compile(
    r"(?!image/svg)(image|audio|video|font)/|application/(pdf|zip|gzip|msword|vnd\.(openxml|ms-|oasis))"
)
_TEXT = re.compile(r"text/|application/([a-z0-9.-]+\+)?(json|xml|yaml|csv|javascript|sql|x-sh|toml)")
_CSV = ("text/csv", "application/csv", "text/tab-separated-values")
_SPACE = str.maketrans({"-": "+", "_": "/", " ": None, "\t": None, "\r": None, "\n": None})


class Attachment(NamedTuple):
    """Where the text stands that holds the data, the media type it says (or none), and the data behind `head`."""

    location: Location
    kind: str
    head: str
    data: str


def may_attach(body: bytes) -> bool:
    """Whether a body could hold such a part at all."""
    return any(sign in body for sign in _SIGNS)


def attachment_of(at: Location, node: dict[str, JSON]) -> Attachment | None:
    """The data that an object holds, of Messages, OpenAI and Gemini documents; None where it holds none."""
    source = node.get("source")
    if type(source) is dict and source.get("type") == "base64" and type(source.get("data")) is str:
        return Attachment((*at, "source", "data"), _said(source.get("media_type")), "", str(source["data"]))
    for name in ("inlineData", "inline_data"):
        inner = node.get(name)
        if type(inner) is dict and type(inner.get("data")) is str:
            kind = _said(inner.get("mimeType", inner.get("mime_type")))
            return Attachment((*at, name, "data"), kind, "", str(inner["data"]))
    for name in ("file_data", "image_url", "url"):
        value = node.get(name)
        if type(value) is str and (name == "file_data" or value[:5].casefold() == "data:"):
            match = _URL.match(value)
            if match is not None:
                return Attachment((*at, name), _said(match[1]), match[0], value[match.end() :])
            if name == "file_data":
                return Attachment((*at, name), "", "", value)
    return None


def is_text(attachment: Attachment) -> bool:
    """Whether a part is to be searched. Raises BodyRejected for a text that cannot be read as one."""
    return _decoded(attachment) is not None


def mask_attachments(masker: Masker, body: bytes, document: JSON) -> Masked:
    """The body with the text of its parts masked; the very same bytes where nothing was found.

    Raises BodyRejected for parts that say they are text in base64 and are not.
    """
    edits: dict[Location, Edit] = {}
    findings: list[Finding] = []
    for part in _attachments(document):
        key = key_of(masker.scope, f"attachment {part.kind}", part.data.encode("utf-8", "surrogatepass"))
        known = MEMO.get(key)
        if known is None:
            known = Known(outputs=_masked(masker, part))
            MEMO.put(key, known)
        at = pointer(part.location)
        for data, found in known.outputs.values():
            findings += [replace(one, place=f"{at} {one.place}") for one in found]
            edits[part.location] = Edit(value=b'"' + part.head.encode() + data + b'"')
    return Masked(splice(body, edits), tuple(findings)) if edits else Masked(body)


def _attachments(document: JSON) -> Iterator[Attachment]:
    todo: list[tuple[Location, JSON]] = [((), document)]
    while todo:
        at, node = todo.pop()
        if type(node) is list:
            todo += [((*at, index), child) for index, child in enumerate(node) if type(child) in (dict, list)]
        elif type(node) is dict:
            found = attachment_of(at, node)
            if found is not None:
                yield found
            todo += [((*at, name), child) for name, child in node.items() if type(child) in (dict, list)]


def _masked(masker: Masker, part: Attachment) -> dict[tuple[int, ...], tuple[bytes, tuple[Finding, ...]]]:
    """What is kept of it: the part in base64 and the findings; nothing where nothing was found."""
    text = _decoded(part)
    if text is None:
        return {}
    kind = part.kind
    if kind.endswith("json") and text.lstrip()[:1] in ("{", "["):
        masked = masker.json(text.encode())
        shown, found = masked.body, masked.findings
    else:
        told = masker.fields(text, "csv") if kind in _CSV else masker.text(text)
        shown, found = told.text.encode(), told.findings
    return {(): (base64.b64encode(shown), found)} if found else {}


def _decoded(part: Attachment) -> str | None:
    """The text of a part; None where it is none. What says it is text must be it."""
    if _BINARY.match(part.kind):
        return None
    try:
        data = part.data.translate(_SPACE).rstrip("=")
        text = base64.b64decode(data + "=" * (-len(data) % 4), validate=True).decode("utf-8")
    except UnicodeDecodeError:
        if not _TEXT.match(part.kind):
            return None
        raise BodyRejected(
            Reason.BODY_UNPARSABLE, "a document in the body is not UTF-8, so it cannot be masked"
        ) from None
    except (binascii.Error, ValueError):
        raise BodyRejected(
            Reason.BODY_UNPARSABLE, "a document in the body is not base64, so it cannot be read"
        ) from None
    if "\0" in text:
        if _TEXT.match(part.kind):
            raise BodyRejected(Reason.BODY_UNPARSABLE, "a document in the body is not UTF-8, so it cannot be masked")
        return None
    return text


def _said(kind: JSON) -> str:
    return kind.partition(";")[0].strip().casefold() if type(kind) is str else ""
