"""Empties every place of a request in which a credential, or a word meant for another hop, could stand.

Pure functions over header lists (name and value, in order) and raw targets. Names are compared folded: lower case,
`_` for `-`, because servers behind CGI-like interfaces see no difference. Values, order and case of what stays are
untouched. Framing (`content-length`, `transfer-encoding`) is checked here but belongs to whoever sends the request.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from urllib.parse import unquote_plus

from interlock.credentials.places import (
    CREDENTIALS,
    FRAMING,
    HOP,
    MEMBERS,
    ONCE,
    RANGES,
    REPLY_HOP,
    STEERING,
    STEERING_PREFIXES,
    VALIDATORS,
)
from interlock.errors import Refused
from interlock.reasons import Reason

__all__ = [
    "check_duplicates",
    "fold_header",
    "fold_member",
    "is_credential_header",
    "is_credential_member",
    "strip_headers",
    "strip_query",
    "strip_reply_headers",
]

type Headers = Sequence[tuple[str, str]]

_NOT_DROPPED = frozenset(("close", "keep-alive", "upgrade", "te", "trailer", "http2-settings", ""))
_NEVER = ("proxy-", "x-interlock-")
_OVERRIDE = "_method"
_SHORT = 64
_PLAIN, _HOP, _CONNECTION, _CREDENTIAL, _RANGE, _SOCKET, _STEERING = range(7)
_SEPARATORS = re.compile("([&;])")
_CUT = str.maketrans("_. +", "----")


def fold_header(name: str) -> str:
    """A header's name as every server behind us might read it."""
    return name.lower().replace("_", "-")


def fold_member(raw: str) -> str:
    """A query member's name, decoded and folded: `Api%5FKey[]` and `api-key` are one."""
    return unquote_plus(raw).partition("[")[0].lower().translate(_CUT).strip("-\x00\t\r\n")


def is_credential_header(name: str) -> bool:
    """Whether a header is one in which a credential travels."""
    folded = fold_header(name)
    return folded in CREDENTIALS or folded.startswith("proxy-auth")


def is_credential_member(raw: str) -> bool:
    """Whether a query member, by its raw name, is one in which a credential travels (or a method is overridden)."""
    return _goes(raw, "")


def check_duplicates(headers: Headers) -> None:
    """Raises Refused when a header that decides about security stands twice, in whatever spelling.

    DUPLICATE_HEADER for that; MALFORMED_REQUEST when framing is spelt with `_`, or when `Connection` names a header
    on which the decision rests.
    """
    seen: set[str] = set()
    for name, value in headers:
        folded = fold_header(name)
        if folded in ONCE:
            if folded in seen:
                raise Refused(Reason.DUPLICATE_HEADER)
            seen.add(folded)
            if "_" in name and folded in FRAMING:
                raise Refused(Reason.MALFORMED_REQUEST, "a header that frames the body is spelt with an underscore")
        if folded == "connection" and not FRAMING.isdisjoint(_tokens(value)):
            raise Refused(Reason.MALFORMED_REQUEST, "Connection names a header that is not for one hop")


def strip_headers(
    headers: Headers,
    *,
    allow: Collection[str] = (),
    passthrough: bool = False,
    websocket: bool = False,
    ranges: bool = False,
) -> list[tuple[str, str]]:
    """The headers that may go upstream, before any credential is added.

    `allow` (lower case) are kept although they are dropped by default; `passthrough` keeps the agent's own
    credentials, never those for a proxy; `websocket` keeps what an upgrade to WebSocket needs; `ranges` keeps Range
    and If-Range, which must go where an answer is masked or a credential applies.
    """
    kinds = [_kind(name) for name, _ in headers]
    dropped = _named(headers, kinds) - _NOT_DROPPED
    upgrading = websocket and any(_is_websocket(name, value) for name, value in headers)
    kept: list[tuple[str, str]] = []
    for header, kind in zip(headers, kinds, strict=True):
        if kind is _PLAIN and not dropped:
            kept.append(header)
        elif kind not in (_HOP, _CONNECTION):
            folded = fold_header(header[0])
            stays = (
                kind is _PLAIN
                or folded in allow
                or (kind is _CREDENTIAL and passthrough)
                or (kind is _RANGE and (ranges or header[1].strip() == "*"))
                or (kind is _SOCKET and upgrading)
            )
            if stays and folded not in dropped:
                kept.append(header)
    if upgrading:
        kept += [("connection", "Upgrade"), ("upgrade", "websocket")]
    return kept


def strip_query(target: str, *, also: str = "") -> str:
    """The target without the query members in which a credential travels; everything else byte for byte as it was.

    `also` is the folded name of one more member to leave out.
    """
    path, mark, query = target.partition("?")
    if not query:
        return target
    pieces = _SEPARATORS.split(query)
    members = [(pieces[at - 1] if at else "", pieces[at]) for at in range(0, len(pieces), 2)]
    kept = [entry for entry in members if not _goes(entry[1].partition("=")[0], also)]
    if len(kept) == len(members):
        return target
    rest = "".join(separator + member for separator, member in kept)
    if kept and kept[0][0]:
        rest = rest[1:]
    return f"{path}{mark}{rest}" if rest else path


def strip_reply_headers(headers: Headers, *, masked: bool, credential: bool, websocket: bool = False) -> Headers:
    """The headers of an answer that may reach the agent.

    Headers for one hop, what `Connection` names and trailers' announcement go; of a `masked` answer also validators
    and digests (they would let an agent test guesses); where a `credential` was supplied also cookies, which belong
    to that credential's session.
    """
    drop = (REPLY_HOP | _named(headers, [_kind(name) for name, _ in headers])) - FRAMING
    if masked:
        drop |= VALIDATORS
    if credential:
        drop |= {"set-cookie", "set-cookie2"}
    if websocket:
        drop -= {"connection", "upgrade"}
    return [(name, value) for name, value in headers if fold_header(name) not in drop]


def _kind(name: str) -> int:
    return _kind_of(name) if len(name) <= _SHORT else _kind_of.__wrapped__(name)


@lru_cache(maxsize=1024)
def _kind_of(name: str) -> int:
    folded = fold_header(name)
    if folded == "connection":
        return _CONNECTION
    if folded in HOP or folded.startswith(_NEVER):
        return _HOP
    if folded in CREDENTIALS:
        return _CREDENTIAL
    if folded in RANGES:
        return _RANGE
    if folded.startswith("sec-websocket-"):
        return _SOCKET
    return _STEERING if folded in STEERING or folded.startswith(STEERING_PREFIXES) else _PLAIN


def _named(headers: Headers, kinds: Sequence[int]) -> set[str]:
    """What `Connection` names."""
    found: set[str] = set()
    for (_, value), kind in zip(headers, kinds, strict=True):
        if kind is _CONNECTION:
            found |= _tokens(value)
    return found


def _goes(raw: str, also: str) -> bool:
    folded = fold_member(raw)
    return folded in MEMBERS or (bool(also) and folded == also) or unquote_plus(raw).lower() == _OVERRIDE


def _is_websocket(name: str, value: str) -> bool:
    return fold_header(name) == "upgrade" and value.strip().lower() == "websocket"


def _tokens(value: str) -> set[str]:
    return {fold_header(token.strip()) for token in value.split(",")}
