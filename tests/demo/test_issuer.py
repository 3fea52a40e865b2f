"""The local issuer signs what its published keys verify."""

from __future__ import annotations

import httpx
import jwt
import pytest

from interlock.demo.issuer import Issuer


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_the_issuers_tokens_verify_with_its_published_keys(algorithm: str) -> None:
    """Discovery leads to a key set that verifies what the issuer signs."""
    with Issuer() as issuer:
        found = httpx.get(f"{issuer.url}/.well-known/openid-configuration").json()
        token = issuer.token("erika", ["analyst"], algorithm=algorithm)
        key = jwt.PyJWKClient(found["jwks_uri"]).get_signing_key_from_jwt(token)

    claims = jwt.decode(token, key, algorithms=[algorithm], audience="interlock", issuer=found["issuer"])

    assert (claims["sub"], claims["groups"]) == ("erika", ["analyst"])


def test_rotation_replaces_every_key() -> None:
    """After it, no key id is one that was there before."""
    with Issuer() as issuer:
        before = {key["kid"] for key in issuer.jwks["keys"]}
        issuer.rotate()

        assert before.isdisjoint(key["kid"] for key in issuer.jwks["keys"])
