"""multipart/form-data (RFC 7578), read strictly: parsers differ most where a body is a little wrong, so nothing may be.

Accepted is what browsers and HTTP libraries write: the boundary at line starts and nowhere else, CRLF, nothing before
the first part or after the last, one Content-Disposition a part. Nested multiparts, `filename*`, folded or unknown
headers, transfer encodings and charsets other than UTF-8 are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.protocols.body import read_json
from interlock.protocols.fields import MAX_FIELDS, ambiguous, document_of_fields
from interlock.reasons import Reason

__all__ = ["MULTIPART", "Part", "parts_of", "read_multipart"]

MULTIPART = "multipart/form-data"
_TYPE = re.compile(
    r"multipart/form-data(?:;[ \t]*charset=\"?utf-8\"?)?"
    r";[ \t]*boundary=(?:\"(?P<quoted>[A-Za-z0-9'()+_,./:=?-]{1,70})\"|(?P<token>[A-Za-z0-9'+_.-]{1,70}))"
    r"(?:;[ \t]*charset=\"?utf-8\"?)?[ \t]*\Z",
    re.IGNORECASE,
)
_HEADER = re.compile(r"(?P<name>[A-Za-z-]{1,50}):[ \t]*(?P<value>[^\x00-\x1f\x7f]*)\Z")
_DISPOSITION = re.compile(r'form-data(?P<parameters>(?:;[ \t]*[a-z]+=(?:"[^"\\]*"|[A-Za-z0-9_.-]+))*)[ \t]*\Z', re.I)
_PARAMETER = re.compile(r';[ \t]*(?P<name>[a-z]+)=(?:"(?P<quoted>[^"]*)"|(?P<token>[A-Za-z0-9_.-]+))', re.I)
_KIND = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+(?:;[ \t]*charset=\"?(?:utf-8|us-ascii)\"?)?\Z", re.I)
_ENCODINGS = ("7bit", "8bit", "binary")
_MAX_HEAD = 8 << 10


@dataclass(frozen=True, slots=True)
class Part:
    """One part. `file` is the file's name where it has one; `kind` the media type in lower case, or empty."""

    name: str
    content: bytes
    file: str | None = None
    kind: str = ""

    @property
    def value(self) -> JSON:
        """What a server sees: a JSON part's document, a text; None for what is no text. Raises BodyRejected."""
        if self.kind == "application/json":
            return read_json(self.content)
        try:
            return self.content.decode("utf-8")
        except UnicodeDecodeError:
            if self.file is None:
                raise ambiguous("a field of the multipart body is not UTF-8") from None
            return None


def read_multipart(content_type: str, body: bytes) -> dict[str, JSON]:
    """The document that the body's parts make, by their names. Raises BodyRejected as `parts_of` and `fields` do."""
    return document_of_fields((part.name, part.value) for part in parts_of(content_type, body))


def parts_of(content_type: str, body: bytes) -> list[Part]:
    """The parts in their order. Raises BodyRejected (BODY_AMBIGUOUS or BODY_UNPARSABLE)."""
    match = _TYPE.match(content_type.strip())
    if match is None:
        raise ambiguous("the multipart body's type does not name one plain boundary")
    return list(_split(body, (match["quoted"] or match["token"]).encode("ascii")))


def _split(body: bytes, boundary: bytes) -> Iterator[Part]:
    mark = b"--" + boundary
    pieces = body.split(mark, MAX_FIELDS + 2)
    if len(pieces) < 3 or pieces[0] or pieces[-1] not in (b"--", b"--\r\n"):
        raise BodyRejected(Reason.BODY_UNPARSABLE, "the multipart body does not begin and end with its boundary")
    for piece in pieces[1:-1]:
        # What lies between two marks: the end of the boundary's line, the part, the line end before the next mark.
        if not piece.startswith(b"\r\n") or not piece.endswith(b"\r\n") or len(piece) < len(b"\r\n\r\n\r\n"):
            raise ambiguous("the boundary stands where some parsers see it and others do not")
        yield _part(piece[2:-2])


def _part(piece: bytes) -> Part:
    head, end, content = piece.partition(b"\r\n\r\n")
    if not end or len(head) > _MAX_HEAD:
        raise BodyRejected(Reason.BODY_UNPARSABLE, "a part of the multipart body has no end of its headers")
    headers = _headers(head)
    match = _DISPOSITION.match(headers.pop("content-disposition", ""))
    if match is None:
        raise ambiguous("a part's Content-Disposition is missing or not plain form-data")
    parameters: dict[str, str] = {}
    for found in _PARAMETER.finditer(match["parameters"]):
        value = found["quoted"] if found["quoted"] is not None else found["token"]
        if parameters.setdefault(found["name"].lower(), value) is not value:
            raise ambiguous("a part's Content-Disposition names something twice")
    kind = headers.pop("content-type", "").strip()
    length = headers.pop("content-length", None)
    encoding = headers.pop("content-transfer-encoding", "binary").strip().lower()
    if not parameters.get("name") or parameters.keys() - {"name", "filename"}:
        raise ambiguous("a part is not named, or has parameters that parsers read differently")
    if headers or encoding not in _ENCODINGS or (length is not None and length.strip() != str(len(content))):
        raise ambiguous("a part has headers that parsers read differently")
    if kind and (not _KIND.match(kind) or kind.lower().startswith(("multipart/", "message/"))):
        raise ambiguous("a part's type is nested, or its charset is not UTF-8")
    return Part(parameters["name"], content, parameters.get("filename"), kind.partition(";")[0].strip().lower())


def _headers(head: bytes) -> dict[str, str]:
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError:
        raise ambiguous("a part's headers are not UTF-8") from None
    found: dict[str, str] = {}
    for line in text.split("\r\n"):
        match = _HEADER.match(line)
        if match is None or match["name"].lower() in found:
            raise ambiguous("a part's headers are folded, doubled or malformed")
        found[match["name"].lower()] = match["value"]
    return found
