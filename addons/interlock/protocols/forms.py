"""Forms (application/x-www-form-urlencoded) and queries, read strictly (WHATWG URL, section 5, not its leniency)."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.protocols.fields import MAX_FIELDS, ambiguous, document_of_fields
from interlock.reasons import Reason

__all__ = ["FORM", "loose_members", "read_form"]

FORM = "application/x-www-form-urlencoded"
_RAW = re.compile(r"(?:[ -$&-:<-~]|%[0-9A-Fa-f]{2})*+\Z")  # printable ASCII without `;`, which some take for `&`
_OTHERS = tuple('{["<')
_SEPARATORS = re.compile("[&;]")


def read_form(text: bytes | str) -> dict[str, JSON]:
    """The document that a form or a query is: its values are strings, or lists and objects of strings.

    Raises BodyRejected: BODY_AMBIGUOUS for what servers read differently (see `fields`), for `;` between members and
    for octets that are not UTF-8; BODY_UNPARSABLE for bytes that no form may hold.
    """
    try:
        raw = text.decode("ascii") if isinstance(text, bytes) else text
    except UnicodeDecodeError:
        raise BodyRejected(Reason.BODY_UNPARSABLE, "the form holds bytes that are not ASCII") from None
    if ";" in raw:
        raise ambiguous("the form holds a `;`, which some servers take for `&`; write %3B")
    if raw.lstrip().startswith(_OTHERS):
        raise ambiguous("the form begins like JSON or XML, which some servers read by its bytes")
    if not _RAW.match(raw):
        raise BodyRejected(Reason.BODY_UNPARSABLE, "the form holds characters or escapes that no form may hold")
    pieces = raw.split("&", MAX_FIELDS) if raw else []
    if "" in pieces:
        raise ambiguous("the form has an empty member")
    return document_of_fields([(_plain(name), _plain(value)) for name, _, value in (p.partition("=") for p in pieces)])


def loose_members(text: str, name: str) -> list[str]:
    """The values of every member that a lenient server could take for `name`, whatever else the text holds."""
    found = []
    for piece in _SEPARATORS.split(text):
        key, _, value = piece.partition("=")
        if unquote_to_bytes(key.replace("+", " ")).decode("utf-8", "replace").strip().casefold() == name:
            found.append(unquote_to_bytes(value.replace("+", " ")).decode("utf-8", "replace"))
    return found


def _plain(raw: str) -> str:
    try:
        text = unquote_to_bytes(raw.replace("+", " ")).decode("utf-8")
    except UnicodeDecodeError:
        raise ambiguous("the form's escapes are not UTF-8") from None
    if "\x00" in text:
        raise ambiguous("the form holds a NUL character")
    return text
