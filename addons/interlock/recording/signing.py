"""Ed25519 (RFC 8032) for tree heads: who signs, and who can check it with the public key alone.

A private key is PKCS#8 PEM (`openssl genpkey -algorithm ed25519`) or 32 bytes in base64; a public one is PEM
(`openssl pkey -pubout`) or 32 bytes in base64. A key is named by the first 16 hex digits of its
public half's SHA-256.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from interlock.errors import InterlockError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

__all__ = ["PublicKey", "Signer", "make_key", "read_private", "read_public"]

_LENGTH = 32
_ID = 16
_LARGEST = 8 << 10
_HINT = "make one with: openssl genpkey -algorithm ed25519 -out interlock-ed25519.pem"


class PublicKey:
    """Checks signatures. `id` names the key in heads."""

    __slots__ = ("_key", "id", "pem")

    def __init__(self, key: Ed25519PublicKey) -> None:
        from cryptography.hazmat.primitives import serialization

        self._key = key
        self.id = hashlib.sha256(key.public_bytes_raw()).hexdigest()[:_ID]
        spki = serialization.PublicFormat.SubjectPublicKeyInfo
        self.pem = key.public_bytes(serialization.Encoding.PEM, spki)

    def __repr__(self) -> str:
        return f"PublicKey({self.id})"

    def holds(self, signature: str, message: bytes) -> bool:
        """Whether the signature (base64) is this key's over the message. Never raises."""
        from cryptography.exceptions import InvalidSignature

        try:
            raw = base64.b64decode(signature, validate=True)
            if base64.b64encode(raw).decode() != signature:  # another spelling of the same bits is a change
                return False
            self._key.verify(raw, message)
        except (InvalidSignature, binascii.Error, ValueError):
            return False
        return True


class Signer:
    """Signs. Its repr names the key and shows nothing of it."""

    __slots__ = ("_key", "public")

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = PublicKey(key.public_key())

    def __repr__(self) -> str:
        return f"Signer({self.public.id})"

    def __reduce__(self) -> str:
        raise TypeError("a key is not pickled")

    def sign(self, message: bytes) -> str:
        """The signature in base64."""
        return base64.b64encode(self._key.sign(message)).decode()


def read_private(text: str) -> Signer:
    """The signer of a private key. Raises InterlockError, which repeats nothing of it."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = _loaded(text, private=True)
    if isinstance(key, bytes):
        key = Ed25519PrivateKey.from_private_bytes(key)
    if not isinstance(key, Ed25519PrivateKey):
        raise InterlockError("the key is none of Ed25519", hint=_HINT)
    return Signer(key)


def read_public(text: str) -> PublicKey:
    """The public key that a text holds. Raises InterlockError."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if "PRIVATE KEY" in text:
        hint = "give its public half, which openssl pkey -in KEY -pubout writes; keep the other to yourself"
        raise InterlockError("that is a private key", hint=hint)
    key = _loaded(text, private=False)
    if isinstance(key, bytes):
        key = Ed25519PublicKey.from_public_bytes(key)
    if not isinstance(key, Ed25519PublicKey):
        raise InterlockError("the key is none of Ed25519")
    return PublicKey(key)


def _loaded(text: str, *, private: bool) -> object:
    """A key of any kind, or 32 bytes."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization

    text = text.strip()
    try:
        if len(text) > _LARGEST:
            raise ValueError
        if text.startswith("-----BEGIN"):
            raw = text.replace("\\n", "\n").encode()  # as it stands in variables, which have no lines
            if private:
                return serialization.load_pem_private_key(raw, None)
            return serialization.load_pem_public_key(raw)
        raw = base64.b64decode(text, validate=True)
        if len(raw) != _LENGTH:
            raise ValueError
        return raw
    except (ValueError, TypeError, binascii.Error, UnsupportedAlgorithm):
        what = "PKCS#8 PEM without a password" if private else "PEM"
        message = f"the key is neither {what} nor 32 bytes in base64"
        raise InterlockError(message, hint=_HINT if private else "") from None


def make_key(path: Path) -> Signer:
    """The key in a file of its own, made when there is none, readable by the owner alone.

    Whoever comes first makes it, also of two at once. Raises InterlockError, OSError.
    """
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if not path.exists():
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            os.write(fd, pem)
            os.fsync(fd)
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            os.close(fd)
            fresh.unlink(missing_ok=True)
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(fd, "rb") as file:
        return read_private(file.read(_LARGEST).decode("latin-1"))
