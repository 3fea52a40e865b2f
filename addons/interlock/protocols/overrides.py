"""Methods that stand elsewhere than in the request line, where frameworks look for them.

The headers are dropped before forwarding unless the connection allows them, and `_method` is taken out of queries; a
`_method` in a body goes on as it came. Where an override may arrive, the request is judged as both methods.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from interlock.model import JSON, Exchange
from interlock.protocols.fields import ambiguous
from interlock.protocols.forms import FORM, loose_members
from interlock.protocols.requests import method_of
from interlock.settings import Connection

__all__ = ["methods_of"]

_HEADERS = frozenset(("x-http-method-override", "x-http-method", "x-method-override", "x-original-method", "x-method"))
_MEMBER = "_method"
_METHOD = re.compile(r"[A-Za-z][A-Za-z-]{0,31}\Z")
_FIELD = re.compile(rb"name\s*\*?=[^\r\n]{0,40}_method", re.IGNORECASE)
_VALUE = re.compile(rb'name="?_method"?[ \t]*\r\n\r\n([A-Za-z-]{1,32})\r\n--', re.IGNORECASE)


def methods_of(exchange: Exchange, connection: Connection, document: JSON) -> tuple[str, ...]:
    """The methods that a server could take this request for: its own first, each once, in capitals.

    Raises Refused for a method that is none, BodyRejected (BODY_AMBIGUOUS) for an override that cannot be read.
    """
    found = [method_of(exchange)]
    for name, value in exchange.headers:
        folded = name.replace("_", "-")
        if folded in _HEADERS and folded in connection.allow_headers:
            found.append(value)
    found += _of_body(exchange, document)
    for method in found:
        if not _METHOD.match(method.strip()):
            raise ambiguous("the request overrides its method with something that is none")
    return tuple(dict.fromkeys(method.strip().upper() for method in found))


def _of_body(exchange: Exchange, document: JSON) -> list[str]:
    if type(document) is dict:
        value = next((member for name, member in document.items() if name.casefold() == _MEMBER), None)
        return [] if value is None else [value if type(value) is str else ""]
    if document is not None or not exchange.body:
        return []
    # As the most lenient server might see it: escapes and quoted pairs undone, two-byte letters in one.
    seen = unquote_to_bytes(exchange.body).replace(b"\0", b"").replace(b"\\", b"")
    if _MEMBER.encode() not in seen.lower():
        return []
    kind = exchange.header("content-type").strip().lower()
    if kind.startswith(FORM) or not kind:
        return loose_members(exchange.body.replace(b"\0", b"").decode("utf-8", "replace"), _MEMBER)
    if "multipart" not in kind:
        return []
    values = [match[1].decode("ascii") for match in _VALUE.finditer(exchange.body)]
    # Every field that could be taken for the override must be one that was read.
    return values if len(values) == len(_FIELD.findall(seen)) else [""]
