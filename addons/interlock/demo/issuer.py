"""A local OIDC issuer: discovery and JWKS over loopback HTTP, keys made at start, tokens for anyone.

It signs with RS256 or ES256 as RFC 9068 access tokens (`typ: at+jwt`). Its keys exist in memory alone.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from interlock.demo.serving import Reply, Request, Served
from interlock.model import JSON

__all__ = ["AUDIENCE", "Issuer"]

AUDIENCE = "interlock"


class Issuer(Served):
    """`with Issuer() as issuer: issuer.token("erika", ["analyst"])`."""

    def __init__(self, *, port: int = 0) -> None:
        super().__init__(port=port)
        self._keys: dict[str, tuple[str, Any]] = {}
        self.rotate()

    @property
    def jwks(self) -> dict[str, JSON]:
        """The public keys (RFC 7517)."""
        return {"keys": [_public(kid, algorithm, key) for kid, (algorithm, key) in self._keys.items()]}

    def rotate(self) -> None:
        """Replace both keys by new ones with new key ids."""
        self._keys = {
            f"rsa-{uuid.uuid4().hex[:8]}": ("RS256", rsa.generate_private_key(65537, 2048)),
            f"ec-{uuid.uuid4().hex[:8]}": ("ES256", ec.generate_private_key(ec.SECP256R1())),
        }

    def token(
        self,
        subject: str,
        groups: Sequence[str] = (),
        *,
        lasts: float = 600,
        age: float = 0,
        algorithm: str = "ES256",
        **claims: JSON,
    ) -> str:
        """A signed access token. Both in seconds: `lasts` from now (may be negative), `age` of its `iat`."""
        now = time.time()
        return self.signed({
            "iss": self.url, "sub": subject, "aud": AUDIENCE, "groups": list(groups), "jti": uuid.uuid4().hex,
            "iat": int(now - age), "nbf": int(now - age), "exp": int(now + lasts), **claims,
        }, algorithm)  # fmt: skip

    def signed(self, claims: Mapping[str, JSON], algorithm: str = "ES256", typ: str = "at+jwt") -> str:
        """A token with these claims and no others."""
        kid, key = next((kid, key) for kid, (name, key) in self._keys.items() if name == algorithm)
        return jwt.encode(dict(claims), key, algorithm=algorithm, headers={"kid": kid, "typ": typ})

    def answer(self, request: Request) -> Reply:
        """Discovery (OpenID Connect Discovery 1.0, RFC 8414) and the key set."""
        if request.path in ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"):
            return Reply.of({
                "issuer": self.url, "jwks_uri": f"{self.url}/jwks", "token_endpoint": f"{self.url}/token",
                "response_types_supported": ["token"], "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            })  # fmt: skip
        if request.path == "/jwks":
            return Reply.of(self.jwks)
        return Reply.of({"error": "not_found"}, 404)


def _public(kid: str, algorithm: str, key: Any) -> JSON:
    maker = RSAAlgorithm if algorithm == "RS256" else ECAlgorithm
    public: dict[str, JSON] = json.loads(maker.to_jwk(key.public_key()))
    return {**public, "kid": kid, "alg": algorithm, "use": "sig"}
