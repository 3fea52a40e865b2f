"""A vault's rows as a store may see them: AES-256-GCM (RFC 5116) under a key of the session alone."""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from interlock.masking.keys import derive
from interlock.ports import VaultRow

__all__ = ["Seal"]

_NONCE = 12


class Seal:
    """Seals values of one session. A row that was moved, or whose token or origin was changed, does not open."""

    __slots__ = ("_cipher", "session")

    def __init__(self, key: bytes) -> None:
        """`key` is the session's."""
        self._cipher = AESGCM(derive(key, "vault"))
        self.session = derive(key, "vault session").hex()[:32]

    def close(self, token: str, origin: str, value: str) -> bytes:
        """The value, sealed, under a nonce of its own."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, value.encode("utf-8"), self._bound(token, origin))

    def open(self, row: VaultRow) -> str | None:
        """The value of a row, or None for one that was not sealed here in this way."""
        nonce, text = row.sealed[:_NONCE], row.sealed[_NONCE:]
        try:
            return self._cipher.decrypt(nonce, text, self._bound(row.token, row.origin)).decode("utf-8")
        except (InvalidTag, ValueError):
            return None

    def _bound(self, token: str, origin: str) -> bytes:
        return "\0".join((self.session, token, origin)).encode("utf-8", "surrogatepass")
