"""Which token and which run id a request presents, and which headers must not travel on.

Pure: header lists in, a Presented out. Rules of this module:
- Where a header may carry the gateway's token depends on the placement alone, never on what is in it.
- A header of ours that stands twice, or two headers with differing tokens, is refused: no reader may choose.
- In forward placements Authorization and x-api-key are the agent's own upstream credentials, not identity; they
  are emptied later, with the other credential places.
"""

from __future__ import annotations

import base64
import binascii
import enum
import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NoReturn

from interlock.errors import TokenRejected
from interlock.identity.remedies import remedy
from interlock.model import Secret
from interlock.reasons import Reason

__all__ = ["RUN_HEADER", "Placement", "Presented", "present", "same_token", "within"]

RUN_HEADER = "x-interlock-run"
REVERSE_HEADERS = ("authorization", "x-api-key", "api-key", "x-goog-api-key")
MAX_TOKEN = 16 * 1024

_PROXY = "proxy-authorization"
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]+\Z")
_RUN = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
_SCHEMED = frozenset({_PROXY, "authorization"})


class Placement(enum.StrEnum):
    """How a request reached the gateway."""

    FORWARD_CONNECT = "forward-connect"
    FORWARD_REQUEST = "forward-request"
    TUNNEL = "tunnel"
    REVERSE = "reverse"


@dataclass(frozen=True, slots=True)
class Presented:
    """What a request says about its caller: claims, not facts (invariant 10).

    `strip` names (lower case) every header to delete before anything is forwarded or recorded, there or not.
    `source` is the header that carried the token, with its scheme; `run` is empty where none was given.
    """

    token: Secret | None = None
    run: str = ""
    strip: frozenset[str] = frozenset({_PROXY, RUN_HEADER})
    source: str = ""


def present(
    headers: Iterable[tuple[str, str]],
    placement: Placement,
    *,
    token_headers: Sequence[str] = (),
    reverse_headers: Sequence[str] = REVERSE_HEADERS,
    max_token: int = MAX_TOKEN,
) -> Presented:
    """Reads the headers of one request. `token_headers` are the operator's own,
    `reverse_headers` those of reverse mode.

    A missing token is no error here (inside a tunnel it is the rule). Raises TokenRejected: a header twice, differing
    tokens, a token of the wrong shape, a bad run id.
    """
    carriers = _carriers(placement, token_headers, reverse_headers)
    ours = frozenset({*carriers, _PROXY, RUN_HEADER})
    values = _single(headers, ours)
    run = values.get(RUN_HEADER, "").strip(" \t")
    if RUN_HEADER in values:
        _check_run(run)
    found = Presented(strip=ours, run=run)
    for name in carriers:
        if name in values:
            token, user, scheme = _token(name, values[name].strip(" \t"), max_token)
            found = _join(found, Presented(token, user, ours, f"{name} {scheme}".rstrip()))
    return found


def _carriers(placement: Placement, token_headers: Sequence[str], reverse_headers: Sequence[str]) -> tuple[str, ...]:
    first = tuple(reverse_headers) if placement is Placement.REVERSE else (_PROXY,)
    return tuple(dict.fromkeys(name.lower() for name in (*first, *token_headers)))


def _single(headers: Iterable[tuple[str, str]], ours: frozenset[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for name, value in headers:
        lowered = name.lower()
        if lowered not in ours:
            continue
        if lowered in values:
            _refuse(Reason.DUPLICATE_HEADER, f"the header {lowered} stands twice")
        values[lowered] = value
    return values


def _token(name: str, value: str, max_token: int) -> tuple[Secret, str, str]:
    """Token, user name and scheme of one header. Raises TokenRejected."""
    if len(value) > 2 * max_token:
        _refuse(Reason.TOKEN_TOO_LARGE, f"the token is larger than {max_token} bytes")
    scheme, separator, rest = value.partition(" ")
    scheme = scheme.lower()
    if separator and scheme == "bearer":
        return _checked(rest.strip(" "), max_token), "", scheme
    if separator and scheme == "basic" and name == _PROXY:
        user, password = _basic(rest.strip(" "))
        return _checked(password, max_token), user, scheme
    if name in _SCHEMED:
        wanted = "Bearer, or Basic with the token as password" if name == _PROXY else "Bearer"
        _refuse(Reason.TOKEN_MALFORMED, f"the header {name} must be {wanted}")
    return _checked(value, max_token), "", ""


def _checked(text: str, max_token: int) -> Secret:
    if not text:
        _refuse(Reason.TOKEN_MISSING, "the token's header is empty")
    if len(text) > max_token:
        _refuse(Reason.TOKEN_TOO_LARGE, f"the token is larger than {max_token} bytes")
    if not _TOKEN.match(text):
        _refuse(Reason.TOKEN_MALFORMED, "the token holds characters that no token has")
    return Secret(text)


def _basic(encoded: str) -> tuple[str, str]:
    """User name (the run id, or nothing) and password (the token) of RFC 7617 credentials."""
    try:
        text = base64.b64decode(encoded.encode("ascii"), validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        _refuse(Reason.TOKEN_MALFORMED, "the Basic credentials cannot be read")
    user, separator, password = text.partition(":")
    if not separator or not password:
        _refuse(
            Reason.TOKEN_MISSING,
            "the Basic credentials hold no password",
            hint="write http://RUN:TOKEN@gateway: the token is the password",
        )
    if user:
        _check_run(user)
    return user, password


def _check_run(run: str) -> None:
    if not _RUN.match(run):
        _refuse(Reason.RUN_REFUSED, "the run id is not 1 to 64 letters, digits, hyphens and underscores")


def _refuse(reason: Reason, message: str = "", *, hint: str = "") -> NoReturn:
    raise TokenRejected(reason, message, hint=hint or remedy(reason)) from None


def same_token(one: Secret, other: Secret) -> bool:
    """Whether two tokens are the same, in a time that does not depend on where they differ."""
    return hmac.compare_digest(
        one.reveal().encode("utf-8", "surrogateescape"), other.reveal().encode("utf-8", "surrogateescape")
    )


def _join(outer: Presented, inner: Presented) -> Presented:
    if outer.token is not None and inner.token is not None and not same_token(outer.token, inner.token):
        _refuse(Reason.TOKEN_AMBIGUOUS)
    if outer.run and inner.run and outer.run != inner.run:
        _refuse(Reason.RUN_REFUSED, "two run ids were given and they differ")
    return Presented(
        token=outer.token or inner.token,
        run=outer.run or inner.run,
        strip=outer.strip | inner.strip,
        source=outer.source or inner.source,
    )


def within(connect: Presented, inner: Presented) -> Presented:
    """What a request inside a tunnel presents, given its CONNECT: the same token and run, or nothing of its own.

    Raises TokenRejected: TOKEN_AMBIGUOUS for another token, also where the CONNECT had none; RUN_REFUSED for another
    run.
    """
    if connect.token is None and inner.token is not None:
        _refuse(Reason.TOKEN_AMBIGUOUS, "a token stands inside the tunnel and none on its CONNECT")
    return _join(connect, inner)
