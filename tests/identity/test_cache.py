"""The memory of verified tokens: bounded, and without the tokens."""

from __future__ import annotations

from interlock.identity.cache import VerifiedCache, chain_digest, token_digest
from interlock.identity.identity import Verified
from interlock.model import Principal, Secret

FOUND = Verified(Principal("corp", "i", "erika"))


def test_least_used_is_forgotten() -> None:
    """At its size the cache forgets what was not asked for longest."""
    cache = VerifiedCache(2)
    for name in (b"a", b"b"):
        cache.put(name, FOUND)
    assert cache.get(b"a") is FOUND
    cache.put(b"c", FOUND)
    assert cache.get(b"b") is None
    assert cache.get(b"a") is FOUND
    assert len(cache) == 2


def test_cache_holds_no_token() -> None:
    """A memory dump of the cache yields digests."""
    cache = VerifiedCache(2)
    cache.put(token_digest(Secret("canary-token")), FOUND)
    assert "canary" not in repr(vars(cache))
    cache.drop(token_digest(Secret("canary-token")))
    cache.drop(token_digest(Secret("canary-token")))
    assert len(cache) == 0


def test_chains_are_told_apart_by_their_cuts() -> None:
    """The same bytes cut elsewhere are another chain."""
    assert len({chain_digest(chain) for chain in ([b"ab"], [b"a", b"b"], [b"ab", b""], [], [b""])}) == 5
