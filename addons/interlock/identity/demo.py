"""Issuers for trying things out: the identity holds its own private key, and tokens are minted on the spot.

Anyone who can read that file is anyone. Hence `demo: true`, and a gateway with such an identity on loopback only.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from interlock.errors import InterlockError
from interlock.identity.identity import Identity
from interlock.identity.keys import Key, KeySet
from interlock.identity.strict import b64url_encode
from interlock.model import JSON, Secret

__all__ = ["create_demo_key", "ensure_demo_keys", "is_demo", "mint", "parse_demo_key"]

MAX_LIFETIME = 24 * 3600.0
_OWN = frozenset({"iss", "aud", "iat", "nbf", "exp", "jti"})
_MEMBERS = {"RSA": ("e", "kty", "n"), "EC": ("crv", "kty", "x", "y"), "OKP": ("crv", "kty", "x")}


def is_demo(identities: Identity | Iterable[Identity]) -> bool:
    """Whether one of these can mint its own tokens, so that the gateway may listen on loopback only."""
    each = (identities,) if isinstance(identities, Identity) else identities
    return any(identity.demo for identity in each)


def create_demo_key(path: Path) -> None:
    """Writes a new P-256 private key, readable by its owner alone. Raises OSError; an existing file is kept."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    half = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
    try:
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
        os.link(half, path)  # whole or not at all, and never over an existing key
    finally:
        half.unlink(missing_ok=True)


def ensure_demo_keys(identities: Iterable[Identity]) -> None:
    """Makes the key of every demo identity that has none yet. Raises InterlockError where it cannot be written."""
    for identity in identities:
        path: Path | None = getattr(identity, "key", None)
        if not identity.demo or path is None or path.exists():
            continue
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            create_demo_key(path)
        except OSError as error:
            if path.exists():  # another process was quicker
                continue
            raise InterlockError(
                f"the key of demo identity {identity.name} cannot be written: {error.strerror}",
                hint="name a file under `key:` that can be",
            ) from None


def mint(identity: Identity, claims: Mapping[str, JSON], lifetime: float, *, now: float) -> Secret:
    """A token of a demo identity, good for `lifetime` seconds from `now` (epoch). Raises InterlockError.

    `claims` are the caller's own, such as sub and groups; issuer, audience and times are the identity's.
    """
    import jwt

    path: Path | None = getattr(identity, "key", None)
    if not identity.demo or path is None:
        raise InterlockError(f"{identity.name} is no demo identity", hint="only one with demo: true mints tokens")
    if not 0 < lifetime <= MAX_LIFETIME:
        raise InterlockError("a demo token lives for at most 24h", hint="ask for less")
    if fixed := sorted(_OWN.intersection(claims)):
        raise InterlockError(f"{fixed[0]} is set by the identity", hint="leave it out")
    private = _private(path)
    public = _key(private.public_key())
    audience: tuple[str, ...] = getattr(identity, "audience", ())
    payload: dict[str, Any] = {
        **claims,
        "iss": identity.issuer,
        "aud": audience[0] if audience else "",
        "iat": int(now),
        "exp": int(now + lifetime),
        "jti": uuid.uuid4().hex,
    }
    return Secret(jwt.encode(payload, private, public.algorithm, headers={"typ": "at+jwt", "kid": public.kid}))


def _private(path: Path) -> Any:
    from interlock.identity.sources import read_bounded

    try:
        return _load(read_bounded(path))
    except OSError as error:
        raise InterlockError(
            f"the demo key cannot be read: {error.strerror}", hint="a gateway that starts makes one"
        ) from None
    except ValueError as error:
        raise InterlockError(
            f"the demo key {error}", hint="remove the file: a gateway that starts makes a new one"
        ) from None


def parse_demo_key(raw: bytes) -> KeySet:
    """The public half of a private key in PEM, as the only key of a set. Raises ValueError."""
    return KeySet((_key(_load(raw).public_key()),), {}, hashlib.sha256(raw).digest())


def _load(raw: bytes) -> Any:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        private = load_pem_private_key(raw, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ValueError("is not an unencrypted private key in PEM") from None
    _key(private.public_key())
    return private


def _key(public: Any) -> Key:
    """A key with its algorithm, named by its thumbprint (RFC 7638)."""
    import jwt
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    if isinstance(public, rsa.RSAPublicKey) and public.key_size >= 2048:
        algorithm = "RS256"
    elif isinstance(public, ec.EllipticCurvePublicKey) and isinstance(public.curve, ec.SECP256R1):
        algorithm = "ES256"
    elif isinstance(public, ed25519.Ed25519PublicKey):
        algorithm = "EdDSA"
    else:
        raise ValueError("is neither P-256, Ed25519 nor RSA of 2048 bits or more")
    jwk: dict[str, Any] = json.loads(jwt.get_algorithm_by_name(algorithm).to_jwk(public))
    members = {name: jwk[name] for name in _MEMBERS[jwk["kty"]]}
    digest = hashlib.sha256(json.dumps(members, separators=(",", ":")).encode()).digest()
    return Key(b64url_encode(digest), jwk["kty"], jwk.get("crv", ""), algorithm, public)
