"""Keys of an issuer: JWK sets (RFC 7517) read strictly, keys chosen by id and algorithm, signatures verified.

The key decides what it may verify: its type, curve, size, `use`, `key_ops` and `alg` must all fit the algorithm,
so that a public key can never serve as an HMAC secret, nor an RS key for PS. Private members are never read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from interlock.identity.strict import b64url_decode, read_object
from interlock.model import JSON

__all__ = ["ALGORITHMS", "SYMMETRIC", "Key", "KeySet", "parse_key_set", "verify_signature"]

# Algorithm -> key type and, where the algorithm demands one, the curve (RFC 7518 section 3.1, RFC 8037).
ALGORITHMS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "RS256": ("RSA", ()), "RS384": ("RSA", ()), "RS512": ("RSA", ()),
    "PS256": ("RSA", ()), "PS384": ("RSA", ()), "PS512": ("RSA", ()),
    "ES256": ("EC", ("P-256",)), "ES384": ("EC", ("P-384",)), "ES512": ("EC", ("P-521",)),
    "EdDSA": ("OKP", ("Ed25519", "Ed448")),
    "HS256": ("oct", ()), "HS384": ("oct", ()), "HS512": ("oct", ()),
}  # fmt: skip
SYMMETRIC = frozenset({"HS256", "HS384", "HS512"})

MAX_SET = 256 * 1024
MAX_KEYS = 128
MAX_SAME = 4
MIN_RSA = 2048
MAX_RSA = 8192
_PUBLIC = {"RSA": ("kty", "n", "e"), "EC": ("kty", "crv", "x", "y"), "OKP": ("kty", "crv", "x"), "oct": ("kty", "k")}
_SHORTEST_SECRET = {"HS256": 32, "HS384": 48, "HS512": 64}


@dataclass(frozen=True, slots=True)
class Key:
    """One usable key. `algorithm` is empty where the set does not pin one; `public` is the library's key object."""

    kid: str | None
    kty: str
    curve: str
    algorithm: str
    public: Any = field(repr=False)

    def fits(self, algorithm: str) -> bool:
        """Whether this key may verify this algorithm."""
        kty, curves = ALGORITHMS.get(algorithm, ("", ()))
        if self.kty != kty or (curves and self.curve not in curves) or self.algorithm not in ("", algorithm):
            return False
        return kty != "oct" or len(self.public) >= _SHORTEST_SECRET[algorithm]


@dataclass(frozen=True, slots=True)
class KeySet:
    """An issuer's keys. `unusable` says, by kid, why a published key is not used; `digest` tells sets apart."""

    keys: tuple[Key, ...]
    unusable: Mapping[str, str]
    digest: bytes

    def has(self, kid: str | None) -> bool:
        """Whether the set names this key at all, usable or not."""
        return kid is None or kid in self.unusable or any(key.kid == kid for key in self.keys)

    def find(self, kid: str | None, algorithm: str) -> tuple[Key, ...]:
        """Keys that may verify: those of that id; without an id, the only one that fits, never one of several."""
        fitting = tuple(key for key in self.keys if key.fits(algorithm))
        if kid is None:
            return fitting if len(fitting) == 1 else ()
        return tuple(key for key in fitting if key.kid == kid)[:MAX_SAME]


def parse_key_set(raw: bytes, *, symmetric: bool = False) -> KeySet:
    """Reads a JWK set. Raises ValueError if it is none or holds no usable key.

    Symmetric keys count only where `symmetric` says that the operator asked for them and the set is a local file.
    """
    if len(raw) > MAX_SET:
        raise ValueError(f"is larger than {MAX_SET} bytes")
    entries = read_object(raw).get("keys")
    if not isinstance(entries, list):
        raise ValueError("is not a JWK set: it has no list named keys")  # noqa: TRY004
    if len(entries) > MAX_KEYS:
        raise ValueError(f"holds more than {MAX_KEYS} keys")
    keys: list[Key] = []
    unusable: dict[str, str] = {}
    for entry in entries:
        try:
            keys.append(_key(entry, symmetric))
        except ValueError as error:
            kid = entry.get("kid") if isinstance(entry, dict) else None
            unusable[kid if isinstance(kid, str) else ""] = str(error)
    if not keys:
        why = "; ".join(dict.fromkeys(unusable.values())) or "it is empty"
        raise ValueError(f"holds no usable key: {why}")
    return KeySet(tuple(keys), unusable, hashlib.sha256(raw).digest())


def _key(entry: JSON, symmetric: bool) -> Key:
    if not isinstance(entry, dict):
        raise ValueError("a key is not an object")  # noqa: TRY004
    kid, kty, curve, algorithm = (entry.get(name) for name in ("kid", "kty", "crv", "alg"))
    if kid is not None and not isinstance(kid, str):
        raise ValueError("a key's kid is not text")
    if not isinstance(kty, str) or kty not in _PUBLIC:
        raise ValueError("a key's type is not supported")
    if entry.get("use", "sig") != "sig":
        raise ValueError("a key is not for signatures")
    operations = entry.get("key_ops", ["verify"])
    if not isinstance(operations, list) or "verify" not in operations:
        raise ValueError("a key is not for verifying")
    if algorithm is not None and (not isinstance(algorithm, str) or algorithm not in ALGORITHMS):
        raise ValueError("a key is for an algorithm that is not supported")
    if kty == "oct" and not symmetric:
        raise ValueError("a symmetric key is accepted from a local file only, with an HS algorithm listed")
    public = _public({name: entry.get(name) for name in _PUBLIC[kty]})
    return Key(kid, kty, curve if isinstance(curve, str) else "", algorithm or "", public)


def _public(members: Mapping[str, JSON]) -> Any:
    """The library's key object, from the public members alone. Raises ValueError."""
    import jwt
    from cryptography.exceptions import UnsupportedAlgorithm
    from jwt.exceptions import PyJWTError

    values = {name: value for name, value in members.items() if isinstance(value, str)}
    if len(values) != len(members):
        raise ValueError("a key misses a member")
    for name in members.keys() - {"kty", "crv"}:
        b64url_decode(values[name])
    by_type = {"RSA": "RS256", "EC": "ES256", "OKP": "EdDSA", "oct": "HS256"}
    try:
        public: Any = jwt.get_algorithm_by_name(by_type[values["kty"]]).from_jwk(values)
    except (PyJWTError, ValueError, TypeError, ArithmeticError, NotImplementedError, UnsupportedAlgorithm):
        raise ValueError("a key cannot be read") from None
    if values["kty"] == "RSA":
        _check_rsa(public)
    return public


def _check_rsa(public: Any) -> None:
    if not MIN_RSA <= public.key_size <= MAX_RSA:
        raise ValueError(f"an RSA key is not between {MIN_RSA} and {MAX_RSA} bits long")
    exponent = public.public_numbers().e
    if exponent < 65537 or exponent.bit_length() > 64:
        raise ValueError("an RSA key's exponent is not between 65537 and 2^64")


def verify_signature(key: Key, algorithm: str, signed: bytes, signature: bytes) -> bool:
    """Whether this key made this signature. Anything the library cannot do is a no."""
    import jwt
    from cryptography.exceptions import UnsupportedAlgorithm
    from jwt.exceptions import PyJWTError

    if not key.fits(algorithm) or not signature:
        return False
    try:
        return jwt.get_algorithm_by_name(algorithm).verify(signed, key.public, signature) is True
    except (PyJWTError, ValueError, TypeError, ArithmeticError, NotImplementedError, UnsupportedAlgorithm):
        return False
