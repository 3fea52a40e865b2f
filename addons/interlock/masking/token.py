"""Tokens: reversible pseudonyms that keep equality, as in `<email:JBSWY3DPEHPK3PXP>`.

A token is the kind and 80 bits of HMAC-SHA-256 over kind and value under the session's key, in base32 (RFC 4648): the
same value has the same token in every turn and on every gateway with that key. Nobody can turn it back or make one
without the key; what it stands for is in the session's vault alone.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

__all__ = ["TOKEN", "TOKEN_BYTES", "kind_of", "spell"]

TOKEN = re.compile(r"<([a-z0-9](?:-?[a-z0-9]){0,63}):([A-Z2-7]{16})>")
"""Kind and digest. Kinds are detectors' and rules' names."""

TOKEN_BYTES = re.compile(rb"(?:<|\\u003[cC])[a-z0-9-]{1,128}:[A-Z2-7]{16}(?:>|\\u003[eE])|\\u00[2-7]")
"""What may be one in the text of a JSON body; any escape of a letter that it could hold counts."""

_BYTES = 10


def spell(kind: str, value: str, key: bytes) -> str:
    """The token of a value."""
    text = kind.encode() + b"\0" + value.encode("utf-8", "surrogatepass")
    return f"<{kind}:{base64.b32encode(hmac.digest(key, text, hashlib.sha256)[:_BYTES]).decode()}>"


def kind_of(token: str) -> str:
    """The kind that a token names."""
    return token[1 : token.index(":")]
