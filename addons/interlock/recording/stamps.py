"""Time-stamps of tree heads by RFC 3161: what a time-stamper is asked, and whether its answer holds.

The answer, as it came, is kept beside the heads, so that `openssl ts -verify` can check it too. Needs the extra
`timestamps`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from interlock.errors import InterlockError
from interlock.recording.event import stamp

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampRequest

__all__ = ["Asked", "ask", "read_authorities", "time_of"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was made: its bytes (DER), and what the answer must repeat."""

    der: bytes
    request: TimeStampRequest


def ask(line: bytes) -> Asked:
    """A request to stamp the SHA-256 of a head. Raises InterlockError without the extra."""
    try:
        from rfc3161_client import HashAlgorithm, TimestampRequestBuilder
    except ImportError:
        hint = "pip install 'interlock[timestamps]'"
        raise InterlockError("time-stamps need the package rfc3161-client", hint=hint) from None
    builder = TimestampRequestBuilder().data(line).hash_algorithm(HashAlgorithm.SHA256)
    request = builder.nonce(nonce=True).cert_request(cert_request=True).build()
    return Asked(request.as_bytes(), request)


def read_authorities(pem: bytes) -> list[Certificate]:
    """The certificates in a PEM file. Raises OSError for one that holds none."""
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return load_pem_x509_certificates(pem)
    except ValueError:
        raise OSError("the file of authorities holds no certificates") from None


def time_of(answer: bytes, line: bytes, authorities: Sequence[Certificate], asked: Asked | None = None) -> str:
    """When a head was stamped (RFC 3339, UTC). Raises OSError for an answer that is not about it, or does not hold.

    Without authorities nobody's signature is checked, only that it is about this head. InterlockError without the
    extra.
    """
    try:
        from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response
    except ImportError:
        raise InterlockError("time-stamps need the package rfc3161-client") from None
    try:
        response = decode_timestamp_response(answer)
        if response.tst_info.message_imprint.message != hashlib.sha256(line).digest():
            raise OSError("the time-stamp is of something else")
        if authorities:
            builder = VerifierBuilder(roots=list(authorities))
            if asked is not None and asked.request.nonce is not None:
                builder = builder.nonce(asked.request.nonce)
            builder.build().verify_message(response, line)
        return stamp(response.tst_info.gen_time.timestamp())
    except (VerificationError, ValueError, AttributeError, OverflowError) as error:
        raise OSError(f"the time-stamp does not hold: {error}") from None
