"""Scheme `jwt`: access tokens signed by an OpenID Connect issuer (RFC 7519, RFC 8725, RFC 9068).

The issuer's own settings decide algorithm, type, audience and keys; the token only has to fit them.
"""

from __future__ import annotations

from functools import partial

from interlock.errors import TokenRejected
from interlock.identity.authenticators._jwt_entry import JwtIdentity, read_entry
from interlock.identity.binding import bound_thumbprint, check_binding
from interlock.identity.claims import accepts_subject, check_audience, check_kind, check_times, identify
from interlock.identity.compact import Compact
from interlock.identity.demo import parse_demo_key
from interlock.identity.identity import Authenticator, Identity, Scheme, Verified, World
from interlock.identity.keys import SYMMETRIC, parse_key_set, verify_signature
from interlock.identity.sources import FileKeys, KeySource, RemoteKeys
from interlock.reasons import Reason

__all__ = ["PART", "JwtAuthenticator", "JwtIdentity"]


class JwtAuthenticator(Authenticator):
    """Verifies the tokens of one issuer, with that issuer's keys alone."""

    def __init__(self, identity: JwtIdentity, world: World) -> None:
        super().__init__(identity)
        self._settings = identity
        self._clock = world.clock
        self._keys = _source(identity, world)

    def generation(self) -> int | None:
        """See Authenticator."""
        return self._keys.generation()

    async def token(self, compact: Compact, certificate: bytes | None) -> Verified:
        """See Authenticator. The signature comes before any claim, so that a forged token learns nothing from them."""
        settings = self._settings
        if compact.alg not in settings.algorithms:
            raise TokenRejected(Reason.TOKEN_ALGORITHM)
        if compact.typ not in settings.types:
            raise TokenRejected(Reason.TOKEN_TYPE)
        generation = await self.signature(compact)
        check_kind(compact.claims)
        check_audience(compact.claims, settings.audience)
        window = check_times(compact.claims, self._clock.now(), settings.skew, settings.max_age)
        wanted = bound_thumbprint(compact.claims)
        check_binding(wanted, certificate)
        principal = identify(settings.name, settings.issuer, settings.scheme, compact.claims, settings.mapping, window)
        if not accepts_subject(settings.subjects, principal.subject):
            raise TokenRejected(Reason.TOKEN_CLAIMS, "the subject is not one that this identity accepts")
        return Verified(principal, window.start, generation, wanted)

    async def signature(self, compact: Compact) -> int:
        """Check it with the issuer's keys alone; their generation. Raises TokenRejected."""
        keys, generation = await self._keys.keys_for(compact.kid)
        found = keys.find(compact.kid, compact.alg)
        if not found:
            why = keys.unusable.get(compact.kid) if compact.kid is not None else None
            if why is None and compact.kid is not None and keys.has(compact.kid):
                why = "the key is not for the token's algorithm"
            raise TokenRejected(Reason.TOKEN_KEY, f"the issuer's key cannot be used: {why}" if why else "")
        if not any(verify_signature(key, compact.alg, compact.signed, compact.signature) for key in found):
            raise TokenRejected(Reason.TOKEN_SIGNATURE)
        return generation


def _source(identity: JwtIdentity, world: World) -> KeySource:
    if identity.key is not None:
        return FileKeys(identity.key, parse_demo_key, identity.stale_for, world)
    if identity.keys is not None:
        symmetric = bool(identity.algorithms & SYMMETRIC)
        return FileKeys(identity.keys, partial(parse_key_set, symmetric=symmetric), identity.stale_for, world)
    return RemoteKeys(identity.issuer, identity.jwks_url, identity.stale_for, world)


def _open(identity: Identity, world: World) -> Authenticator:
    return JwtAuthenticator(identity, world) if isinstance(identity, JwtIdentity) else Authenticator(identity)


PART = Scheme(
    name="jwt",
    required=("issuer", "audience"),
    members=(
        "algorithms", "claims", "typ", "skew", "max_age", "stale_for", "jwks_url", "keys", "key",
    ),
    read=read_entry,
    open=_open,
)  # fmt: skip
