"""Bodies as one document: read strictly, so that no receiver can read them differently (invariant 8).

What passes here parses alike everywhere: UTF-8 without a byte order mark, no member twice (not even in another
case: some parsers ignore case), no NaN, no lone surrogate, nothing after the document, bounded depth.
"""

from __future__ import annotations

import json
import re
from typing import Any, Never

import msgspec

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.protocols.coding import decode_body
from interlock.protocols.known_names import remembered
from interlock.reasons import Reason

__all__ = ["MAX_DEPTH", "check_json_type", "decode_body", "encode_json", "looks_compressed", "read_json"]

MAX_DEPTH = 200
_MAGIC = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd")
_JSON_TYPE = re.compile(r"(application/([a-z0-9.+-]+\+)?json(-rpc|rpc)?|text/[a-z0-9.+-]+|application/octet-stream)\Z")
_FORM = "application/x-www-form-urlencoded"
_CHARSETS = ("utf-8", "utf8", "us-ascii")
_PAIR = re.compile(rb"[&;][^&;]*=")

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


def read_json(body: bytes) -> JSON:
    """The one document that `body` is. Its size is the caller's to bound.

    Raises BodyRejected: BODY_AMBIGUOUS for members that stand twice, BODY_UNDECODABLE for compressed bytes that no
    header announces, BODY_UNPARSABLE for everything else.
    """
    try:
        document: JSON = _decode(body)
    except (msgspec.MsgspecError, UnicodeError, RecursionError, ValueError):
        _explain(body)
    counted = _flat(body, document)
    if counted < 0:
        counted = _walk(document)
    # Every member has one colon outside strings: a member that was dropped leaves its colon behind. An escaped
    # colon would hide that, so bodies that hold one are read again by a parser that shows every member.
    if b"\\u003" in body:
        _read_pairs(body)
    elif body.count(b":") != counted:
        raise BodyRejected(Reason.BODY_AMBIGUOUS, "a member stands twice in one object")
    return document


def encode_json(document: JSON) -> bytes:
    """`document` as JSON text, members in their order; whole numbers of any size."""
    try:
        return msgspec.json.encode(document)
    except OverflowError:
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def looks_compressed(body: bytes) -> bool:
    """Whether the bytes begin like gzip or zstd (RFC 1952, RFC 8878), whatever the headers say."""
    return body.startswith(_MAGIC)


def check_json_type(headers: tuple[tuple[str, str], ...], body: bytes) -> None:
    """Refuse a declared type under which a receiver would read these JSON bytes as something else.

    `headers` have names in lower case. No type at all passes. Raises BodyRejected (BODY_AMBIGUOUS).
    """
    values = [value for name, value in headers if name == "content-type"]
    if not values:
        return
    kind, *parameters = (part.strip().lower() for part in values[0].split(";"))
    if len(values) > 1 or not (_JSON_TYPE.match(kind) or (kind == _FORM and not _PAIR.search(body))):
        raise BodyRejected(
            Reason.BODY_AMBIGUOUS,
            "the content type says that the body is not JSON",
            hint="send it as application/json",
        )
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip(' "') not in _CHARSETS:
            raise BodyRejected(Reason.BODY_AMBIGUOUS, "JSON is UTF-8 (RFC 8259); the content type says otherwise")


def _explain(body: bytes) -> Never:
    if looks_compressed(body):
        raise BodyRejected(Reason.BODY_UNDECODABLE, "the body is compressed, and no header says so") from None
    raise BodyRejected(Reason.BODY_UNPARSABLE, "the body is not strict JSON (RFC 8259, UTF-8)") from None


def _flat(body: bytes, document: JSON) -> int:
    """What `_walk` says of a document that is one object of plain values and lists, as answers of databases are; -1
    for others.

    Every object and list has a bracket of its own in the body: one brace leaves no object but the outermost, and few
    brackets no depth. What writes JSON writes each colon, of members and in strings, as it is.
    """
    if type(document) is not dict or body.count(b"{") != 1 or body.count(b"[") >= MAX_DEPTH - 1:
        return -1
    if _colons(document) < 0:
        raise BodyRejected(Reason.BODY_AMBIGUOUS, "two members of one object differ only in case")
    try:
        return _encode(document).count(b":")
    except OverflowError:
        return -1


def _walk(document: JSON) -> int:
    """The colons that `document` needs when written out. Raises BodyRejected for case variants and depth."""
    colons = 0
    level: list[Any] = [[document]]
    for _ in range(MAX_DEPTH + 1):
        deeper: list[Any] = []
        for holder in level:
            values = holder
            if type(holder) is dict:
                found = _colons(holder)
                if found < 0:
                    raise BodyRejected(Reason.BODY_AMBIGUOUS, "two members of one object differ only in case")
                colons += found
                values = holder.values()
            for value in values:
                kind = type(value)
                if kind is str:
                    if ":" in value:
                        colons += value.count(":")
                elif kind is dict or kind is list:
                    deeper.append(value)
        if not deeper:
            return colons
        level = deeper
    raise BodyRejected(Reason.BODY_UNPARSABLE, f"the body is nested more than {MAX_DEPTH} levels deep")


@remembered
def _colons(names: tuple[str, ...]) -> int:
    """The colons that members of these names need; -1 where two of them differ only in case."""
    if len(names) > 1 and len({name.casefold() for name in names}) != len(names):
        return -1
    return len(names) + "".join(names).count(":")


def _read_pairs(body: bytes) -> None:
    def pairs(members: list[tuple[str, object]]) -> None:
        if len({name for name, _ in members}) != len(members):
            raise BodyRejected(Reason.BODY_AMBIGUOUS, "a member stands twice in one object")

    try:
        # Numbers are not looked at here: they were read before, and a long one would cost quadratic time.
        json.loads(body, object_pairs_hook=pairs, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        _explain(body)
