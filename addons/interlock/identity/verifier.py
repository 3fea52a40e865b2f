"""The verifier: a token or a client certificate in, a principal out, or TokenRejected.

The issuer is chosen by the token's exact `iss`, before anything is verified; from there on only that identity's
settings and keys count. A failure that nobody foresaw is a refusal too (invariant 1).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from interlock.errors import TokenRejected
from interlock.identity.binding import check_binding
from interlock.identity.cache import VerifiedCache, chain_digest, token_digest
from interlock.identity.compact import read_compact
from interlock.identity.document import schemes
from interlock.identity.identity import Authenticator, Identity, Limits, Verified, World
from interlock.identity.remedies import with_remedy
from interlock.model import Principal, Secret
from interlock.ports import Clock, Fetch
from interlock.reasons import Reason

__all__ = ["Verifier"]

MAX_CERTIFICATES = 10
MAX_CERTIFICATE = 32 * 1024


class Verifier:
    """Verifies for a fixed set of identities. For use within one event loop."""

    def __init__(
        self,
        identities: Iterable[Identity],
        fetch: Fetch,
        clock: Clock,
        *,
        limits: Limits | None = None,
        previous: Verifier | None = None,
    ) -> None:
        """`previous` is the verifier that this one replaces when rules are read again: identities that did not change
        keep their keys, so that a reload while an issuer is down locks nobody out. Findings are not carried over."""
        self._limits = limits or Limits()
        self._clock = clock
        self._world = World(fetch, clock, self._limits)
        opened = [self._open(identity, previous) for identity in identities]
        self._by_issuer: dict[str, Authenticator] = {each.identity.issuer: each for each in opened}
        self._by_certificate = [each for each in opened if each.by_certificate]
        self._tokens = VerifiedCache(self._limits.cache)
        self._chains = VerifiedCache(self._limits.cache)

    def _open(self, identity: Identity, previous: Verifier | None) -> Authenticator:
        before = previous._by_issuer.get(identity.issuer) if previous and previous._world == self._world else None
        if before is not None and before.identity == identity:
            return before
        return schemes()[identity.scheme].open(identity, self._world)

    async def verify(self, token: Secret, *, certificate: bytes | None = None) -> Principal:
        """The principal of a token. `certificate` is the client's leaf in DER, if it proved possession of one.

        Raises TokenRejected, and nothing else whatever the token's bytes are.
        """
        found = self.cached(token, certificate=certificate)
        if found is not None:
            return found
        try:
            return await self._verify(token, certificate)
        except TokenRejected as rejected:
            raise with_remedy(rejected) from None
        except Exception:
            raise TokenRejected(Reason.INTERNAL_ERROR, "the token could not be judged") from None

    async def _verify(self, token: Secret, certificate: bytes | None) -> Principal:
        compact = read_compact(token, self._limits.max_token)
        authenticator = self._by_issuer.get(compact.issuer)
        if authenticator is None:
            raise TokenRejected(Reason.TOKEN_ISSUER)
        verified = await authenticator.token(compact, certificate)
        self._tokens.put(token_digest(token), verified)
        return verified.principal

    def cached(self, token: Secret, *, certificate: bytes | None = None) -> Principal | None:
        """The principal of a token verified before, if time, keys and binding still allow it: the hot path.

        None says nothing about the token: `verify` does.
        """
        digest = token_digest(token)
        found = self._tokens.get(digest)
        if found is None:
            return None
        principal, now = found.principal, self._clock.now()
        authenticator = self._by_issuer.get(principal.issuer)
        if authenticator is None or now >= principal.expires:
            self._tokens.drop(digest)
            return None
        generation = authenticator.generation()
        if generation is None or now < found.not_before:
            return None
        if generation != found.generation:
            self._tokens.drop(digest)
            return None
        try:
            check_binding(found.thumbprint, certificate)
        except TokenRejected:
            return None
        return principal

    def verify_certificate(self, der_chain: Sequence[bytes]) -> Principal:
        """The principal of the certificate chain (DER, leaf first) whose leaf's key the client proved to hold.

        Raises TokenRejected (CERTIFICATE_REFUSED).
        """
        if len(der_chain) > MAX_CERTIFICATES or any(len(item) > MAX_CERTIFICATE for item in der_chain):
            raise with_remedy(TokenRejected(Reason.CERTIFICATE_REFUSED, "the client certificate chain is too large"))
        digest = chain_digest(der_chain)
        found = self._chains.get(digest)
        if found is None or not found.not_before <= self._clock.now() < found.principal.expires:
            found = self._certified(der_chain)
            self._chains.put(digest, found)
        return found.principal

    def _certified(self, der_chain: Sequence[bytes]) -> Verified:
        refusal = TokenRejected(Reason.CERTIFICATE_REFUSED, "no identity accepts client certificates")
        for authenticator in self._by_certificate:
            try:
                return authenticator.certificates(der_chain)
            except TokenRejected as rejected:
                refusal = rejected
            except Exception:
                refusal = TokenRejected(Reason.CERTIFICATE_REFUSED, "the client certificate could not be judged")
        raise with_remedy(refusal)

    def still_valid(self, principal: Principal, now: float) -> bool:
        """Whether a principal bound to a connection may go on at `now` (epoch seconds). `expires` includes the skew."""
        authenticator = self._by_issuer.get(principal.issuer)
        known = authenticator is not None and authenticator.identity.name == principal.identity
        return known and now < principal.expires
