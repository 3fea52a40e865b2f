"""The memory of verified tokens: bounded, and without the tokens."""

from __future__ import annotations

from interlock.identity.cache import TokenCache
from interlock.identity.identity import Verified
from interlock.model import Principal, Secret

FOUND = Verified(Principal("corp", "i", "erika"))


def test_least_used_is_forgotten() -> None:
    """At its size the cache forgets what was not asked for longest."""
    cache = TokenCache(2)
    for name in ("a", "b"):
        cache.put(Secret(name), FOUND)
    assert cache.get(Secret("a")) is FOUND
    cache.put(Secret("c"), FOUND)
    assert cache.get(Secret("b")) is None
    assert cache.get(Secret("a")) is FOUND
    assert len(cache) == 2


def test_cache_holds_no_token() -> None:
    """A memory dump of the cache yields digests."""
    cache = TokenCache(2)
    cache.put(Secret("canary-token"), FOUND)
    assert "canary" not in repr(vars(cache))
    cache.drop(Secret("canary-token"))
    cache.drop(Secret("canary-token"))
    assert len(cache) == 0
