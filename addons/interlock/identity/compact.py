"""A JWT in its compact form, taken apart and checked for shape; nothing in it is trusted yet.

Order matters: size before anything, then three segments, then the header, then the claims. The only unverified
claim ever used is `iss`, as an exact key into the configured issuers (RFC 8725 section 3.8).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from interlock.errors import TokenRejected
from interlock.identity.strict import b64url_decode, read_object
from interlock.model import JSON, Secret
from interlock.reasons import Reason

__all__ = ["Compact", "read_compact"]

MAX_KID = 256
MAX_ALG = 16
MAX_TYP = 64

# Members by which a token would choose its own key or its own meaning (RFC 7515 section 4.1, RFC 7797, RFC 8725).
REFUSED_MEMBERS = frozenset({"jku", "x5u", "jwk", "x5c", "crit", "zip", "b64", "cty", "enc", "epk"})


@dataclass(frozen=True, slots=True)
class Compact:
    """The parts of a token. `kid` is only ever compared for equality; `typ` is in lower case, "absent" if missing."""

    alg: str
    typ: str
    kid: str | None
    issuer: str
    claims: Mapping[str, JSON] = field(repr=False)
    signed: bytes = field(repr=False)
    signature: bytes = field(repr=False)


def read_compact(token: Secret, max_token: int) -> Compact:
    """Takes a token apart. Raises TokenRejected: too large, malformed, refused header members, no issuer."""
    text = token.reveal()
    if not text:
        raise TokenRejected(Reason.TOKEN_MISSING)
    if len(text) > max_token:
        raise TokenRejected(Reason.TOKEN_TOO_LARGE, f"the token is larger than {max_token} bytes")
    segments = text.split(".")
    if len(segments) == 5:
        _malformed("the token is encrypted; only signed tokens are accepted")
    if len(segments) != 3:
        _malformed("the token has not exactly three segments")
    header = _object(segments[0], "the token's header")
    alg, typ, kid = _header(header)
    claims = _object(segments[1], "the token's claims set")
    signature = _bytes(segments[2], "the token's signature")
    issuer = claims.get("iss")
    if not isinstance(issuer, str) or not issuer:
        raise TokenRejected(Reason.TOKEN_CLAIMS, "the token names no issuer")
    signed = text.rpartition(".")[0].encode("ascii")
    return Compact(alg, typ, kid, issuer, claims, signed, signature)


def _header(header: Mapping[str, JSON]) -> tuple[str, str, str | None]:
    names = [name.casefold() for name in header]
    refused = sorted(REFUSED_MEMBERS.intersection(names))
    if refused:
        raise TokenRejected(Reason.TOKEN_HEADER, f"the token's header holds {refused[0]!r}, which is never accepted")
    if len(set(names)) != len(names):
        _malformed("the token's header holds members that differ in case only")
    alg = header.get("alg")
    if not isinstance(alg, str) or not 0 < len(alg) <= MAX_ALG:
        raise TokenRejected(Reason.TOKEN_ALGORITHM, "the token's header names no algorithm")
    return alg, _typ(header), _kid(header)


def _typ(header: Mapping[str, JSON]) -> str:
    if "typ" not in header:
        return "absent"
    typ = header["typ"]
    if not isinstance(typ, str) or not 0 < len(typ) <= MAX_TYP:
        raise TokenRejected(Reason.TOKEN_TYPE, "the token's header holds a typ that is not text")
    return media_type(typ)


def media_type(typ: str) -> str:
    """A typ for comparing: lower case, without the `application/` that may be left out (RFC 7515 section 4.1.9)."""
    lowered = typ.lower()
    short = lowered.removeprefix("application/")
    return lowered if "/" in short else short


def _kid(header: Mapping[str, JSON]) -> str | None:
    if "kid" not in header:
        return None
    kid = header["kid"]
    if not isinstance(kid, str) or not 0 < len(kid) <= MAX_KID:
        raise TokenRejected(Reason.TOKEN_HEADER, f"the token's kid is not text of up to {MAX_KID} characters")
    return kid


def _object(segment: str, what: str) -> dict[str, JSON]:
    try:
        return read_object(_bytes(segment, what))
    except ValueError as error:
        _malformed(f"{what} {error}")


def _bytes(segment: str, what: str) -> bytes:
    try:
        return b64url_decode(segment)
    except ValueError as error:
        _malformed(f"{what} {error}")


def _malformed(message: str) -> NoReturn:
    raise TokenRejected(Reason.TOKEN_MALFORMED, message) from None
