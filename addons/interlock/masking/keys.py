"""Keys that follow from one master key: a session's, a connection's in it, and one a connection that outlives sessions.

HKDF with SHA-256 (RFC 5869): every gateway with the same master key derives the same keys, and none of them tells
anything of another. Every name goes in with its length, so that no two lists of names are one.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

__all__ = ["KEY_BYTES", "derive"]

KEY_BYTES = 32
_SALT = b"interlock masking v1"


def derive(key: bytes, purpose: str, *names: str) -> bytes:
    """The key (KEY_BYTES long) for one purpose and these names."""
    parts = [part.encode("utf-8", "surrogatepass") for part in (purpose, *names)]
    info = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=_SALT, info=info).derive(key)
