"""From a verified claims set to a principal: audience, times, kind of token, subject, groups.

Pure: the clock's reading is handed in. Every check raises TokenRejected with a reason of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NoReturn

from interlock.errors import TokenRejected
from interlock.identity.members import MISSING, ClaimPath
from interlock.model import JSON, Principal
from interlock.reasons import Reason

__all__ = [
    "ClaimMapping",
    "Window",
    "accepts_subject",
    "check_audience",
    "check_kind",
    "check_times",
    "identify",
    "printable",
]

MAX_SUBJECT = 256
MAX_GROUPS = 1000
MAX_AUDIENCES = 100
_LATEST = 253402300800.0  # the year 10000: what datetime can still show

# What makes a token an ID token or a logout token instead of an access token (OpenID Connect Core 1.0 sections 2
# and 3.3.2.11, Back-Channel Logout 1.0 section 2.4); `typ` and `token_use` are how two wide-spread issuers mark theirs.
_FOREIGN_MEMBERS = ("nonce", "at_hash", "c_hash", "s_hash", "events")
_FOREIGN_MARKS: Mapping[str, frozenset[str]] = MappingProxyType(
    {"typ": frozenset({"id", "refresh", "offline", "logout"}), "token_use": frozenset({"id", "refresh"})}
)


@dataclass(frozen=True, slots=True)
class ClaimMapping:
    """Where subject, groups and the person acted for stand. Values at several group paths are joined."""

    subject: ClaimPath
    groups: tuple[ClaimPath, ...] = ()
    acting_for: ClaimPath | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """When a token is good, the allowed clock skew included: from `start`, until before `end` (epoch seconds)."""

    start: float
    end: float


def check_kind(claims: Mapping[str, JSON]) -> None:
    """Refuses what is not an access token. Raises TokenRejected (TOKEN_TYPE)."""
    for name in _FOREIGN_MEMBERS:
        if name in claims:
            raise TokenRejected(Reason.TOKEN_TYPE, f"the token holds {name!r}: it is not an access token")
    for name, marks in _FOREIGN_MARKS.items():
        mark = claims.get(name)
        if isinstance(mark, str) and mark.casefold() in marks:
            raise TokenRejected(Reason.TOKEN_TYPE, f"the token's {name!r} says that it is not an access token")


def check_audience(claims: Mapping[str, JSON], accepted: tuple[str, ...]) -> None:
    """`aud` is one text or a list of texts, and one of them is ours (RFC 7519 section 4.1.3)."""
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if len(audiences) > MAX_AUDIENCES or not all(isinstance(item, str) for item in audiences):
        _claims("the token's aud is not text or a list of texts")
    if not any(item in accepted for item in audiences):
        raise TokenRejected(Reason.TOKEN_AUDIENCE)


def check_times(claims: Mapping[str, JSON], now: float, skew: float, max_age: float | None) -> Window:
    """Judges exp (required), nbf and iat; with `max_age`, iat is required too. Seconds throughout."""
    expires = _time(claims, "exp")
    if expires is None:
        _claims("the token has no exp")
    not_before, issued = _time(claims, "nbf"), _time(claims, "iat")
    if max_age is not None and issued is None:
        _claims("the token has no iat, which max_age needs")
    start = max(not_before or 0.0, issued or 0.0) - skew
    end = expires + skew
    if now >= end:
        raise TokenRejected(Reason.TOKEN_EXPIRED)
    if now < start:
        raise TokenRejected(Reason.TOKEN_NOT_YET)
    if max_age is not None and issued is not None:
        if now >= issued + max_age + skew:
            raise TokenRejected(Reason.TOKEN_TOO_OLD)
        end = min(end, issued + max_age + skew)
    return Window(start, end)


def _time(claims: Mapping[str, JSON], name: str) -> float | None:
    if name not in claims:
        return None
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _LATEST:
        _claims(f"the token's {name} is not a time")
    return float(value)


def identify(
    identity: str, issuer: str, scheme: str, claims: Mapping[str, JSON], mapping: ClaimMapping, window: Window
) -> Principal:
    """The principal a verified claims set describes. Raises TokenRejected (TOKEN_CLAIMS)."""
    subject = mapping.subject.find(claims)
    acting_for = mapping.acting_for.find(claims) if mapping.acting_for else MISSING
    client = next((claims[name] for name in ("azp", "client_id") if name in claims), "")
    return Principal(
        identity=identity,
        issuer=issuer,
        subject=_name(subject, f"the token's {mapping.subject}"),
        scheme=scheme,
        groups=_groups(claims, mapping.groups),
        acting_for="" if acting_for is MISSING else _name(acting_for, f"the token's {mapping.acting_for}"),
        client=_name(client, "the token's client") if client != "" else "",
        expires=window.end,
        claims=MappingProxyType(dict(claims)),
    )


def _groups(claims: Mapping[str, JSON], paths: tuple[ClaimPath, ...]) -> frozenset[str]:
    found: set[str] = set()
    for path in paths:
        value = path.find(claims)
        if value is MISSING:
            continue
        items = value if isinstance(value, list) else [value]
        found.update(_name(item, f"each item of the token's {path}") for item in items)
        if len(found) > MAX_GROUPS:
            _claims(f"the token holds more than {MAX_GROUPS} groups")
    return frozenset(found)


def _name(value: object, what: str) -> str:
    """A text that can be shown and compared."""
    if not isinstance(value, str) or not printable(value):
        _claims(f"{what} is not printable text of 1 to {MAX_SUBJECT} characters")
    return value


def printable(value: object) -> bool:
    """Whether a name can stand in evidence and on a screen as it is (invariant 11)."""
    return isinstance(value, str) and 0 < len(value) <= MAX_SUBJECT and bool(value.strip()) and value.isprintable()


def accepts_subject(accepted: tuple[str, ...], subject: str) -> bool:
    """Whether an identity accepts this subject; `*` stands for any text. No list accepts everyone."""
    return not accepted or any(_matches(pattern, subject) for pattern in accepted)


def _matches(pattern: str, subject: str) -> bool:
    first, *rest = pattern.split("*")
    if not rest:
        return subject == pattern
    *middle, last = rest
    if not subject.startswith(first) or not subject.endswith(last) or len(subject) < len(first) + len(last):
        return False
    position, end = len(first), len(subject) - len(last)
    for piece in middle:
        found = subject.find(piece, position, end)
        if found < 0:
            return False
        position = found + len(piece)
    return True


def _claims(message: str) -> NoReturn:
    raise TokenRejected(Reason.TOKEN_CLAIMS, message)
