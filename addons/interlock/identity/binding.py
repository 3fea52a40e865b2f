"""Proof-of-possession: a `cnf` claim binds a token to a key (RFC 7800); what cannot be verified is refused."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from interlock.errors import TokenRejected
from interlock.identity.strict import b64url_decode
from interlock.model import JSON
from interlock.reasons import Reason

__all__ = ["bound_thumbprint", "check_binding", "thumbprint"]


def thumbprint(certificate: bytes) -> bytes:
    """SHA-256 of a certificate in DER (RFC 8705 section 3.1)."""
    return hashlib.sha256(certificate).digest()


def bound_thumbprint(claims: Mapping[str, JSON]) -> bytes:
    """The certificate thumbprint a token demands; empty if it demands nothing. Raises TokenRejected."""
    if "cnf" not in claims:
        return b""
    confirmation = claims["cnf"]
    if not isinstance(confirmation, dict) or set(confirmation) != {"x5t#S256"}:
        raise TokenRejected(Reason.TOKEN_BINDING, "the token is bound by a method other than a client certificate")
    value = confirmation["x5t#S256"]
    try:
        wanted = b64url_decode(value) if isinstance(value, str) else b""
    except ValueError:
        wanted = b""
    if len(wanted) != hashlib.sha256().digest_size:
        raise TokenRejected(Reason.TOKEN_BINDING, "the token's certificate thumbprint is malformed")
    return wanted


def check_binding(wanted: bytes, certificate: bytes | None) -> None:
    """Whether the presented client certificate is the one; an empty `wanted` binds nothing. Raises TokenRejected."""
    if wanted and not (certificate and hmac.compare_digest(wanted, thumbprint(certificate))):
        raise TokenRejected(Reason.TOKEN_BINDING)
