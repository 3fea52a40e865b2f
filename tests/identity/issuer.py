"""An issuer for tests: keys, forged tokens, a fetch that counts, a clock that stands still."""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from interlock.errors import TokenRejected
from interlock.identity import Identity, Verifier, read_identities
from interlock.identity.identity import Limits
from interlock.model import Principal, Secret
from interlock.reasons import Reason
from interlock.schema import Reader
from interlock.source import read_yaml_text

ISSUER = "https://idp.example.com"
NOW = 1_800_000_000.0


class Clock:
    """Time moves only when told to."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time - NOW


class Web:
    """Serves documents by address and counts what was asked; a missing document is an unreachable issuer."""

    def __init__(self, documents: dict[str, Any] | None = None) -> None:
        self.documents = documents if documents is not None else {}
        self.asked: list[str] = []
        self.before: Callable[[], Any] | None = None

    async def __call__(self, url: str) -> bytes:
        self.asked.append(url)
        if self.before is not None:
            await self.before()
        if url not in self.documents:
            raise OSError("no such host")
        document = self.documents[url]
        return document if isinstance(document, bytes) else json.dumps(document).encode()


@functools.cache
def rsa_key(name: str = "one", bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


@functools.cache
def ec_key(name: str = "one", curve: type[ec.EllipticCurve] = ec.SECP256R1) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(curve())


@functools.cache
def ed_key(name: str = "one") -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.generate()


_FAMILY = {"R": "RS256", "P": "RS256", "E": "ES256"}


def jwk(private: Any, kid: str | None, **members: Any) -> dict[str, Any]:
    """The public half as a JWK."""
    name = "RS256" if isinstance(private, rsa.RSAPrivateKey) else "ES256"
    name = "EdDSA" if isinstance(private, ed25519.Ed25519PrivateKey) else name
    found: dict[str, Any] = json.loads(jwt.get_algorithm_by_name(name).to_jwk(private.public_key()))
    found.pop("key_ops", None)
    return {**found, **({} if kid is None else {"kid": kid}), **members}


def pem(private: Any) -> bytes:
    return private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def public_pem(private: Any) -> bytes:
    return private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def b64(raw: bytes | dict[str, Any] | str) -> str:
    if isinstance(raw, dict):
        raw = json.dumps(raw)
    if isinstance(raw, str):
        raw = raw.encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def claims(**members: Any) -> dict[str, Any]:
    """What a good access token says; a member set to `...` is left out."""
    base = {"iss": ISSUER, "aud": "interlock", "sub": "erika", "iat": int(NOW), "exp": int(NOW) + 600}
    return {name: value for name, value in {**base, **members}.items() if value is not ...}


def header(**members: Any) -> dict[str, Any]:
    base = {"alg": "RS256", "typ": "at+jwt", "kid": "k1"}
    return {name: value for name, value in {**base, **members}.items() if value is not ...}


def forge(
    head: dict[str, Any] | str | bytes,
    body: dict[str, Any] | str | bytes,
    private: Any = None,
    algorithm: str | None = None,
) -> Secret:
    """A token with exactly this header and body, signed with `private` by `algorithm` (default: the header's)."""
    signed = f"{b64(head)}.{b64(body)}"
    name = algorithm or (head["alg"] if isinstance(head, dict) else "RS256")
    if isinstance(private, bytes):
        signature = hmac.new(
            private, signed.encode(), {"HS256": hashlib.sha256, "HS512": hashlib.sha512}[name]
        ).digest()
    else:
        signature = jwt.get_algorithm_by_name(name).sign(signed.encode(), private)
    return Secret(f"{signed}.{b64(signature)}")


def token(**members: Any) -> Secret:
    """A good token; members override claims."""
    return forge(header(), claims(**members), rsa_key())


def read(text: str, base: Path = Path()) -> tuple[Identity, ...]:
    """The identities of a YAML list; raises RulesInvalid."""
    reader = Reader()
    found = read_identities(read_yaml_text(text, "rules/test.yaml"), reader, base)
    reader.finish()
    return found


CORP = f"""
- name: corp
  issuer: {ISSUER}
  audience: interlock
  algorithms: [RS256, PS256, ES256, EdDSA]
  claims: {{subject: sub, groups: groups}}
"""


def discovery(issuer: str = ISSUER, **members: Any) -> dict[str, Any]:
    return {"issuer": issuer, "jwks_uri": f"{issuer}/keys", **members}


def web(*keys: dict[str, Any], issuer: str = ISSUER) -> Web:
    """An issuer that publishes these keys (default: one RSA key, k1)."""
    published = list(keys) or [jwk(rsa_key(), "k1")]
    return Web(
        {
            f"{issuer}/.well-known/openid-configuration": discovery(issuer),
            f"{issuer}/keys": {"keys": published},
        }
    )


class Bench:
    """A verifier with its clock and its web."""

    def __init__(
        self, text: str = CORP, site: Web | None = None, base: Path = Path(), limits: Limits | None = None
    ) -> None:
        self.clock = Clock()
        self.web = site if site is not None else web()
        self.identities = read(text, base)
        self.verifier = Verifier(self.identities, self.web, self.clock, limits=limits)

    async def accepts(self, candidate: Secret, *, certificate: bytes | None = None) -> Principal:
        return await self.verifier.verify(candidate, certificate=certificate)

    async def refuses(self, candidate: Secret, *, certificate: bytes | None = None) -> tuple[Reason, str]:
        """Reason and message of the refusal, neither of which may hold the token or its signature."""
        try:
            principal = await self.verifier.verify(candidate, certificate=certificate)
        except TokenRejected as rejected:
            last = candidate.reveal().rpartition(".")[2]
            if len(last) > 8 and (last in str(rejected) or last in rejected.hint):
                raise AssertionError("the refusal repeats the token") from None
            return rejected.reason, str(rejected)
        raise AssertionError(f"accepted as {principal}")

    async def reason(self, candidate: Secret, **more: Any) -> Reason:
        return (await self.refuses(candidate, **more))[0]


def merged(web_sites: Sequence[Web]) -> Web:
    """Several issuers on one web."""
    return Web({url: document for site in web_sites for url, document in site.documents.items()})
