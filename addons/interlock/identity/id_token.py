"""ID tokens: what an issuer says of a person who has just signed in to the console (OpenID Connect Core 1.0).

They are never access tokens and access tokens are never ID tokens: the audience is the console's own client id, the
nonce is that of this very sign-in, and `auth_time` says when the person last proved who they are.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from interlock.errors import TokenRejected
from interlock.identity.authenticators._jwt_entry import JwtIdentity
from interlock.identity.authenticators.jwt import JwtAuthenticator
from interlock.identity.claims import accepts_subject, check_times, identify
from interlock.identity.compact import read_compact
from interlock.identity.identity import Identity, Limits, World
from interlock.model import JSON, Principal, Secret
from interlock.ports import Clock, Fetch
from interlock.reasons import Reason

__all__ = ["IdTokens", "SignedIn"]

_TYPES = frozenset({"jwt", "absent"})
_MAX_LIFETIME = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person, and when they last proved who they are (seconds since the epoch)."""

    principal: Principal
    at: float


class IdTokens:
    """Verifies the ID tokens that one issuer gives to one client."""

    def __init__(self, identity: Identity, client: str, fetch: Fetch, clock: Clock) -> None:
        """Raises TokenRejected (TOKEN_ISSUER) for an identity that signs nobody in: certificates, demo issuers."""
        if not isinstance(identity, JwtIdentity) or identity.demo or not client or client in identity.audience:
            raise TokenRejected(Reason.TOKEN_ISSUER, "nobody signs in by this identity and client id")
        limits = Limits()
        self._identity, self._client, self._clock = identity, client, clock
        self._max_token = limits.max_token
        self._keys = JwtAuthenticator(identity, World(fetch, clock, limits))

    async def verify(self, token: Secret, *, nonce: str, fresh: float) -> SignedIn:
        """Who signed in. Raises TokenRejected, also when that was longer than `fresh` seconds ago (0: whenever)."""
        identity, now = self._identity, self._clock.now()
        compact = read_compact(token, self._max_token)
        if compact.issuer != identity.issuer:
            raise TokenRejected(Reason.TOKEN_ISSUER)
        if compact.alg not in identity.algorithms:
            raise TokenRejected(Reason.TOKEN_ALGORITHM)
        if compact.typ not in _TYPES:
            raise TokenRejected(Reason.TOKEN_TYPE)
        await self._keys.signature(compact)
        claims = compact.claims
        self._for_this_client(claims)
        said = claims.get("nonce")
        if not nonce or not isinstance(said, str) or not hmac.compare_digest(said.encode(), nonce.encode()):
            _refuse("the ID token is not for this sign-in")
        window = check_times(claims, now, identity.skew, _MAX_LIFETIME)
        principal = identify(identity.name, identity.issuer, identity.scheme, claims, identity.mapping, window)
        if principal.acting_for or "act" in claims:
            _refuse("somebody who acts for another signs in as themself")
        if not accepts_subject(identity.subjects, principal.subject):
            _refuse("the subject is not one that this identity accepts")
        return SignedIn(principal, self._signed_in(claims, now, fresh))

    def _for_this_client(self, claims: Mapping[str, JSON]) -> None:
        """Core 1.0, section 3.1.3.7, steps 3 to 5, strictly: one audience, which is this client."""
        audience = claims.get("aud")
        if audience not in (self._client, [self._client]) or claims.get("azp", self._client) != self._client:
            raise TokenRejected(Reason.TOKEN_AUDIENCE)

    def _signed_in(self, claims: Mapping[str, JSON], now: float, fresh: float) -> float:
        at = claims.get("auth_time")
        if isinstance(at, bool) or not isinstance(at, int | float):
            if fresh:
                _refuse("the ID token does not say when its person signed in (auth_time)")
            return 0.0
        if at > now + self._identity.skew or (fresh and now - at > fresh + self._identity.skew):
            raise TokenRejected(Reason.TOKEN_TOO_OLD, "the sign-in is too long ago: sign in again")
        return min(float(at), now)


def _refuse(message: str) -> NoReturn:
    raise TokenRejected(Reason.TOKEN_CLAIMS, message)
