"""Whether a request's head means one thing only: what mitmproxy's parser lets through, and what an edit may have made.

mitmproxy writes method, path, version and header values to the wire as they are, so a line break in one of them is a
second request, and a folded line (RFC 9112, 5.2) is read in more than one way.
"""

from __future__ import annotations

import functools
import re

from mitmproxy import http

from interlock.credentials.strip import check_duplicates
from interlock.errors import BodyRejected, Refused
from interlock.mitm.header_fields import Fields, pairs, remembered
from interlock.reasons import Reason

__all__ = ["check_fields", "check_line", "check_status"]

_METHOD = re.compile(rb"[A-Z][A-Z0-9-]{0,31}")
"""Methods are case-sensitive, and all that exist are in capitals; lax servers take `post` for POST, rules do not."""
_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_TARGET = re.compile(rb"[\x21-\x7e]+")
_VERSIONS = frozenset((b"HTTP/1.0", b"HTTP/1.1", b"HTTP/2.0"))
_BREAKS = re.compile(rb"[\r\n\x00]")
_FRAMING = frozenset((b"content-length", b"transfer-encoding"))


def check_line(request: http.Request) -> None:
    """The request line. Raises Refused (MALFORMED_REQUEST)."""
    data = request.data
    _check_line(data.method, data.http_version, data.path, data.authority)


@functools.lru_cache(maxsize=256)
def _check_line(method: bytes, version: bytes, path: bytes, authority: bytes) -> None:
    if not _METHOD.fullmatch(method) or version not in _VERSIONS or not _TARGET.fullmatch(path):
        raise Refused(Reason.MALFORMED_REQUEST)
    if _BREAKS.search(authority) or b" " in authority:
        raise Refused(Reason.MALFORMED_REQUEST)


def check_status(response: http.Response | None) -> None:
    """What is no final answer has no body to read, whatever follows it. Raises BodyRejected (STREAM_UNREADABLE)."""
    if response is None or (not 200 <= response.status_code <= 999 and response.status_code != 101):
        raise BodyRejected(Reason.STREAM_UNREADABLE, "the upstream's answer has no status that HTTP knows")


def check_fields(request: http.Request) -> None:
    """Names and values of the headers, and none twice that decides. Raises Refused (MALFORMED_REQUEST and others)."""
    _check_fields(request.headers.fields)


@remembered
def _check_fields(fields: Fields) -> None:
    for name, value in fields:
        if _BREAKS.search(value) is not None or not _NAME.fullmatch(name):
            raise Refused(Reason.MALFORMED_REQUEST)
    if sum(name.lower() in _FRAMING for name, _ in fields) > 1:
        raise Refused(Reason.MALFORMED_REQUEST, "the body's length is said twice")
    check_duplicates(pairs(fields))
